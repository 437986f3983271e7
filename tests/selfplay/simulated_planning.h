#ifndef TESTS_SELFPLAY_SIMULATED_PLANNING_H_
#define TESTS_SELFPLAY_SIMULATED_PLANNING_H_

#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "selfplay/encode_episode.h"
#include "selfplay/planning_controller.h"
#include "selfplay/planning_report.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/selfplay/fake_policy_model.h"

namespace selfplay {

// A simulated encode with a PlanningController, and what it leaves.
struct PlannedClip {
  std::vector<encoder_bridge::FirstPassFrameStats> stats;
  encoder_bridge::SimulationResult result;
  PlanningReport report;
  EncodeEpisode episode;
};

inline encoder_bridge::SequenceInfo SimulatedSequence(int num_frames,
                                                      double kbps) {
  return {.width = 640,
          .height = 360,
          .frame_rate = 30,
          .num_frames = num_frames,
          .target_bitrate_kbps = kbps};
}

// REQUIRES: `options` are valid.
inline PlannedClip PlanClip(
    int num_frames, double kbps, muzero::Model& model,
    const PlanningOptions& options = {.search = {.num_simulations = 2,
                                                 .gumbel_scale = 0},
                                      .record = true},
    const encoder_bridge::SimulationOptions& simulation = {.noise = 0.2}) {
  PlannedClip clip = {.stats = encoder_bridge::SteadyStats(num_frames)};
  PlanningController controller(SimulatedSequence(num_frames, kbps), options,
                                model);
  clip.result = encoder_bridge::Simulate(controller, clip.stats, simulation);
  clip.report = controller.report();
  clip.episode = controller.TakeEpisode();
  return clip;
}

// Bits of the encode over those of its target.
inline double BitsFraction(const PlannedClip& clip, double kbps) {
  const auto frames = static_cast<double>(clip.stats.size());
  return clip.result.bits / (kbps * 1000 * frames / 30);
}

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_SIMULATED_PLANNING_H_
