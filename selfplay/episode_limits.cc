// CheckPlayedEpisode(): what an episode can be.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/action_space.h"
#include "selfplay/episode_codec.h"
#include "selfplay/plain_text.h"
#include "selfplay/played_episode.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;

constexpr double kMaxSide = 65'536;  // VP9's, in pixels.
constexpr double kMaxFrameRate = 1000;
constexpr double kMaxKbps = 1e7;
constexpr double kMaxSeconds = 1e7;
constexpr double kMaxDb = 1000;            // libvpx's own end at 100.
constexpr double kMaxBits = 1e12;          // Of a frame.
constexpr double kMaxPixels = 2e10;        // Of a frame, three planes.
constexpr double kMaxSse = 1.4e15;         // 255^2 of each.
constexpr double kMaxFraction = 1e9;       // Of the target.
constexpr double kMaxValue = 1e6;          // A search's; they are in [-1, 1].
constexpr double kPolicyTolerance = 0.01;  // Of a sum of 255 floats.

// Written so that NaN is refused.
absl::Status CheckRange(absl::string_view field, double value, double lowest,
                        double highest) {
  if (value >= lowest && value <= highest) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, " is ", value, ", wanted ", lowest, " to ", highest));
}

absl::Status CheckPositive(absl::string_view field, double value,
                           double highest) {
  if (value > 0) return CheckRange(field, value, 0, highest);
  return absl::InvalidArgumentError(
      absl::StrCat(field, " is ", value, ", wanted a number > 0"));
}

absl::Status CheckSha256(absl::string_view sha256) {
  if (sha256.size() == 64 &&
      sha256.find_first_not_of("0123456789abcdef") == sha256.npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "first_pass is not a SHA-256 in lower-case hexadecimal digits");
}

absl::Status CheckLabels(const PlayedEpisode& episode) {
  absl::Status status = CheckPlainText("id", episode.id, 1, kMaxEpisodeIdBytes);
  status.Update(
      CheckPlainText("clip", episode.pair.clip, 1, kMaxClipNameBytes));
  status.Update(
      CheckPlainText("worker", episode.worker, 0, kMaxWorkerNameBytes));
  status.Update(CheckSha256(episode.first_pass));
  status.Update(CheckRange("target_bitrate_kbps",
                           episode.pair.target_bitrate_kbps, 1, kMaxKbps));
  status.Update(CheckRange("weights_version",
                           static_cast<double>(episode.weights_version), 0,
                           1e15));
  status.Update(CheckRange("seconds", episode.seconds, 0, kMaxSeconds));
  status.Update(
      CheckRange("quality", episode.outcome.quality, -kMaxDb, kMaxDb));
  status.Update(
      CheckRange("overshoot", episode.outcome.overshoot, 0, kMaxFraction));
  return status;
}

absl::Status CheckSequence(const SequenceInfo& sequence) {
  absl::Status status = CheckRange("width", sequence.width, 1, kMaxSide);
  status.Update(CheckRange("height", sequence.height, 1, kMaxSide));
  status.Update(
      CheckPositive("frame_rate", sequence.frame_rate, kMaxFrameRate));
  status.Update(CheckRange("num_frames", sequence.num_frames, 1,
                           double{kMaxEpisodeSteps}));
  status.Update(CheckPositive("sequence's target_bitrate_kbps",
                              sequence.target_bitrate_kbps, kMaxKbps));
  return status;
}

absl::Status CheckTracker(const TrackerOptions& tracker) {
  absl::Status status = tracker.Validate();
  const encoder_bridge::FeedbackOptions& feedback = tracker.feedback;
  const encoder_bridge::StepOffsetOptions& offsets = feedback.offsets;
  for (const double number : {feedback.margin,
                              feedback.tolerance,
                              feedback.remaining_tolerance,
                              feedback.max_fall,
                              feedback.max_leaf_fall,
                              feedback.risk,
                              feedback.late_risk,
                              feedback.max_overshoot,
                              feedback.reserve,
                              feedback.early_reserve,
                              offsets.key,
                              offsets.key_motion,
                              offsets.key_length,
                              offsets.key_follow,
                              offsets.alt_ref,
                              offsets.alt_ref_log_intra,
                              offsets.alt_ref_log_coded,
                              offsets.alt_ref_end,
                              offsets.golden,
                              offsets.complexity,
                              offsets.horizon}) {
    status.Update(CheckRange("a feedback option", number, -1e9, 1e9));
  }
  return status;
}

absl::Status CheckFrame(const FrameInfo& frame, int coding_index,
                        int num_frames) {
  absl::Status status = CheckRange("coding_index", frame.coding_index,
                                   coding_index, coding_index);
  status.Update(CheckRange("type", static_cast<int>(frame.type),
                           static_cast<int>(FrameType::kKey),
                           static_cast<int>(FrameType::kGolden)));
  status.Update(CheckRange("show_index", frame.show_index, 0, num_frames - 1));
  status.Update(
      CheckRange("gop_index", frame.gop_index, 0, double{kMaxEpisodeSteps}));
  for (const std::optional<int>& reference : frame.reference_coding_indices) {
    if (!reference.has_value()) continue;
    status.Update(CheckRange("a reference", *reference, 0, coding_index - 1));
  }
  return status;
}

absl::Status CheckResult(const FrameResult& result, int coding_index) {
  absl::Status status =
      CheckRange("the result's coding_index", result.coding_index, coding_index,
                 coding_index);
  status.Update(CheckRange("q_index", result.q_index,
                           encoder_bridge::kMinQIndex,
                           encoder_bridge::kMaxQIndex));
  status.Update(
      CheckRange("bits", static_cast<double>(result.bits), 0, kMaxBits));
  status.Update(CheckRange("sse", static_cast<double>(result.sse), 0, kMaxSse));
  status.Update(CheckRange(
      "pixel_count", static_cast<double>(result.pixel_count), 1, kMaxPixels));
  return status;
}

absl::Status CheckSearch(const EncodeStep& step) {
  absl::Status status =
      CheckRange("root_value", step.root_value, -kMaxValue, kMaxValue);
  if (step.search_policy.empty()) return status;
  status.Update(CheckRange("entries of search_policy",
                           static_cast<double>(step.search_policy.size()),
                           kNumActions, kNumActions));
  double sum = 0;
  for (const float probability : step.search_policy) {
    status.Update(
        CheckRange("a probability", probability, 0, 1 + kPolicyTolerance));
    sum += probability;
  }
  status.Update(CheckRange("the sum of search_policy", sum,
                           1 - kPolicyTolerance, 1 + kPolicyTolerance));
  return status;
}

absl::Status CheckSteps(const EncodeEpisode& encode) {
  absl::Status status =
      CheckRange("steps", static_cast<double>(encode.steps.size()), 1,
                 double{kMaxEpisodeSteps});
  for (size_t i = 0; i < encode.steps.size() && status.ok(); ++i) {
    const EncodeStep& step = encode.steps[i];
    const int index = static_cast<int>(i);
    status.Update(CheckFrame(step.frame, index, encode.sequence.num_frames));
    status.Update(CheckResult(step.result, index));
    status.Update(CheckSearch(step));
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("step ", i, ": ", status.message()));
    }
  }
  return status;
}

}  // namespace

absl::Status CheckPlayedEpisode(const PlayedEpisode& episode) {
  const EncodeEpisode& encode = episode.encode;
  absl::Status status = CheckLabels(episode);
  status.Update(CheckSequence(encode.sequence));
  status.Update(CheckTracker(encode.tracker));
  status.Update(CheckRange("bits_fraction", encode.outcome.bits_fraction, 0,
                           kMaxFraction));
  status.Update(
      CheckRange("mean_psnr_db", encode.outcome.mean_psnr_db, -kMaxDb, kMaxDb));
  status.Update(CheckSteps(encode));
  return status;
}

}  // namespace selfplay
