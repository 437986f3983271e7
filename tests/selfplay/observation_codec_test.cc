#include <gtest/gtest.h>

#include <vector>

#include "selfplay/features.h"
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

// What is observed of an encode that does as feedback says.
std::vector<muzero::Observation> Observe(const SyntheticClipOptions& clip,
                                         int kbps) {
  FakePolicyModel model(Feedback());
  model.KeepObservations();
  const auto encode = EncodePlanned(
      clip, kbps, model, {.search = {.num_simulations = 1, .gumbel_scale = 0}});
  EXPECT_THAT(encode, IsOk());
  return model.observations();
}

TEST(ObservationCodecTest, IsSoundForEveryKindOfClip) {
  const struct {
    const char* name;
    SyntheticClipOptions clip;
  } kCases[] = {
      {"moving", {}},
      {"cut", {.content = Content::kSceneCut}},
      {"fade", {.content = Content::kFade}},
      {"noise", {.content = Content::kNoise}},
      {"static", {.content = Content::kStatic}},
      {"black", {.content = Content::kBlack}},
      {"16x16", {.width = 16, .height = 16}},
      {"1x1", {.width = 1, .height = 1}},
      {"one frame", {.num_frames = 1}},
      {"two frames", {.num_frames = 2}},
      {"1000 frames per second", {.frame_rate = {1000, 1}}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const auto observations = Observe(c.clip, 40);
    EXPECT_GE(static_cast<int>(observations.size()), c.clip.num_frames);
    for (const auto& observation : observations) ExpectSound(observation);
  }
}

TEST(ObservationCodecTest, IsSoundForALongClip) {
  const auto observations =
      Observe({.width = 32, .height = 32, .num_frames = 3000}, 20);
  EXPECT_GT(observations.size(), 3000);
  for (const auto& observation : observations) ExpectSound(observation);
}

TEST(ObservationCodecTest, IsNearlyTheSameAtTwiceTheSize) {
  const auto small = Observe({.width = 176, .height = 144}, 50);
  const auto large = Observe({.width = 352, .height = 288}, 200);
  constexpr TokenFeature kAlike[] = {
      kLogIntraError, kLogCodedError, kInterShare,
      kMotionShare,   kNeutralShare,  kIntraLowShare,
  };
  // At the first frame: what comes later depends on what libvpx does.
  const int last = small.front().num_tokens - 1;
  for (const TokenFeature feature : kAlike) {
    EXPECT_NEAR(TokenValue(small.front(), last, feature),
                TokenValue(large.front(), last, feature), 0.4)
        << TokenFeatures()[feature].name;
  }
  EXPECT_NEAR(small.front().context[kLogTargetBpp],
              large.front().context[kLogTargetBpp], 1e-5);
}

TEST(ObservationCodecTest, TellsNoiseFromBlack) {
  const auto black = Observe({.content = Content::kBlack}, 40).front();
  const auto noise = Observe({.content = Content::kNoise}, 40).front();
  EXPECT_GT(FocusValue(noise, kLogIntraError),
            3 + FocusValue(black, kLogIntraError));
}

}  // namespace
}  // namespace selfplay
