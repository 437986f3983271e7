#include "selfplay/learner_checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/selfplay/blank_network.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

namespace fs = std::filesystem;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

std::string EmptyFolder(const std::string& name) {
  const fs::path folder = fs::path(testing::TempDir()) / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder.string();
}

LearnerCheckpoint MakeCheckpoint(int64_t step) {
  return {.network = BlankNetwork(step),
          .samples_drawn = 12,
          .weights_version = 3,
          .mean_loss = 0.1,
          .keeps_normalization = true,
          .replay = {.last_sequence = 9,
                     .episodes_taken = 8,
                     .steps_taken = 70,
                     .sequences = {7, 9},
                     .replay = {.oldest_id = 6,
                                .first_slot = 2,
                                .highest_priority = 0.3,
                                .weights = {0.1, 1.0 / 3}},
                     .reanalysed = {{.sequence = 9,
                                     .step = 1,
                                     .root_value = 0.7F,
                                     .search_policy = {0.1F, 0.9F}}}}};
}

// The one file that holds what the network file does not.
fs::path StateFile(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".pb") return entry.path();
  }
  return {};
}

TEST(LearnerCheckpointTest, ThereIsNoneInAnEmptyFolder) {
  const auto loaded = LoadLearnerCheckpoint(EmptyFolder("checkpoint_none"));
  ASSERT_THAT(loaded, IsOk());
  EXPECT_FALSE(loaded->has_value());
}

TEST(LearnerCheckpointTest, ReadsWhatItWrote) {
  const std::string folder = EmptyFolder("checkpoint_round_trip");
  const LearnerCheckpoint saved = MakeCheckpoint(5);
  ASSERT_THAT(SaveLearnerCheckpoint(saved, folder), IsOk());
  const LearnerCheckpoint loaded =
      LoadLearnerCheckpoint(folder).value().value();
  EXPECT_EQ(loaded.network.step, 5);
  EXPECT_EQ(loaded.samples_drawn, saved.samples_drawn);
  EXPECT_EQ(loaded.weights_version, saved.weights_version);
  EXPECT_EQ(loaded.mean_loss, saved.mean_loss);
  EXPECT_TRUE(loaded.keeps_normalization);
  EXPECT_EQ(loaded.replay.steps_taken, saved.replay.steps_taken);
  EXPECT_EQ(loaded.replay.sequences, saved.replay.sequences);
  EXPECT_EQ(loaded.replay.replay.weights, saved.replay.replay.weights);
  ASSERT_EQ(loaded.replay.reanalysed.size(), 1);
  EXPECT_EQ(loaded.replay.reanalysed[0].search_policy,
            saved.replay.reanalysed[0].search_policy);
}

TEST(LearnerCheckpointTest, OneFollowsTheOther) {
  const std::string folder = EmptyFolder("checkpoint_follows");
  ASSERT_THAT(SaveLearnerCheckpoint(MakeCheckpoint(1), folder), IsOk());
  ASSERT_THAT(SaveLearnerCheckpoint(MakeCheckpoint(2), folder), IsOk());
  EXPECT_EQ(LoadLearnerCheckpoint(folder).value()->network.step, 2);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2);
}

// Killed between its two files, the old pair counts.
TEST(LearnerCheckpointTest, AnUnfinishedOneDoesNotCount) {
  const std::string folder = EmptyFolder("checkpoint_unfinished");
  ASSERT_THAT(SaveLearnerCheckpoint(MakeCheckpoint(1), folder), IsOk());
  std::ofstream(fs::path(folder) / "learner-2-00000000.pb") << "half";
  EXPECT_EQ(LoadLearnerCheckpoint(folder).value()->network.step, 1);
}

TEST(LearnerCheckpointTest, DamageIsAnErrorThatNamesTheFile) {
  const std::string folder = EmptyFolder("checkpoint_damaged");
  ASSERT_THAT(SaveLearnerCheckpoint(MakeCheckpoint(1), folder), IsOk());
  const fs::path state = StateFile(folder);
  std::ofstream(state, std::ios::app) << "x";
  EXPECT_THAT(
      LoadLearnerCheckpoint(folder),
      HasStatus(absl::StatusCode::kDataLoss, state.filename().string()));
}

TEST(LearnerCheckpointTest, AMereModelIsAnError) {
  const std::string folder = EmptyFolder("checkpoint_model");
  ASSERT_THAT(
      muzero::SaveCheckpoint(BlankNetwork(1), LearnerCheckpointPath(folder)),
      IsOk());
  EXPECT_THAT(
      LoadLearnerCheckpoint(folder),
      HasStatus(absl::StatusCode::kInvalidArgument, "no learner's checkpoint"));
}

}  // namespace
}  // namespace selfplay
