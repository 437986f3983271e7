#ifndef CLI_TRAINING_CLIPS_H_
#define CLI_TRAINING_CLIPS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "selfplay/clip_shelf.h"
#include "videos/clip.h"

namespace cli {

// What a training run does with the clips it was given.
struct TrainingClips {
  std::vector<selfplay::TrainingClip> training;  // Never empty.
  std::vector<videos::Clip> evaluation;          // May be empty.
};

// The clips of the catalogue at `path`: those of the split "train" to train on,
// those of `evaluation_split` to measure with.  A catalogue without splits is
// to be trained on whole.
//
// Errors: ClipCatalogue::Open()'s; NotFound if there are splits, but none
// called "train"; InvalidArgument if `evaluation_split` is "train".
absl::StatusOr<TrainingClips> OpenTrainingClips(
    const std::string& path, const std::string& evaluation_split);

// The clips of `split`; of an empty one, those that OpenTrainingClips() would
// train on.  Errors: ClipCatalogue's, and as above.
absl::StatusOr<std::vector<selfplay::TrainingClip>> OpenClipsOfSplit(
    const std::string& path, const std::string& split,
    const std::string& evaluation_split);

}  // namespace cli

#endif  // CLI_TRAINING_CLIPS_H_
