#include "selfplay/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>

namespace selfplay {
namespace {

TEST(FeaturesTest, HaveNamesOfTheirOwn) {
  for (const auto& features : {TokenFeatures(), ContextFeatures()}) {
    std::set<std::string> names;
    for (const Feature& feature : features) {
      EXPECT_TRUE(names.insert(feature.name).second) << feature.name;
      EXPECT_STRNE(feature.unit, "") << feature.name;
    }
  }
}

TEST(FeaturesTest, AreBoundedWhateverTheirValue) {
  const double kInfinity = std::numeric_limits<double>::infinity();
  const Feature feature = {.min = -2, .max = 3};
  EXPECT_EQ(Bounded(feature, 1.5), 1.5f);
  EXPECT_EQ(Bounded(feature, -1e300), -2.0f);
  EXPECT_EQ(Bounded(feature, kInfinity), 3.0f);
  EXPECT_EQ(Bounded(feature, -kInfinity), -2.0f);
  EXPECT_EQ(Bounded(feature, std::nan("")), 0.0f);
}

TEST(FeaturesTest, CanAllBeZeroForAbsent) {
  for (const auto& features : {TokenFeatures(), ContextFeatures()}) {
    for (const Feature& feature : features) {
      EXPECT_LE(feature.min, 0) << feature.name;
      EXPECT_GE(feature.max, 0) << feature.name;
    }
  }
}

}  // namespace
}  // namespace selfplay
