#ifndef TESTS_SELFPLAY_OBSERVATION_MATCHERS_H_
#define TESTS_SELFPLAY_OBSERVATION_MATCHERS_H_

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "muzero/model.h"
#include "selfplay/features.h"
#include "selfplay/observation.h"

namespace selfplay {

inline float TokenValue(const muzero::Observation& observation, int token,
                        TokenFeature feature) {
  return observation
      .tokens[static_cast<size_t>(token * kNumTokenFeatures + feature)];
}

inline float FocusValue(const muzero::Observation& observation,
                        TokenFeature feature) {
  return TokenValue(observation, observation.focus, feature);
}

inline void ExpectInRange(absl::Span<const Feature> features,
                          absl::Span<const float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    const Feature& feature = features[i % features.size()];
    EXPECT_TRUE(std::isfinite(values[i])) << feature.name;
    EXPECT_GE(values[i], feature.min) << feature.name;
    EXPECT_LE(values[i], feature.max) << feature.name;
  }
}

// All that is promised of every observation.
inline void ExpectSound(const muzero::Observation& observation) {
  EXPECT_GE(observation.num_tokens, 1);
  EXPECT_LE(observation.num_tokens, kMaxTokens);
  ASSERT_EQ(observation.tokens.size(),
            static_cast<size_t>(observation.num_tokens * kNumTokenFeatures));
  ASSERT_EQ(observation.context.size(), kNumContextFeatures);
  ExpectInRange(TokenFeatures(), observation.tokens);
  ExpectInRange(ContextFeatures(), observation.context);
  ASSERT_GE(observation.focus, 0);
  ASSERT_LT(observation.focus, observation.num_tokens);
  EXPECT_EQ(FocusValue(observation, kIsFocus), 1);
}

// Bit for bit.
inline bool AreSame(const muzero::Observation& a,
                    const muzero::Observation& b) {
  return a.num_tokens == b.num_tokens && a.focus == b.focus &&
         a.tokens == b.tokens && a.context == b.context;
}

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_OBSERVATION_MATCHERS_H_
