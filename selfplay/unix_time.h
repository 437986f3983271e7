#ifndef SELFPLAY_UNIX_TIME_H_
#define SELFPLAY_UNIX_TIME_H_

#include <chrono>

namespace selfplay {

// Seconds since 1970, now: what metrics and the store date things with.
inline double UnixSeconds() {
  return std::chrono::duration<double>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace selfplay

#endif  // SELFPLAY_UNIX_TIME_H_
