#ifndef SELFPLAY_TEACHER_H_
#define SELFPLAY_TEACHER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "selfplay/branching_controller.h"
#include "selfplay/encode_episode.h"
#include "selfplay/self_competition.h"

namespace selfplay {

struct TeacherOptions {
  // First, steps (in ln) by which offsets of the whole clip are changed.
  std::vector<double> clip_steps = {0.4, 0.2, 0.1};
  // Then, times that the clip is searched group by group; each with smaller
  // steps.
  int rounds = 3;
  BranchSteps first_steps;
  double shrink = 0.6;  // Of the steps, from round to round.
  int groups = 3;       // BranchingOptions' of the same names.
  int key_groups = 4;
  double min_gain_db = 0.002;
  // Encodes with the plan disturbed at random, for those who learn what
  // actions lead to.
  int disturbed = 1;
  unsigned seed = 1;

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

// One clip at one target.  References are borrowed for the call.
struct TeacherTask {
  // Frames in memory: forked processes read them at once.
  encoder_bridge::FrameSource& source;
  const encoder_bridge::FirstPassResult& first_pass;
  encoder_bridge::EncoderSettings settings;  // REQUIRES: threads = 1.
  int target_bitrate_kbps = 0;
};

// One encode that was made on the way.
struct TaughtEncode {
  std::string what;     // "vbr", "feedback", "clip", "round 1", "disturbed".
  bool is_try = false;  // One of the search.
  EncodeEpisode encode;
  Outcome outcome;
  double seconds = 0;  // Of the second pass, trials with it.
};

struct Lesson {
  std::vector<encoder_bridge::FirstPassFrameStats> stats;
  // In order; the best by PSNR at the target is the last, and its steps are
  // examples.
  std::vector<TaughtEncode> encodes;
  // The whole clip's worth of frames coded, trials with it, over the clip's.
  double encodes_spent = 0;
};

// Searches for the offsets to feedback's proposals that make the highest mean
// PSNR at the target: first offsets that the whole clip has in common, then,
// group by group, BranchingController's.  docs/teacher.md has what that gains
// and what it costs.
//
// Forks; see BranchingController.  Deterministic.
// Errors: RunSecondPass()'s, ForkedTrial's.
absl::StatusOr<Lesson> Teach(const TeacherTask& task,
                             const TeacherOptions& options);

}  // namespace selfplay

#endif  // SELFPLAY_TEACHER_H_
