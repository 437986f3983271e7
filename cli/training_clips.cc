#include "cli/training_clips.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "videos/clip_catalogue.h"

namespace cli {
namespace {

constexpr char kTrainingSplit[] = "train";

}  // namespace

absl::StatusOr<TrainingClips> OpenTrainingClips(
    const std::string& path, const std::string& evaluation_split) {
  if (evaluation_split == kTrainingSplit) {
    return absl::InvalidArgumentError(
        "evaluation.split is train: wanted clips that are not trained on");
  }
  const auto catalogue = videos::ClipCatalogue::Open(path);
  if (!catalogue.ok()) return catalogue.status();
  const bool has_splits =
      std::any_of(catalogue->clips().begin(), catalogue->clips().end(),
                  [](const videos::Clip& clip) { return !clip.split.empty(); });
  TrainingClips clips;
  for (const videos::Clip& clip : catalogue->clips()) {
    if (!has_splits || clip.split == kTrainingSplit) {
      clips.training.push_back({.name = clip.name, .path = clip.path});
    } else if (clip.split == evaluation_split) {
      clips.evaluation.push_back(clip);
    }
  }
  // Select() says which splits there are.
  if (clips.training.empty()) return catalogue->Select(kTrainingSplit).status();
  return clips;
}

absl::StatusOr<std::vector<selfplay::TrainingClip>> OpenClipsOfSplit(
    const std::string& path, const std::string& split,
    const std::string& evaluation_split) {
  if (split.empty()) {
    auto clips = OpenTrainingClips(path, evaluation_split);
    if (!clips.ok()) return clips.status();
    return std::move(clips->training);
  }
  auto catalogue = videos::ClipCatalogue::Open(path);
  if (catalogue.ok()) catalogue = catalogue->Select(split);
  if (!catalogue.ok()) return catalogue.status();
  std::vector<selfplay::TrainingClip> clips;
  for (const videos::Clip& clip : catalogue->clips()) {
    clips.push_back({.name = clip.name, .path = clip.path});
  }
  return clips;
}

}  // namespace cli
