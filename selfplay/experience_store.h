#ifndef SELFPLAY_EXPERIENCE_STORE_H_
#define SELFPLAY_EXPERIENCE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"

namespace selfplay {

inline constexpr size_t kMaxWeightsBytes = size_t{64} << 20;
inline constexpr size_t kMaxSettingBytes = size_t{1} << 20;
inline constexpr size_t kMaxMetricsBytes = size_t{64} << 10;  // Of one line.

// What the store made of a delivered episode.
struct EpisodeReceipt {
  bool is_duplicate = false;  // It was there already; nothing changed.
  // Place in the order in which episodes were stored: 1, 2, 3, ...
  int64_t sequence = 0;
  History before;     // Of its pair, without it.
  double reward = 0;  // Against that history.
};

struct StoredEpisode {
  int64_t sequence = 0;
  double reward = 0;     // When it was stored.
  double stored_at = 0;  // Seconds since 1970.
  PlayedEpisode episode;
};

// One line of metrics, docs/operations.md.
struct MetricsLine {
  double time = 0;   // Seconds since 1970.
  std::string role;  // "learner", "worker", "evaluation".
  std::string json;  // One JSON object.
};

// How far a run has come, by the store alone.
struct StoreCounts {
  int64_t episodes = 0;         // Ever stored, pruned ones among them.
  int64_t kept_episodes = 0;    // Not pruned.
  int64_t steps = 0;            // Of all episodes ever stored.
  int64_t tickets = 0;          // Ever taken; returned ones count once.
  int64_t weights_version = 0;  // Newest; 0: none yet.
  int64_t refused = 0;          // Deliveries that were no episodes.
};

// All of a training run that has to survive, and that learner and workers tell
// each other: they know no other way.  SQLite in a file, or PostgreSQL.
//
// Whatever returned OK is on disk.  Each call is one transaction: it happened
// whole or not at all, whoever is killed meanwhile.  Calls are repeated where
// the database was away or busy, for as long as OpenOptions say; the error is
// Unavailable then.
//
// Thread-safe.
class ExperienceStore {
 public:
  struct OpenOptions {
    int connections = 4;        // PostgreSQL: at once, of this object.
    double retry_seconds = 30;  // For how long a call is repeated.
    // The store must be there, and nothing in it is changed: for those who
    // look at a run.  Calls that write fail.
    bool is_read_only = false;
    // Once it is requested, no call is repeated any more: whoever waits for a
    // database that is away gets Unavailable.  Calls still work if it is there.
    std::stop_token stop;
  };

  // `url` is sqlite:PATH, or postgresql://... as libpq reads it.  Makes the
  // tables, or brings them to this version of the schema.
  // Errors: InvalidArgument for another URL; FailedPrecondition if the schema
  // is newer than this program; Unavailable if there is no database; NotFound
  // if a store that is_read_only has no tables, or no file.  None of them tells
  // a password.
  static absl::StatusOr<std::unique_ptr<ExperienceStore>> Open(
      const std::string& url, const OpenOptions& options);

  virtual ~ExperienceStore() = default;

  // The number of the next episode to play: 0, 1, 2, ...; those that were
  // returned come first, the lowest of them before the others.  Never given to
  // two at once.
  virtual absl::StatusOr<int64_t> TakeTicket() = 0;
  // Lets a ticket be taken again, whose episode is not going to be stored.
  virtual absl::Status ReturnTicket(int64_t ticket) = 0;

  // First-pass statistics, kept once for all episodes of a clip at a size.
  // Returns their SHA-256, which names them.
  virtual absl::StatusOr<std::string> PutFirstPass(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) = 0;
  // NotFound if there are none of that name.
  virtual absl::StatusOr<std::vector<encoder_bridge::FirstPassFrameStats>>
  FirstPass(absl::string_view sha256) = 0;

  // Stores an episode and updates its pair's history, in one.  An id that is
  // there already, even of an episode that was pruned, changes nothing and is
  // OK: a delivery may be repeated until there is an answer.
  // InvalidArgument, and counted as refused, if it breaks the limits of
  // episode_codec.h or its first pass is not there, or shorter.
  virtual absl::StatusOr<EpisodeReceipt> AddEpisode(
      const PlayedEpisode& episode, const SelfCompetitionConfig& config) = 0;

  // Up to `limit` kept episodes with a sequence above `sequence`, in order.
  // What is in a sequence never changes, and nothing is ever stored below one
  // that was read.  An entry that cannot be parsed is left out and counted as
  // refused.
  virtual absl::StatusOr<std::vector<StoredEpisode>> EpisodesAfter(
      int64_t sequence, int limit) = 0;

  virtual absl::StatusOr<std::map<Pair, History>> Histories() = 0;

  // Versions are 1, 2, 3, ...; publishing one that is there already with the
  // same bytes is OK, with others AlreadyExists.
  virtual absl::Status PublishWeights(int64_t version,
                                      absl::string_view bytes) = 0;
  virtual absl::StatusOr<int64_t> NewestWeightsVersion() = 0;  // 0: none.
  // NotFound; DataLoss if they do not have the SHA-256 they were stored with.
  virtual absl::StatusOr<std::string> Weights(int64_t version) = 0;

  // Named texts of the run, such as its configuration.  InvalidArgument if
  // they are not UTF-8, or too long.
  virtual absl::Status PutSetting(absl::string_view name,
                                  absl::string_view value) = 0;
  // As PutSetting(), unless there is one of that name.  Returns what is there
  // now.
  virtual absl::StatusOr<std::string> PutSettingOnce(
      absl::string_view name, absl::string_view value) = 0;
  virtual absl::StatusOr<std::optional<std::string>> Setting(
      absl::string_view name) = 0;

  virtual absl::Status AddMetrics(const MetricsLine& line) = 0;
  // The newest `limit` lines of `role`, oldest first.
  virtual absl::StatusOr<std::vector<MetricsLine>> Metrics(
      absl::string_view role, int limit) = 0;

  virtual absl::StatusOr<StoreCounts> Counts() = 0;

  // Forgets the oldest episodes, but for the newest `keep_episodes`, and the
  // oldest weights, but for the newest `keep_weights`; averages and counts
  // stay.  REQUIRES: both >= 1.
  virtual absl::Status Prune(int64_t keep_episodes, int64_t keep_weights) = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_EXPERIENCE_STORE_H_
