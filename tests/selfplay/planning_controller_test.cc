#include "selfplay/planning_controller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/bitrate_guard.h"
#include "tests/encoder_bridge/simulated_encoder.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/selfplay/fake_policy_model.h"
#include "tests/selfplay/simulated_planning.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using encoder_bridge::FeedbackController;
using encoder_bridge::FrameType;
using encoder_bridge::SimulationResult;
using encoder_bridge::SteadyStats;
using testing_support::HasStatus;
using testing_support::IsOk;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::vector<int> QIndices(const SimulationResult& result) {
  std::vector<int> q_indices;
  for (const auto& frame : result.frames) {
    q_indices.push_back(frame.result.q_index);
  }
  return q_indices;
}

std::vector<int> FeedbackQIndices(int num_frames, double kbps) {
  FeedbackController feedback(SimulatedSequence(num_frames, kbps));
  return QIndices(encoder_bridge::Simulate(feedback, SteadyStats(num_frames),
                                           {.noise = 0.2}));
}

TEST(PlanningControllerTest, DoesWhatThePolicySays) {
  FakePolicyModel model(Feedback(-20));
  model.KeepObservations();
  const PlannedClip clip = PlanClip(
      40, 300, model,
      {.search = muzero::SearchConfig().Greedy(), .guard = std::nullopt});
  const std::vector<int> q_indices = QIndices(clip.result);
  for (size_t i = 0; i < q_indices.size(); ++i) {
    // An action is a little more than a q_index.
    EXPECT_NEAR(q_indices[i], Feedback(-20)(model.observations()[i]), 1);
  }
  EXPECT_EQ(clip.report.guard_overrides, 0);
  EXPECT_EQ(clip.report.fallback_frames, 0);
}

TEST(PlanningControllerTest, AsksOnceForEveryCodedFrame) {
  FakePolicyModel model(Always(100));
  const PlannedClip clip = PlanClip(40, 300, model);
  EXPECT_EQ(model.calls(), static_cast<int>(clip.result.frames.size()));
  EXPECT_GT(model.calls(), 40);  // ARFs and overlays too.
}

TEST(PlanningControllerTest, NeverTouchesAPolicyThatAgreesWithFeedback) {
  FakePolicyModel model(Feedback());
  const PlannedClip clip = PlanClip(150, 300, model);
  EXPECT_EQ(clip.report.guard_overrides, 0);
  EXPECT_EQ(QIndices(clip.result), FeedbackQIndices(150, 300));
}

TEST(PlanningControllerTest, HardlyTouchesAPolicyNearFeedback) {
  FakePolicyModel model(Feedback(-8));
  const PlannedClip clip = PlanClip(150, 300, model);
  EXPECT_LT(clip.report.guard_overrides, 30);
  EXPECT_NEAR(BitsFraction(clip, 300), 1, 0.015);
}

TEST(PlanningControllerTest, LandsOnTheTargetWhateverThePolicyWants) {
  const struct {
    const char* name;
    FakePolicyModel::Policy policy;
  } kCases[] = {{"the finest", Always(1)},
                {"the coarsest", Always(255)},
                {"anything", AnyQIndex(1)},
                {"finer than feedback", Feedback(-30)},
                {"coarser than feedback", Feedback(30)}};
  for (const int num_frames : {60, 150}) {
    FakePolicyModel follower(Feedback());
    const double feedback =
        BitsFraction(PlanClip(num_frames, 300, follower), 300);
    EXPECT_NEAR(feedback, 1, 0.015);
    // Of a short clip feedback itself leaves more than a percent.
    const double least = std::min(0.98, feedback - GuardOptions().tolerance);
    for (const auto& c : kCases) {
      SCOPED_TRACE(c.name);
      FakePolicyModel model(c.policy);
      const PlannedClip clip = PlanClip(num_frames, 300, model);
      EXPECT_LT(BitsFraction(clip, 300), 1.02);
      EXPECT_GT(BitsFraction(clip, 300), least);
      EXPECT_GT(clip.report.guard_overrides, 0);
    }
  }
}

TEST(PlanningControllerTest, LandsOnTheTargetOfAVideoOfManyStretches) {
  FakePolicyModel model(Always(1));
  PlanningOptions options = {.search = {.num_simulations = 1}};
  options.tracker.stretch_frames = 100;
  const PlannedClip clip = PlanClip(1000, 300, model, options);
  EXPECT_NEAR(BitsFraction(clip, 300), 1, 0.015);
}

TEST(PlanningControllerTest, FallsBackToFeedbackWhenTheModelFails) {
  FakePolicyModel model(Feedback());
  model.FailFrom(20);
  const PlannedClip clip = PlanClip(60, 300, model);
  const int frames = static_cast<int>(clip.result.frames.size());
  EXPECT_EQ(clip.report.fallback_frames, frames - 20);
  EXPECT_EQ(clip.report.fallback_reason, "at coded frame 20: the device died");
  EXPECT_EQ(QIndices(clip.result), FeedbackQIndices(60, 300));
  EXPECT_FALSE(clip.report.frames[20].planned_q_index.has_value());
}

TEST(PlanningControllerTest, FallsBackForGoodWhenTheModelAnswersNan) {
  FakePolicyModel model(Always(50));
  model.AnswerNanFrom(30);
  const PlannedClip clip = PlanClip(60, 300, model);
  EXPECT_EQ(model.calls(), 31);
  EXPECT_EQ(clip.report.fallback_frames,
            static_cast<int>(clip.result.frames.size()) - 30);
  EXPECT_NE(clip.report.fallback_reason, "");
  EXPECT_NEAR(BitsFraction(clip, 300), 1, 0.03);
}

TEST(PlanningControllerTest, CountsWhatPlanningTook) {
  FakePolicyModel model(Always(50));
  const PlannedClip clip = PlanClip(
      40, 300, model, {.search = {.num_simulations = 8, .gumbel_scale = 0}});
  EXPECT_EQ(clip.report.simulations, 8 * model.calls());
  EXPECT_GT(clip.report.planning_seconds, 0);
  EXPECT_TRUE(clip.report.frames.empty());
  EXPECT_TRUE(clip.episode.steps.empty());
}

TEST(PlanningControllerTest, RecordsWhatWasPlannedAndWhatCameOfIt) {
  FakePolicyModel model(Always(1));
  const PlannedClip clip = PlanClip(40, 300, model);
  ASSERT_EQ(clip.report.frames.size(), clip.result.frames.size());
  const FramePlan& plan = clip.report.frames[1];
  EXPECT_EQ(clip.result.frames[1].info.type, FrameType::kAltRef);
  EXPECT_EQ(plan.coding_index, 1);
  EXPECT_LT(plan.planned_q_index, plan.q_index);
  EXPECT_GT(plan.prior, 0.99);
  EXPECT_EQ(plan.root_value, 0);
  EXPECT_EQ(plan.q_index, clip.result.frames[1].result.q_index);
  EXPECT_EQ(plan.bits, clip.result.frames[1].result.bits);
  EXPECT_NEAR(*plan.predicted_bits, 640 * 360 * std::exp(1.0), 1e-3);
  EXPECT_FALSE(plan.predicted_psnr_db || plan.psnr_db);
  EXPECT_EQ(clip.report.frames[2].predicted_psnr_db, 1);
}

TEST(PlanningControllerTest, PlansTheSameWithTheSameSeed) {
  const auto plan = [](uint64_t seed) {
    FakePolicyModel model(Feedback());
    return QIndices(
        PlanClip(40, 300, model,
                 {.search = {.num_simulations = 4, .gumbel_scale = 10},
                  .seed = seed})
            .result);
  };
  EXPECT_EQ(plan(7), plan(7));
  EXPECT_NE(plan(7), plan(8));
}

TEST(PlanningControllerTest, RefusesOptionsAndModelsOfNoUse) {
  const auto stats = SteadyStats(10);
  FakePolicyModel model(Always(1));
  const auto start = [&](const PlanningOptions& options) {
    PlanningController controller(SimulatedSequence(10, 300), options, model);
    return controller.OnFirstPassStats(stats);
  };
  EXPECT_THAT(start({}), IsOk());
  EXPECT_THAT(start({.search = {.num_simulations = -1}}),
              HasStatus(kInvalid, "num_simulations"));
  EXPECT_THAT(start({.tracker = {.stretch_frames = 0}}),
              HasStatus(kInvalid, "stretch"));
  EXPECT_THAT(start({.guard = GuardOptions{.max_saving = -1}}),
              HasStatus(kInvalid, "max_saving"));
}

TEST(PlanningControllerTest, RefusesAModelOfOtherActions) {
  class SmallModel : public FakePolicyModel {
   public:
    SmallModel() : FakePolicyModel(Always(1)) {}
    int num_actions() const override { return 64; }
  } model;
  PlanningController controller(SimulatedSequence(10, 300), {}, model);
  EXPECT_THAT(controller.OnFirstPassStats(SteadyStats(10)),
              HasStatus(kInvalid, "the model has 64 actions"));
}

}  // namespace
}  // namespace selfplay
