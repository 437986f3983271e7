#include "selfplay/augmentation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "muzero/model.h"
#include "selfplay/features.h"

namespace selfplay {
namespace {

// Two tokens and a context, every number of which is within its range, and half
// of the second token's are 0.
muzero::Observation MakeObservation() {
  muzero::Observation observation = {.num_tokens = 2, .focus = 1};
  for (int token = 0; token < 2; ++token) {
    for (const Feature& feature : TokenFeatures()) {
      const bool is_zero = token == 1 && feature.index % 2 == 0;
      observation.tokens.push_back(
          is_zero ? 0 : Bounded(feature, 0.5 + 0.2 * token));
    }
  }
  for (const Feature& feature : ContextFeatures()) {
    observation.context.push_back(Bounded(feature, 0.5));
  }
  return observation;
}

muzero::Observation Augmented(double strength, uint64_t seed) {
  std::mt19937_64 random(seed);
  muzero::Observation observation = MakeObservation();
  Augment(strength, observation, random);
  return observation;
}

float Token(const muzero::Observation& observation, int token, int feature) {
  return observation
      .tokens[static_cast<size_t>(token * kNumTokenFeatures + feature)];
}

double Added(const muzero::Observation& observation, int feature) {
  return Token(observation, 0, feature) - Token(MakeObservation(), 0, feature);
}

TEST(AugmentationTest, WithoutStrengthOnlyMirrors) {
  int mirrored_rows = 0;
  int mirrored_columns = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    muzero::Observation observation = Augmented(0, seed);
    mirrored_rows += Token(observation, 0, kPanRows) < 0;
    mirrored_columns += Token(observation, 0, kPanColumns) < 0;
    for (int token = 0; token < 2; ++token) {
      for (const int pan : {kPanRows, kPanColumns}) {
        float& value =
            observation
                .tokens[static_cast<size_t>(token * kNumTokenFeatures + pan)];
        value = std::abs(value);
      }
    }
    EXPECT_EQ(observation.tokens, MakeObservation().tokens);
    EXPECT_EQ(observation.context, MakeObservation().context);
  }
  EXPECT_NEAR(mirrored_rows, 100, 30);
  EXPECT_NEAR(mirrored_columns, 100, 30);
}

TEST(AugmentationTest, MovesErrorsByAboutItsStrength) {
  double squares = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    squares += std::pow(Added(Augmented(0.1, seed), kLogCodedError), 2);
  }
  // Of its kind and its own.
  EXPECT_NEAR(std::sqrt(squares / 500), 0.1 * std::sqrt(1.25), 0.01);
}

TEST(AugmentationTest, KeepsRatesComparable) {
  const muzero::Observation observation = Augmented(0.1, 1);
  const double added = Added(observation, kLogForecastBpp);
  EXPECT_NE(added, 0);
  EXPECT_NEAR(Added(observation, kCodedLogBpp), added, 1e-6);
  EXPECT_NEAR(Added(observation, kAltRefLogBpp), added, 1e-6);
  for (const int rate : {kLogTargetBpp, kFeedbackLogBpp}) {
    const auto index = static_cast<size_t>(rate);
    EXPECT_NEAR(observation.context[index] - MakeObservation().context[index],
                added, 1e-6);
  }
}

TEST(AugmentationTest, ChangesAllTokensAlike) {
  const muzero::Observation before = MakeObservation();
  const muzero::Observation after = Augmented(0.1, 1);
  for (const int feature : {kLogCodedError, kMotionColumns, kLogForecastBpp}) {
    EXPECT_NEAR(Token(after, 1, feature) - Token(before, 1, feature),
                Added(after, feature), 1e-6);
  }
}

TEST(AugmentationTest, LeavesWhatIsNotKnownAndWhatIsToBeDone) {
  const muzero::Observation before = MakeObservation();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const muzero::Observation after = Augmented(1, seed);
    EXPECT_EQ(after.focus, before.focus);
    EXPECT_EQ(after.num_tokens, before.num_tokens);
    for (const int feature :
         {kSignedDistance, kIsFocus, kKeyShare, kCodedLogStep, kCodedPsnr,
          kAltRefLogStep, kInterShare}) {
      EXPECT_EQ(Token(after, 0, feature), Token(before, 0, feature));
    }
    for (const int feature : {kIsKey, kFeedbackLogStep, kFeedbackLogBase,
                              kBitsUsed, kLeafLogFactor}) {
      const auto index = static_cast<size_t>(feature);
      EXPECT_EQ(after.context[index], before.context[index]);
    }
    for (size_t i = 0; i < before.tokens.size(); ++i) {
      if (before.tokens[i] == 0) {
        EXPECT_EQ(after.tokens[i], 0) << i;
      }
    }
  }
}

TEST(AugmentationTest, StaysInRange) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const muzero::Observation after = Augmented(50, seed);
    for (size_t i = 0; i < after.tokens.size(); ++i) {
      const Feature& feature = TokenFeatures()[i % kNumTokenFeatures];
      EXPECT_GE(after.tokens[i], feature.min) << feature.name;
      EXPECT_LE(after.tokens[i], feature.max) << feature.name;
    }
  }
}

TEST(AugmentationTest, IsTheSameForTheSameSeed) {
  EXPECT_EQ(Augmented(0.1, 3).tokens, Augmented(0.1, 3).tokens);
  EXPECT_NE(Augmented(0.1, 3).tokens, Augmented(0.1, 4).tokens);
}

}  // namespace
}  // namespace selfplay
