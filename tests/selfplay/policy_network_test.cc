#include "selfplay/policy_network.h"

#include <gtest/gtest.h>

#include "muzero/checkpoint.h"
#include "selfplay/auxiliary.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

muzero::Checkpoint FittingCheckpoint() {
  return {.config = PolicyNetworkConfig(), .notes = PolicyNetworkNotes()};
}

TEST(PolicyNetworkTest, HasAHeadForEachAuxiliary) {
  const auto heads = AuxiliaryHeads();
  ASSERT_EQ(heads.size(), kNumAuxiliary);
  EXPECT_EQ(heads[kFrameLogBpp].name, "frame_log_bpp");
  EXPECT_EQ(heads[kFramePsnrDb].name, "frame_psnr_db");
  EXPECT_EQ(heads[kFinalLogBitsFraction].name, "final_log_bits_fraction");
  EXPECT_EQ(heads[kFinalPsnrDb].name, "final_psnr_db");
}

TEST(PolicyNetworkTest, AcceptsItsOwnNetwork) {
  EXPECT_THAT(CheckModelFits(FittingCheckpoint()), IsOk());
}

TEST(PolicyNetworkTest, LeavesTheSizesInsideToTheModel) {
  muzero::Checkpoint checkpoint = FittingCheckpoint();
  checkpoint.config.num_layers = 7;
  checkpoint.config.hidden_size = 64;
  EXPECT_THAT(CheckModelFits(checkpoint), IsOk());
}

TEST(PolicyNetworkTest, RefusesANetworkOfSomethingElse) {
  EXPECT_THAT(CheckModelFits({}), HasStatus(kInvalid, "does not say"));
}

TEST(PolicyNetworkTest, RefusesObservationsOfAnotherVersion) {
  muzero::Checkpoint checkpoint = FittingCheckpoint();
  checkpoint.notes["observation_version"] = "999";
  EXPECT_THAT(CheckModelFits(checkpoint), HasStatus(kInvalid, "version 999"));
}

TEST(PolicyNetworkTest, RefusesOtherSizes) {
  muzero::Checkpoint checkpoint = FittingCheckpoint();
  checkpoint.config.token_size = 5;
  EXPECT_THAT(CheckModelFits(checkpoint),
              HasStatus(kInvalid, "made for 5 features per token"));
  checkpoint = FittingCheckpoint();
  checkpoint.config.context_size = 6;
  EXPECT_THAT(CheckModelFits(checkpoint),
              HasStatus(kInvalid, "made for 6 context features"));
  checkpoint = FittingCheckpoint();
  checkpoint.config.num_actions = 64;
  EXPECT_THAT(CheckModelFits(checkpoint),
              HasStatus(kInvalid, "made for 64 actions"));
}

TEST(PolicyNetworkTest, RefusesOtherHeads) {
  muzero::Checkpoint checkpoint = FittingCheckpoint();
  checkpoint.config.auxiliary_heads.pop_back();
  EXPECT_THAT(
      CheckModelFits(checkpoint),
      HasStatus(kInvalid, "final_log_bits_fraction); this program wants"));
}

}  // namespace
}  // namespace selfplay
