#include "selfplay/episode_codec.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/action_space.h"
#include "selfplay/episode.pb.h"
#include "selfplay/played_episode.h"
#include "selfplay/stored_bytes.h"

namespace selfplay {
namespace {

using encoder_bridge::FeedbackOptions;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;
using encoder_bridge::StepOffsetOptions;

constexpr StoredFormat kFormat = {
    .tag = "mzep", .version = 1, .max_bytes = kMaxEpisodeBytes};
constexpr int kReferences = static_cast<int>(
    std::tuple_size<decltype(FrameInfo::reference_coding_indices)>::value);

void Write(const SequenceInfo& sequence, proto::Sequence& to) {
  to.set_width(sequence.width);
  to.set_height(sequence.height);
  to.set_frame_rate(sequence.frame_rate);
  to.set_num_frames(sequence.num_frames);
  to.set_target_bitrate_kbps(sequence.target_bitrate_kbps);
}

SequenceInfo Read(const proto::Sequence& from) {
  return {.width = from.width(),
          .height = from.height(),
          .frame_rate = from.frame_rate(),
          .num_frames = from.num_frames(),
          .target_bitrate_kbps = from.target_bitrate_kbps()};
}

void Write(const StepOffsetOptions& offsets, proto::StepOffsets& to) {
  to.set_key(offsets.key);
  to.set_key_motion(offsets.key_motion);
  to.set_key_length(offsets.key_length);
  to.set_key_follow(offsets.key_follow);
  to.set_alt_ref(offsets.alt_ref);
  to.set_alt_ref_log_intra(offsets.alt_ref_log_intra);
  to.set_alt_ref_log_coded(offsets.alt_ref_log_coded);
  to.set_golden(offsets.golden);
  to.set_complexity(offsets.complexity);
  to.set_alt_ref_end(offsets.alt_ref_end);
  to.set_horizon(offsets.horizon);
}

StepOffsetOptions Read(const proto::StepOffsets& from) {
  return {.key = from.key(),
          .key_motion = from.key_motion(),
          .key_length = from.key_length(),
          .key_follow = from.key_follow(),
          .alt_ref = from.alt_ref(),
          .alt_ref_log_intra = from.alt_ref_log_intra(),
          .alt_ref_log_coded = from.alt_ref_log_coded(),
          .alt_ref_end = from.alt_ref_end(),
          .golden = from.golden(),
          .complexity = from.complexity(),
          .horizon = from.horizon()};
}

void Write(const FeedbackOptions& feedback, proto::Feedback& to) {
  to.set_kf_max_dist(feedback.kf_max_dist);
  to.set_margin(feedback.margin);
  to.set_tolerance(feedback.tolerance);
  to.set_remaining_tolerance(feedback.remaining_tolerance);
  to.set_max_fall(feedback.max_fall);
  to.set_max_leaf_fall(feedback.max_leaf_fall);
  to.set_risk(feedback.risk);
  to.set_late_risk(feedback.late_risk);
  to.set_max_overshoot(feedback.max_overshoot);
  to.set_reserve(feedback.reserve);
  to.set_early_reserve(feedback.early_reserve);
  Write(feedback.offsets, *to.mutable_offsets());
}

FeedbackOptions Read(const proto::Feedback& from) {
  return {.kf_max_dist = from.kf_max_dist(),
          .margin = from.margin(),
          .tolerance = from.tolerance(),
          .remaining_tolerance = from.remaining_tolerance(),
          .max_fall = from.max_fall(),
          .max_leaf_fall = from.max_leaf_fall(),
          .risk = from.risk(),
          .late_risk = from.late_risk(),
          .max_overshoot = from.max_overshoot(),
          .reserve = from.reserve(),
          .early_reserve = from.early_reserve(),
          .offsets = Read(from.offsets())};
}

// REQUIRES: the step passed CheckPlayedEpisode().
void Append(const EncodeStep& step, proto::Steps& to) {
  const FrameInfo& frame = step.frame;
  to.add_type(static_cast<int>(frame.type));
  to.add_show_index(frame.show_index);
  to.add_gop_index(frame.gop_index);
  for (const std::optional<int>& reference : frame.reference_coding_indices) {
    to.add_reference_distance(
        reference.has_value() ? frame.coding_index - *reference : 0);
  }
  to.add_q_index(step.result.q_index);
  to.add_bits(step.result.bits);
  to.add_sse(step.result.sse);
  to.add_pixel_count(step.result.pixel_count);
  to.add_root_value(step.root_value);
  to.add_is_searched(!step.search_policy.empty());
  to.mutable_search_policy()->Add(step.search_policy.begin(),
                                  step.search_policy.end());
  to.add_is_example(step.is_example);
}

// Whether all columns have as many entries as the first.
bool AreWhole(const proto::Steps& from) {
  const int steps = from.type_size();
  for (const int size :
       {from.show_index_size(), from.gop_index_size(), from.q_index_size(),
        from.bits_size(), from.sse_size(), from.pixel_count_size(),
        from.root_value_size(), from.is_searched_size()}) {
    if (size != steps) return false;
  }
  const int examples = from.is_example_size();
  if (examples != 0 && examples != steps) return false;
  int searched = 0;
  for (const bool is_searched : from.is_searched()) searched += is_searched;
  return static_cast<size_t>(steps) <= kMaxEpisodeSteps &&
         from.reference_distance_size() == kReferences * steps &&
         from.search_policy_size() == kNumActions * searched;
}

FrameInfo ReadFrame(const proto::Steps& from, int i) {
  FrameInfo frame = {.type = static_cast<FrameType>(from.type(i)),
                     .show_index = from.show_index(i),
                     .coding_index = i,
                     .gop_index = from.gop_index(i)};
  for (int k = 0; k < kReferences; ++k) {
    const int distance = from.reference_distance(kReferences * i + k);
    if (distance == 0) continue;
    // Nothing else can be a reference; CheckPlayedEpisode() refuses -1.
    const bool is_before = distance > 0 && distance <= i;
    frame.reference_coding_indices[static_cast<size_t>(k)] =
        is_before ? i - distance : -1;
  }
  return frame;
}

FrameResult ReadResult(const proto::Steps& from, int i) {
  return {.coding_index = i,
          .q_index = from.q_index(i),
          .bits = from.bits(i),
          .sse = from.sse(i),
          .pixel_count = from.pixel_count(i)};
}

// REQUIRES: AreWhole(from).
std::vector<EncodeStep> Read(const proto::Steps& from) {
  std::vector<EncodeStep> steps(static_cast<size_t>(from.type_size()));
  const float* policy = from.search_policy().data();
  for (int i = 0; i < from.type_size(); ++i) {
    EncodeStep& step = steps[static_cast<size_t>(i)];
    step.frame = ReadFrame(from, i);
    step.result = ReadResult(from, i);
    step.root_value = from.root_value(i);
    step.is_example = i < from.is_example_size() && from.is_example(i);
    if (!from.is_searched(i)) continue;
    step.search_policy.assign(policy, policy + kNumActions);
    policy += kNumActions;
  }
  return steps;
}

proto::Episode Write(const PlayedEpisode& episode) {
  const EncodeEpisode& encode = episode.encode;
  proto::Episode to;
  to.set_id(episode.id);
  to.set_clip(episode.pair.clip);
  to.set_target_bitrate_kbps(episode.pair.target_bitrate_kbps);
  to.set_worker(episode.worker);
  to.set_weights_version(episode.weights_version);
  to.set_first_pass(episode.first_pass);
  to.set_seconds(episode.seconds);
  to.set_quality(episode.outcome.quality);
  to.set_overshoot(episode.outcome.overshoot);
  to.set_bits_fraction(encode.outcome.bits_fraction);
  to.set_mean_psnr_db(encode.outcome.mean_psnr_db);
  to.set_stretch_frames(encode.tracker.stretch_frames);
  Write(encode.sequence, *to.mutable_sequence());
  Write(encode.tracker.feedback, *to.mutable_feedback());
  for (const EncodeStep& step : encode.steps) Append(step, *to.mutable_steps());
  return to;
}

// REQUIRES: AreWhole(from.steps()).
PlayedEpisode Read(const proto::Episode& from) {
  return {.id = from.id(),
          .pair = {.clip = from.clip(),
                   .target_bitrate_kbps = from.target_bitrate_kbps()},
          .worker = from.worker(),
          .weights_version = from.weights_version(),
          .first_pass = from.first_pass(),
          .encode = {.sequence = Read(from.sequence()),
                     .tracker = {.feedback = Read(from.feedback()),
                                 .stretch_frames = from.stretch_frames()},
                     .steps = Read(from.steps()),
                     .outcome = {.bits_fraction = from.bits_fraction(),
                                 .mean_psnr_db = from.mean_psnr_db()}},
          .outcome = {.quality = from.quality(), .overshoot = from.overshoot()},
          .seconds = from.seconds()};
}

}  // namespace

absl::StatusOr<std::string> SerializePlayedEpisode(
    const PlayedEpisode& episode) {
  const absl::Status status = CheckPlayedEpisode(episode);
  if (!status.ok()) return status;
  return PackBytes(kFormat, Write(episode).SerializeAsString());
}

absl::StatusOr<PlayedEpisode> ParsePlayedEpisode(absl::string_view bytes) {
  const absl::StatusOr<std::string> unpacked = UnpackBytes(kFormat, bytes);
  if (!unpacked.ok()) return unpacked.status();
  proto::Episode from;
  if (!from.ParseFromString(*unpacked)) {
    return absl::InvalidArgumentError("no protobuf of an episode");
  }
  if (!AreWhole(from.steps())) {
    return absl::InvalidArgumentError("columns of steps differ in length");
  }
  PlayedEpisode episode = Read(from);
  const absl::Status status = CheckPlayedEpisode(episode);
  if (!status.ok()) return status;
  return episode;
}

}  // namespace selfplay
