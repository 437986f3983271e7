#include "selfplay/learner_checkpoint.h"

#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "muzero/sha256.h"
#include "muzero/whole_file.h"
#include "selfplay/learner_state.pb.h"

namespace selfplay {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kVersion = 1;
constexpr int64_t kMaxStateBytes = int64_t{1} << 30;
constexpr char kFileNote[] = "learner_state";
constexpr char kSha256Note[] = "learner_state_sha256";
constexpr char kPrefix[] = "learner-";
constexpr char kSuffix[] = ".pb";

std::string StatePath(const std::string& run_folder, const std::string& name) {
  return (fs::path(run_folder) / name).string();
}

void Write(const LearnerReplayState& replay, proto::LearnerState& state) {
  state.set_last_sequence(replay.last_sequence);
  state.set_episodes_taken(replay.episodes_taken);
  state.set_steps_taken(replay.steps_taken);
  state.mutable_sequences()->Assign(replay.sequences.begin(),
                                    replay.sequences.end());
  state.set_replay_oldest_id(replay.replay.oldest_id);
  state.set_replay_first_slot(replay.replay.first_slot);
  state.set_replay_highest_priority(replay.replay.highest_priority);
  state.mutable_replay_weights()->Assign(replay.replay.weights.begin(),
                                         replay.replay.weights.end());
  for (const ReanalysedStep& step : replay.reanalysed) {
    proto::ReanalysedStep& written = *state.add_reanalysed();
    written.set_sequence(step.sequence);
    written.set_step(step.step);
    written.set_root_value(step.root_value);
    written.mutable_search_policy()->Assign(step.search_policy.begin(),
                                            step.search_policy.end());
  }
}

LearnerReplayState ReadReplay(const proto::LearnerState& state) {
  LearnerReplayState replay = {
      .last_sequence = state.last_sequence(),
      .episodes_taken = state.episodes_taken(),
      .steps_taken = state.steps_taken(),
      .sequences = {state.sequences().begin(), state.sequences().end()},
      .replay = {.oldest_id = state.replay_oldest_id(),
                 .first_slot = state.replay_first_slot(),
                 .highest_priority = state.replay_highest_priority(),
                 .weights = {state.replay_weights().begin(),
                             state.replay_weights().end()}}};
  for (const proto::ReanalysedStep& step : state.reanalysed()) {
    replay.reanalysed.push_back(
        {.sequence = step.sequence(),
         .step = step.step(),
         .root_value = step.root_value(),
         .search_policy = {step.search_policy().begin(),
                           step.search_policy().end()}});
  }
  return replay;
}

std::string Serialize(const LearnerCheckpoint& checkpoint) {
  proto::LearnerState state;
  state.set_version(kVersion);
  state.set_step(checkpoint.network.step);
  state.set_samples_drawn(checkpoint.samples_drawn);
  state.set_weights_version(checkpoint.weights_version);
  state.set_mean_loss(checkpoint.mean_loss);
  state.set_keeps_normalization(checkpoint.keeps_normalization);
  Write(checkpoint.replay, state);
  return state.SerializeAsString();
}

// All states but `kept`: those of older checkpoints, or of ones that were never
// completed.  What cannot be removed does no harm.
void RemoveOtherStates(const std::string& run_folder, absl::string_view kept) {
  std::error_code ignored;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(run_folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name != kept && absl::StartsWith(name, kPrefix) &&
        absl::EndsWith(name, kSuffix)) {
      fs::remove(entry.path(), ignored);
    }
  }
}

}  // namespace

std::string LearnerCheckpointPath(const std::string& run_folder) {
  return StatePath(run_folder, "checkpoint.safetensors");
}

absl::Status SaveLearnerCheckpoint(const LearnerCheckpoint& checkpoint,
                                   const std::string& run_folder) {
  const std::string bytes = Serialize(checkpoint);
  const std::string sha256 = muzero::Sha256Hex(bytes);
  // By content: the file of the checkpoint before is never written over.
  const std::string name =
      absl::StrCat(kPrefix, checkpoint.network.step, "-",
                   absl::string_view(sha256).substr(0, 8), kSuffix);
  absl::Status status =
      muzero::WriteWholeFile(bytes, StatePath(run_folder, name));
  if (!status.ok()) return status;
  muzero::Checkpoint network = checkpoint.network;
  network.notes[kFileNote] = name;
  network.notes[kSha256Note] = sha256;
  status = muzero::SaveCheckpoint(network, LearnerCheckpointPath(run_folder));
  if (!status.ok()) return status;
  RemoveOtherStates(run_folder, name);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LearnerCheckpoint>> LoadLearnerCheckpoint(
    const std::string& run_folder) {
  const std::string path = LearnerCheckpointPath(run_folder);
  absl::StatusOr<muzero::Checkpoint> network = muzero::LoadCheckpoint(path);
  if (absl::IsNotFound(network.status())) return std::nullopt;
  if (!network.ok()) return network.status();
  const auto name = network->notes.find(kFileNote);
  const auto sha256 = network->notes.find(kSha256Note);
  if (name == network->notes.end() || sha256 == network->notes.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is a model, but no learner's checkpoint"));
  }
  const std::string state_path = StatePath(run_folder, name->second);
  const absl::StatusOr<std::string> bytes =
      muzero::ReadWholeFile(state_path, kMaxStateBytes);
  if (!bytes.ok()) return bytes.status();
  proto::LearnerState state;
  if (muzero::Sha256Hex(*bytes) != sha256->second ||
      !state.ParseFromString(*bytes) || state.version() != kVersion) {
    return absl::DataLossError(
        absl::StrCat(state_path, " is damaged, or not what ", path, " names"));
  }
  LearnerCheckpoint checkpoint = {
      .network = *std::move(network),
      .samples_drawn = state.samples_drawn(),
      .weights_version = state.weights_version(),
      .mean_loss = state.mean_loss(),
      .keeps_normalization = state.keeps_normalization(),
      .replay = ReadReplay(state)};
  return checkpoint;
}

}  // namespace selfplay
