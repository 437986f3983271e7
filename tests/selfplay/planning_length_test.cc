#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/planning_controller.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/selfplay/fake_policy_model.h"
#include "tests/selfplay/simulated_planning.h"

namespace selfplay {
namespace {

using Clock = std::chrono::steady_clock;

int64_t ResidentBytes() {
  constexpr int64_t kPageBytes = 4096;
  std::ifstream statm("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  statm >> total >> resident;
  return resident * kPageBytes;
}

// Hands all calls on, and notes what each frame took.
class Probe : public encoder_bridge::RateController {
 public:
  explicit Probe(RateController& controller) : controller_(controller) {}

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) override {
    seconds_.reserve(2 * stats.size());
    bytes_.reserve(2 * stats.size());
    return controller_.OnFirstPassStats(stats);
  }
  absl::StatusOr<int> ChooseQIndex(
      const encoder_bridge::FrameInfo& frame) override {
    const auto start = Clock::now();
    auto q_index = controller_.ChooseQIndex(frame);
    const std::chrono::duration<double> time = Clock::now() - start;
    seconds_.push_back(time.count());
    bytes_.push_back(ResidentBytes());
    return q_index;
  }
  absl::Status OnFrameEncoded(
      const encoder_bridge::FrameResult& result) override {
    return controller_.OnFrameEncoded(result);
  }

  // The median over the coded frames `begin` to `end` - 1.
  double Seconds(size_t begin, size_t end) const {
    std::vector<double> seconds(seconds_.begin() + Offset(begin),
                                seconds_.begin() + Offset(end));
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
  }
  int64_t BytesAt(size_t frame) const { return bytes_[frame]; }

 private:
  static std::ptrdiff_t Offset(size_t i) {
    return static_cast<std::ptrdiff_t>(i);
  }

  RateController& controller_;
  std::vector<double> seconds_;  // Of each coded frame.
  std::vector<int64_t> bytes_;   // Of the process, after each.
};

TEST(PlanningLengthTest, TakesConstantTimeAndMemoryPerFrame) {
  constexpr int kFrames = 10'000;
  FakePolicyModel model(Feedback(-3));
  PlanningController controller(
      SimulatedSequence(kFrames, 300),
      {.search = {.num_simulations = 2, .gumbel_scale = 0}}, model);
  Probe probe(controller);
  encoder_bridge::Simulate(probe, encoder_bridge::SteadyStats(kFrames), {});
  EXPECT_LT(probe.Seconds(9000, 10'000), 3 * probe.Seconds(1000, 2000));
  RecordProperty("early_us", std::to_string(1e6 * probe.Seconds(1000, 2000)));
  RecordProperty("late_us", std::to_string(1e6 * probe.Seconds(9000, 10'000)));
  // The simulation itself keeps some 100 bytes a frame; an observation is 7 kB.
  EXPECT_LT(probe.BytesAt(10'000) - probe.BytesAt(2000), 4 << 20);
}

}  // namespace
}  // namespace selfplay
