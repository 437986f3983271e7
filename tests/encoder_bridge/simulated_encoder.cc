#include "tests/encoder_bridge/simulated_encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "encoder_bridge/quantizer_step.h"

namespace encoder_bridge {
namespace {

class Simulation {
 public:
  Simulation(RateController& controller, const SimulationOptions& options)
      : controller_(controller), options_(options), random_(options.seed) {}

  void Code(FrameType type, int show_index, double factor) {
    const int coding_index = static_cast<int>(result_.frames.size());
    const FrameInfo info = {.type = type,
                            .show_index = show_index,
                            .coding_index = coding_index,
                            .reference_coding_indices = {}};
    const auto q_index = controller_.ChooseQIndex(info);
    ASSERT_TRUE(q_index.ok()) << q_index.status();
    ASSERT_GE(*q_index, kMinQIndex);
    ASSERT_LE(*q_index, kMaxQIndex);
    std::normal_distribution<double> noise(0, 1);
    const double log_step = LogQuantizerStep(*q_index);
    const bool is_leaf = type == FrameType::kInter;
    const double below =
        is_leaf ? std::max(0.0, reference_log_step_ - log_step) : 0;
    if (type != FrameType::kOverlay) {
      reference_log_step_ =
          is_leaf ? std::min(reference_log_step_, log_step) : log_step;
    }
    const double log_bits =
        std::log(options_.bits_per_frame * factor) - 1.1 * (log_step - 5.3) +
        options_.below_reference * below + options_.noise * noise(random_);
    const FrameResult result = {
        .coding_index = coding_index,
        .q_index = *q_index,
        .bits = static_cast<int64_t>(std::exp(log_bits)) + 24};
    ASSERT_TRUE(controller_.OnFrameEncoded(result).ok());
    result_.bits += static_cast<double>(result.bits);
    result_.frames.push_back({.info = info, .result = result});
  }

  SimulationResult TakeResult() { return result_; }

 private:
  RateController& controller_;
  const SimulationOptions options_;
  std::mt19937_64 random_;
  double reference_log_step_ = 0;  // The finest a leaf is predicted from.
  SimulationResult result_;
};

}  // namespace

double SimulationResult::MeanQIndex(FrameType type, size_t from) const {
  double sum = 0;
  double count = 0;
  for (size_t i = from; i < frames.size(); ++i) {
    if (frames[i].info.type != type) continue;
    sum += frames[i].result.q_index;
    ++count;
  }
  return sum / count;
}

std::vector<FirstPassFrameStats> SteadyStats(int num_frames) {
  std::vector<FirstPassFrameStats> stats(static_cast<size_t>(num_frames));
  for (size_t i = 0; i < stats.size(); ++i) {
    const double wave = 1 + 0.3 * std::sin(static_cast<double>(i) / 9);
    stats[i] = {.frame = static_cast<double>(i),
                .weight = 1,
                .intra_error = 250,
                .coded_error = i == 0 ? 250 : 25 * wave,
                .sr_coded_error = i == 0 ? 250 : 32 * wave,
                .frame_noise_energy = 100,
                .pcnt_inter = i == 0 ? 0 : 0.98,
                .pcnt_motion = i == 0 ? 0 : 0.3,
                .pcnt_neutral = 0.1,
                .duration = 1,
                .count = 1};
  }
  return stats;
}

SimulationResult Simulate(RateController& controller,
                          absl::Span<const FirstPassFrameStats> stats,
                          const SimulationOptions& options) {
  Simulation simulation(controller, options);
  EXPECT_TRUE(controller.OnFirstPassStats(stats).ok());
  const int n = static_cast<int>(stats.size());
  int alt_ref = 0;
  for (int i = 0; i < n; ++i) {
    if (i % options.key_distance == 0) {
      simulation.Code(FrameType::kKey, i, options.key_factor);
      alt_ref = i;
      continue;
    }
    if (options.group_length > 0 && i == alt_ref + 1) {
      const int key = i - i % options.key_distance + options.key_distance;
      alt_ref = std::min({alt_ref + options.group_length, n - 1, key - 1});
      simulation.Code(
          FrameType::kAltRef, alt_ref,
          options.alt_ref_factor * std::sqrt((alt_ref + 1 - i) / 12.0));
    }
    if (options.group_length > 0 && i == alt_ref) {
      simulation.Code(FrameType::kOverlay, i, 0.01);
    } else {
      simulation.Code(FrameType::kInter, i, 1);
    }
  }
  return simulation.TakeResult();
}

}  // namespace encoder_bridge
