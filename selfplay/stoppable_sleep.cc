#include "selfplay/stoppable_sleep.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace selfplay {

bool SleepUnlessStopped(const std::stop_token& stop,
                        std::chrono::milliseconds duration) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace selfplay
