#include "tests/selfplay/made_episode.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "selfplay/action_space.h"
#include "selfplay/encode_episode.h"
#include "selfplay/played_episode.h"

namespace selfplay {
namespace {

using encoder_bridge::FeedbackOptions;
using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::SequenceInfo;
using encoder_bridge::StepOffsetOptions;

double Uniform(std::mt19937_64& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

std::vector<float> MadePolicy(std::mt19937_64& random) {
  std::normal_distribution<double> logit(0, 2);
  std::vector<double> weights(kNumActions);
  double sum = 0;
  for (double& weight : weights) sum += weight = std::exp(logit(random));
  std::vector<float> policy;
  for (const double weight : weights) {
    policy.push_back(static_cast<float>(weight / sum));
  }
  return policy;
}

EncodeStep MadeStep(FrameType type, int show_index, int coding_index,
                    std::mt19937_64& random) {
  EncodeStep step;
  step.frame = {.type = type,
                .show_index = show_index,
                .coding_index = coding_index,
                .gop_index = coding_index % 8};
  if (coding_index > 0) {
    step.frame.reference_coding_indices = {coding_index - 1, std::nullopt, 0};
  }
  step.result = {.coding_index = coding_index,
                 .q_index = 1 + static_cast<int>(Uniform(random, 0, 254.99)),
                 .bits = static_cast<int64_t>(Uniform(random, 100, 50'000)),
                 .sse = static_cast<int64_t>(Uniform(random, 1e5, 1e7)),
                 .pixel_count = 356 * 200 * 3 / 2};
  step.search_policy = MadePolicy(random);
  step.root_value = static_cast<float>(Uniform(random, -1, 1));
  return step;
}

auto Fields(const StepOffsetOptions& o) {
  return std::tie(o.key, o.key_motion, o.key_length, o.key_follow, o.alt_ref,
                  o.alt_ref_log_intra, o.alt_ref_log_coded, o.alt_ref_end,
                  o.golden, o.complexity, o.horizon);
}

auto Fields(const FeedbackOptions& o) {
  return std::tie(o.kf_max_dist, o.margin, o.tolerance, o.remaining_tolerance,
                  o.max_fall, o.max_leaf_fall, o.risk, o.late_risk,
                  o.max_overshoot, o.reserve, o.early_reserve);
}

auto Fields(const SequenceInfo& s) {
  return std::tie(s.width, s.height, s.frame_rate, s.num_frames,
                  s.target_bitrate_kbps);
}

auto Fields(const FrameInfo& f) {
  return std::tie(f.type, f.show_index, f.coding_index, f.gop_index,
                  f.reference_coding_indices);
}

auto Fields(const FrameResult& r) {
  return std::tie(r.coding_index, r.q_index, r.bits, r.sse, r.pixel_count);
}

bool AreSameSteps(const EncodeStep& a, const EncodeStep& b) {
  return Fields(a.frame) == Fields(b.frame) &&
         Fields(a.result) == Fields(b.result) &&
         a.search_policy == b.search_policy && a.root_value == b.root_value;
}

auto Fields(const PlayedEpisode& e) {
  return std::tie(e.id, e.pair, e.worker, e.weights_version, e.first_pass,
                  e.outcome.quality, e.outcome.overshoot, e.seconds,
                  e.encode.outcome.bits_fraction, e.encode.outcome.mean_psnr_db,
                  e.encode.tracker.stretch_frames);
}

}  // namespace

std::vector<FirstPassFrameStats> MadeStats(int frames, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<FirstPassFrameStats> stats(static_cast<size_t>(frames));
  double frame = 0;
  for (FirstPassFrameStats& entry : stats) {
    entry = {.frame = frame++,
             .weight = 1,
             .intra_error = Uniform(random, 1000, 2000),
             .coded_error = Uniform(random, 100, 1000),
             .sr_coded_error = Uniform(random, 100, 1000),
             .pcnt_inter = Uniform(random, 0, 1),
             .mv_row = Uniform(random, -8, 8),
             .duration = 1,
             .count = 1};
  }
  return stats;
}

PlayedEpisode MadeEpisode(const MadeEpisodeOptions& options) {
  std::mt19937_64 random(options.seed);
  PlayedEpisode episode = {.id = options.id,
                           .pair = options.pair,
                           .worker = "worker",
                           .weights_version = 3,
                           .first_pass = options.first_pass};
  EncodeEpisode& encode = episode.encode;
  encode.sequence = {.width = 356,
                     .height = 200,
                     .frame_rate = 30000.0 / 1001,
                     .num_frames = options.frames,
                     .target_bitrate_kbps = 44.5};
  encode.tracker.feedback.margin = Uniform(random, 0, 0.01);
  for (int show = 0; show < options.frames; ++show) {
    const auto coding = [&] { return static_cast<int>(encode.steps.size()); };
    const int last = options.frames - 1;
    if (show % 8 == 1) {
      encode.steps.push_back(MadeStep(
          FrameType::kAltRef, std::min(show + 7, last), coding(), random));
    }
    const FrameType type = show == 0 ? FrameType::kKey : FrameType::kInter;
    encode.steps.push_back(MadeStep(type, show, coding(), random));
  }
  encode.outcome = {.bits_fraction = Uniform(random, 0.9, 1.1),
                    .mean_psnr_db = Uniform(random, 30, 40)};
  episode.outcome = {
      .quality = encode.outcome.mean_psnr_db,
      .overshoot = std::max(0.0, encode.outcome.bits_fraction - 1)};
  episode.seconds = Uniform(random, 1, 5);
  return episode;
}

bool AreSame(const PlayedEpisode& a, const PlayedEpisode& b) {
  const FeedbackOptions& a_options = a.encode.tracker.feedback;
  const FeedbackOptions& b_options = b.encode.tracker.feedback;
  return Fields(a) == Fields(b) &&
         Fields(a.encode.sequence) == Fields(b.encode.sequence) &&
         Fields(a_options) == Fields(b_options) &&
         Fields(a_options.offsets) == Fields(b_options.offsets) &&
         std::equal(a.encode.steps.begin(), a.encode.steps.end(),
                    b.encode.steps.begin(), b.encode.steps.end(), AreSameSteps);
}

}  // namespace selfplay
