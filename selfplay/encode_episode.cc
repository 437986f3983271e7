#include "selfplay/encode_episode.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/episode.h"
#include "muzero/model.h"
#include "selfplay/action_space.h"
#include "selfplay/auxiliary.h"
#include "selfplay/encode_tracker.h"
#include "selfplay/features.h"
#include "selfplay/frame_history.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameType;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// Observations before the steps `first` to `end` - 1.
absl::StatusOr<std::vector<muzero::Observation>> Rebuild(
    const EncodeEpisode& episode, absl::Span<const FirstPassFrameStats> stats,
    size_t first, size_t end) {
  EncodeTracker tracker(episode.sequence, episode.tracker);
  absl::Status status = tracker.OnFirstPassStats(stats);
  std::vector<muzero::Observation> observations;
  observations.reserve(end - first);
  for (size_t i = 0; i < end && status.ok(); ++i) {
    status = tracker.Announce(episode.steps[i].frame);
    if (!status.ok()) break;
    if (i >= first) observations.push_back(tracker.Observe());
    status = tracker.OnFrameEncoded(episode.steps[i].result);
  }
  if (!status.ok()) return status;
  return observations;
}

// What is true of the episode from any of its states on.
std::vector<float> EpisodeAuxiliary(const EncodeOutcome& outcome) {
  std::vector<float> auxiliary(kNumAuxiliary, kUnknown);
  auxiliary[kFinalLogBitsFraction] =
      static_cast<float>(std::log(std::max(outcome.bits_fraction, 1e-3)));
  auxiliary[kFinalPsnrDb] = static_cast<float>(outcome.mean_psnr_db);
  return auxiliary;
}

}  // namespace

absl::StatusOr<std::vector<muzero::Observation>> RebuildObservations(
    const EncodeEpisode& episode, absl::Span<const FirstPassFrameStats> stats) {
  return Rebuild(episode, stats, 0, episode.steps.size());
}

absl::StatusOr<muzero::Observation> RebuildObservation(
    const EncodeEpisode& episode, absl::Span<const FirstPassFrameStats> stats,
    int step) {
  if (step < 0 || static_cast<size_t>(step) >= episode.steps.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "step ", step, " of an episode of ", episode.steps.size(), " steps"));
  }
  const auto first = static_cast<size_t>(step);
  absl::StatusOr<std::vector<muzero::Observation>> observations =
      Rebuild(episode, stats, first, first + 1);
  if (!observations.ok()) return observations.status();
  return std::move(observations->front());
}

muzero::Episode MakeEpisode(const EncodeEpisode& episode,
                            absl::Span<const muzero::Observation> observations,
                            float reward) {
  assert(observations.size() == episode.steps.size());
  const double pixels =
      static_cast<double>(episode.sequence.width) * episode.sequence.height;
  muzero::Episode made;
  made.initial_auxiliary = EpisodeAuxiliary(episode.outcome);
  made.steps.reserve(episode.steps.size());
  for (size_t i = 0; i < episode.steps.size(); ++i) {
    const EncodeStep& step = episode.steps[i];
    const double feedback_log_step =
        double{observations[i].context[kFeedbackLogStep]};
    std::vector<float> auxiliary = made.initial_auxiliary;
    auxiliary[kFrameLogBpp] = static_cast<float>(LogBpp(step.result, pixels));
    if (step.frame.type != FrameType::kAltRef) {
      auxiliary[kFramePsnrDb] = static_cast<float>(PsnrDb(step.result));
    }
    const int q_index = step.result.q_index;
    made.steps.push_back(
        {.action = ActionOfQIndex(q_index, feedback_log_step),
         .root_value = step.root_value,
         .search_policy = step.is_example
                              ? ExamplePolicy(q_index, feedback_log_step)
                              : step.search_policy,
         .auxiliary = std::move(auxiliary)});
  }
  if (!made.steps.empty()) made.steps.back().reward = reward;
  return made;
}

}  // namespace selfplay
