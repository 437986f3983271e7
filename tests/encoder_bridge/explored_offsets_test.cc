#include "encoder_bridge/explored_offsets.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "encoder_bridge/step_offsets.h"

namespace encoder_bridge {
namespace {

auto Numbers(const StepOffsetOptions& offsets) {
  return std::tuple(offsets.key, offsets.alt_ref, offsets.complexity);
}

TEST(ExploredOffsetsTest, BeginsWithTheDefaults) {
  EXPECT_EQ(Numbers(ExploredOffsets(0)), Numbers(StepOffsetOptions()));
}

TEST(ExploredOffsetsTest, DoesNothingTwice) {
  std::set<std::tuple<double, double, double>> seen;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    EXPECT_TRUE(seen.insert(Numbers(ExploredOffsets(attempt))).second)
        << attempt;
  }
}

}  // namespace
}  // namespace encoder_bridge
