#ifndef CLI_RECENT_EPISODES_H_
#define CLI_RECENT_EPISODES_H_

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "selfplay/worker_events.h"

namespace cli {

// What the progress line says of episodes: the newest of this process.
// Thread-safe.
class RecentEpisodes {
 public:
  void Add(const selfplay::EpisodeEvent& event);
  // "win 52%  over 1%: 12%", or nothing if there is none yet.
  std::string Text() const;
  int64_t count() const;  // Ever added.

 private:
  struct Entry {
    bool has_won = false;
    bool has_overshot = false;
  };

  mutable std::mutex mutex_;
  std::deque<Entry> entries_;  // Guarded by mutex_.
  int64_t count_ = 0;          // Guarded by mutex_.
};

}  // namespace cli

#endif  // CLI_RECENT_EPISODES_H_
