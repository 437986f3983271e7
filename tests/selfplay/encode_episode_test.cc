#include "selfplay/encode_episode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "muzero/episode.h"
#include "selfplay/action_space.h"
#include "selfplay/auxiliary.h"
#include "selfplay/features.h"
#include "selfplay/frame_history.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/selfplay/fake_policy_model.h"
#include "tests/selfplay/observation_matchers.h"
#include "tests/selfplay/simulated_planning.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameType;
using testing_support::HasStatus;
using testing_support::IsOk;

muzero::Episode Learnt(const PlannedClip& clip, float reward) {
  const auto observations = RebuildObservations(clip.episode, clip.stats);
  return MakeEpisode(clip.episode, observations.value(), reward);
}

TEST(EncodeEpisodeTest, RebuildsEveryObservationBitForBit) {
  FakePolicyModel model(AnyQIndex(3));
  model.KeepObservations();
  PlanningOptions options = {.search = {.num_simulations = 1}, .record = true};
  options.tracker.stretch_frames = 30;
  const PlannedClip clip = PlanClip(100, 300, model, options);
  const auto rebuilt = RebuildObservations(clip.episode, clip.stats);
  ASSERT_THAT(rebuilt, IsOk());
  ASSERT_EQ(rebuilt->size(), model.observations().size());
  for (size_t i = 0; i < rebuilt->size(); ++i) {
    EXPECT_TRUE(AreSame((*rebuilt)[i], model.observations()[i])) << i;
  }
}

TEST(EncodeEpisodeTest, RebuildsASingleObservation) {
  FakePolicyModel model(AnyQIndex(3));
  model.KeepObservations();
  const PlannedClip clip = PlanClip(40, 300, model);
  for (const int step : {0, 1, 20}) {
    const auto rebuilt = RebuildObservation(clip.episode, clip.stats, step);
    ASSERT_THAT(rebuilt, IsOk());
    EXPECT_TRUE(
        AreSame(*rebuilt, model.observations()[static_cast<size_t>(step)]));
  }
}

TEST(EncodeEpisodeTest, RefusesStepsThatItDoesNotHave) {
  FakePolicyModel model(Always(9));
  const PlannedClip clip = PlanClip(10, 300, model);
  const int steps = static_cast<int>(clip.episode.steps.size());
  for (const int step : {-1, steps}) {
    EXPECT_THAT(RebuildObservation(clip.episode, clip.stats, step),
                HasStatus(absl::StatusCode::kInvalidArgument, "step"));
  }
}

TEST(EncodeEpisodeTest, RefusesStatisticsOfAShorterClip) {
  FakePolicyModel model(Always(9));
  PlannedClip clip = PlanClip(10, 300, model);
  clip.stats.resize(5);
  EXPECT_THAT(
      RebuildObservations(clip.episode, clip.stats),
      HasStatus(absl::StatusCode::kFailedPrecondition, "not in [0, 5)"));
}

TEST(EncodeEpisodeTest, LearnsTheQIndexThatWasCodedNotTheOnePlanned) {
  FakePolicyModel model(Always(1));
  const PlannedClip clip = PlanClip(40, 300, model);
  const auto observations = RebuildObservations(clip.episode, clip.stats);
  const muzero::Episode episode = MakeEpisode(clip.episode, *observations, 0);
  ASSERT_EQ(episode.steps.size(), clip.result.frames.size());
  for (size_t i = 0; i < episode.steps.size(); ++i) {
    // An action is a little more than a q_index.
    EXPECT_NEAR(QIndexOfAction(episode.steps[i].action,
                               (*observations)[i].context[kFeedbackLogStep]),
                clip.result.frames[i].result.q_index, 1);
  }
}

TEST(EncodeEpisodeTest, RewardsTheLastStepOnly) {
  FakePolicyModel model(Always(1));
  const muzero::Episode episode = Learnt(PlanClip(10, 300, model), -1);
  for (size_t i = 0; i + 1 < episode.steps.size(); ++i) {
    EXPECT_EQ(episode.steps[i].reward, 0);
  }
  EXPECT_EQ(episode.steps.back().reward, -1);
}

TEST(EncodeEpisodeTest, HasTheSearchsPolicies) {
  FakePolicyModel model(Feedback());
  const muzero::Episode episode = Learnt(PlanClip(10, 300, model), 0);
  for (const muzero::EpisodeStep& step : episode.steps) {
    ASSERT_EQ(step.search_policy.size(), kNumActions);
    EXPECT_GT(step.search_policy[kProposedAction], 0.9);
  }
}

TEST(EncodeEpisodeTest, AnExamplesPolicyIsToDoAsWasDone) {
  FakePolicyModel model(Feedback(-20));
  PlannedClip clip = PlanClip(10, 300, model);
  for (EncodeStep& step : clip.episode.steps) {
    step.is_example = true;
    step.search_policy.clear();
  }
  const muzero::Episode episode = Learnt(clip, 0);
  EXPECT_LT(episode.steps[5].action, kProposedAction - 5);
  for (const muzero::EpisodeStep& step : episode.steps) {
    ASSERT_EQ(step.search_policy.size(), kNumActions);
    const auto most =
        std::max_element(step.search_policy.begin(), step.search_policy.end());
    EXPECT_EQ(most - step.search_policy.begin(), step.action);
  }
}

TEST(EncodeEpisodeTest, FillsInTheAuxiliaryTargets) {
  FakePolicyModel model(Always(50));
  const PlannedClip clip = PlanClip(40, 300, model);
  const muzero::Episode episode = Learnt(clip, 0);
  const auto& arf = episode.steps[1].auxiliary;
  EXPECT_EQ(clip.episode.steps[1].frame.type, FrameType::kAltRef);
  EXPECT_NEAR(arf[kFrameLogBpp],
              LogBpp(clip.episode.steps[1].result, 640 * 360), 1e-5);
  EXPECT_TRUE(std::isnan(arf[kFramePsnrDb]));
  EXPECT_EQ(episode.steps[2].auxiliary[kFramePsnrDb], 100);
  EXPECT_NEAR(arf[kFinalLogBitsFraction], std::log(BitsFraction(clip, 300)),
              0.01);
  EXPECT_EQ(arf[kFinalPsnrDb], 100);
  EXPECT_TRUE(std::isnan(episode.initial_auxiliary[kFrameLogBpp]));
  EXPECT_EQ(episode.initial_auxiliary[kFinalPsnrDb], 100);
}

}  // namespace
}  // namespace selfplay
