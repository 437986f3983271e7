#include <gtest/gtest.h>

#include <cstddef>

#include "selfplay/encode_episode.h"
#include "selfplay/planning_controller.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/selfplay/fake_policy_model.h"
#include "tests/selfplay/observation_matchers.h"
#include "tests/selfplay/planned_encode.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace selfplay {
namespace {

using testing_support::Content;
using testing_support::IsOk;
using testing_support::SyntheticClipOptions;

const PlanningOptions kQuick = {
    .search = {.num_simulations = 1, .gumbel_scale = 0}, .record = true};

// Where the policy's encode lands, over the target.
double Landing(const SyntheticClipOptions& clip, int kbps,
               FakePolicyModel::Policy policy) {
  FakePolicyModel model(policy);
  const auto encode = EncodePlanned(clip, kbps, model, kQuick);
  EXPECT_THAT(encode, IsOk());
  return encode.ok() ? encode->result.bitrate_kbps / kbps : 0;
}

TEST(PlanningControllerCodecTest, LandsWhereFeedbackDoesWhateverThePolicy) {
  const struct {
    SyntheticClipOptions clip;
    int kbps;
  } kCases[] = {{{.content = Content::kSceneCut,
                  .width = 176,
                  .height = 144,
                  .num_frames = 120},
                 10},
                {{.content = Content::kSceneCut,
                  .width = 176,
                  .height = 144,
                  .num_frames = 60},
                 20}};
  for (const auto& c : kCases) {
    const auto feedback = FeedbackBitrate(c.clip, c.kbps);
    ASSERT_THAT(feedback, IsOk());
    ASSERT_NEAR(*feedback / c.kbps, 1, 0.03);
    EXPECT_NEAR(Landing(c.clip, c.kbps, Always(1)), 1, 0.03);
    EXPECT_NEAR(Landing(c.clip, c.kbps, Always(255)), 1, 0.03);
    EXPECT_NEAR(Landing(c.clip, c.kbps, AnyQIndex(1)), 1, 0.03);
    EXPECT_NEAR(Landing(c.clip, c.kbps, Feedback()), *feedback / c.kbps, 1e-9);
  }
}

TEST(PlanningControllerCodecTest, CompletesTheEncodeWhenTheModelFails) {
  FakePolicyModel model(Always(100));
  model.FailFrom(10);
  const auto encode = EncodePlanned({}, 40, model, kQuick);
  ASSERT_THAT(encode, IsOk());
  EXPECT_EQ(encode->result.shown_frames, 30);
  EXPECT_EQ(encode->report.fallback_frames,
            static_cast<int>(encode->result.frames.size()) - 10);
}

TEST(PlanningControllerCodecTest, RecordsWhatTheEncoderReports) {
  FakePolicyModel model(AnyQIndex(2));
  const auto encode = EncodePlanned({}, 40, model, kQuick);
  ASSERT_THAT(encode, IsOk());
  ASSERT_EQ(encode->report.frames.size(), encode->result.frames.size());
  for (size_t i = 0; i < encode->report.frames.size(); ++i) {
    const FramePlan& plan = encode->report.frames[i];
    const encoder_bridge::CodedFrame& frame = encode->result.frames[i];
    EXPECT_EQ(plan.q_index, frame.q_index);
    EXPECT_EQ(plan.bits, frame.bits);
    ASSERT_EQ(plan.psnr_db.has_value(), frame.psnr_db.has_value());
    EXPECT_NEAR(plan.psnr_db.value_or(0), frame.psnr_db.value_or(0), 0.01);
  }
  EXPECT_NEAR(encode->episode.outcome.mean_psnr_db, encode->result.psnr.mean_db,
              0.01);
  EXPECT_NEAR(encode->episode.outcome.bits_fraction,
              encode->result.bitrate_kbps / 40, 0.002);
}

TEST(PlanningControllerCodecTest, RebuildsTheObservationsOfARealEncode) {
  FakePolicyModel model(AnyQIndex(5));
  model.KeepObservations();
  const auto encode =
      EncodePlanned({.content = Content::kSceneCut}, 40, model, kQuick);
  ASSERT_THAT(encode, IsOk());
  const auto rebuilt = RebuildObservations(encode->episode, encode->stats);
  ASSERT_THAT(rebuilt, IsOk());
  ASSERT_EQ(rebuilt->size(), model.observations().size());
  for (size_t i = 0; i < rebuilt->size(); ++i) {
    EXPECT_TRUE(AreSame((*rebuilt)[i], model.observations()[i])) << i;
  }
}

TEST(PlanningControllerCodecTest, EncodesALongVideoStretchByStretch) {
  FakePolicyModel model(Feedback());
  model.KeepObservations();
  const auto encode = EncodePlanned({.content = Content::kSceneCut,
                                     .width = 64,
                                     .height = 48,
                                     .num_frames = 600},
                                    10, model, kQuick);
  ASSERT_THAT(encode, IsOk());
  EXPECT_EQ(encode->result.shown_frames, 600);
  int starts = 0;
  for (const auto& observation : model.observations()) {
    ExpectSound(observation);
    if (observation.context[kFramesDone] == 0 && observation.focus == 0) {
      ++starts;
    }
  }
  // A stretch ends within a group of 150 frames: 4 of them, or 3.
  EXPECT_GE(starts, 3);
  EXPECT_LE(starts, 4);
}

}  // namespace
}  // namespace selfplay
