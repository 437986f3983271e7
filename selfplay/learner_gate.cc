#include "selfplay/learner_gate.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "selfplay/experience_store.h"
#include "selfplay/rate_limit.h"
#include "selfplay/stoppable_sleep.h"

namespace selfplay {
namespace {

constexpr std::chrono::milliseconds kShortestWait(10);
constexpr std::chrono::milliseconds kLongestWait(500);
// Where worker and learner take turns, each waits for the other to notice.
constexpr std::chrono::milliseconds kLongestWaitInTurns(20);

}  // namespace

absl::StatusOr<RunProgress> ReadProgress(ExperienceStore& store) {
  const absl::StatusOr<std::optional<std::string>> samples =
      store.Setting(kLearnerSamplesSetting);
  if (!samples.ok()) return samples.status();
  const absl::StatusOr<StoreCounts> counts = store.Counts();
  if (!counts.ok()) return counts.status();
  RunProgress progress = {.episodes = counts->episodes,
                          .steps_inserted = counts->steps};
  if (!samples->has_value()) return progress;
  if (!absl::SimpleAtoi(**samples, &progress.samples_drawn) ||
      progress.samples_drawn < 0) {
    return absl::DataLossError(
        absl::StrCat("the store's setting ", kLearnerSamplesSetting, " is '",
                     **samples, "', which is no number of steps"));
  }
  return progress;
}

absl::Status LearnerGate::WaitToBegin(const std::stop_token& stop) {
  const std::chrono::milliseconds longest_wait =
      config_.max_ahead == 0 ? kLongestWaitInTurns : kLongestWait;
  std::chrono::milliseconds wait = kShortestWait;
  while (!stop.stop_requested()) {
    const absl::StatusOr<RunProgress> progress = ReadProgress(store_);
    if (!progress.ok()) return progress.status();
    if (MayInsert(*progress, config_)) return absl::OkStatus();
    SleepUnlessStopped(stop, wait);
    wait = std::min(2 * wait, longest_wait);
  }
  return absl::CancelledError("stopped while waiting for the learner");
}

}  // namespace selfplay
