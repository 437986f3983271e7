#ifndef SELFPLAY_EPISODE_PLAYER_H_
#define SELFPLAY_EPISODE_PLAYER_H_

#include <stop_token>
#include <vector>

#include "absl/status/statusor.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "muzero/model.h"
#include "selfplay/encode_episode.h"
#include "selfplay/planning_controller.h"
#include "selfplay/planning_report.h"
#include "selfplay/self_competition.h"

namespace selfplay {

// One encode to be played.  References are borrowed for the call.
struct EpisodeTask {
  encoder_bridge::FrameSource& source;
  const encoder_bridge::FirstPassResult& first_pass;
  encoder_bridge::EncoderSettings settings;
  int target_bitrate_kbps = 0;  // Kilobits per second.
  PlanningOptions planning;     // `record` is always on.
  muzero::Model& model;
};

// What became of it.
struct EpisodeRun {
  std::vector<encoder_bridge::FirstPassFrameStats> stats;  // As planned by.
  EncodeEpisode encode;
  Outcome outcome;  // By all bits of the packets.
  PlanningReport planning;
  double seconds = 0;  // Wall time of the second pass.
};

// Runs the second pass with a PlanningController and throws its packets away.
//
// Errors: RunSecondPass()'s; Cancelled, within a frame's time, if `stop` is
// requested.  A model that fails is no error: planning.fallback_frames tells.
absl::StatusOr<EpisodeRun> PlayEpisode(const EpisodeTask& task,
                                       const std::stop_token& stop);

}  // namespace selfplay

#endif  // SELFPLAY_EPISODE_PLAYER_H_
