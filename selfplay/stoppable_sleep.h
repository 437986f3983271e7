#ifndef SELFPLAY_STOPPABLE_SLEEP_H_
#define SELFPLAY_STOPPABLE_SLEEP_H_

#include <chrono>
#include <stop_token>

namespace selfplay {

// Waits for `duration`, or until `stop` is requested if that comes first.
// Returns whether it was not.
bool SleepUnlessStopped(const std::stop_token& stop,
                        std::chrono::milliseconds duration);

}  // namespace selfplay

#endif  // SELFPLAY_STOPPABLE_SLEEP_H_
