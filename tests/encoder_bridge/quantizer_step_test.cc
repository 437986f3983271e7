#include "encoder_bridge/quantizer_step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

TEST(LogQuantizerStepTest, IsNearTheStandardsTable) {
  const struct {
    int q_index;
    double step;  // VP9 specification, ac_qlookup for 8 bits.
  } kCases[] = {{1, 8},     {50, 57},   {95, 102},  {96, 104},  {120, 152},
                {128, 176}, {136, 200}, {168, 353}, {200, 639}, {255, 1828}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.q_index);
    EXPECT_NEAR(LogQuantizerStep(c.q_index), std::log(c.step), 0.04);
  }
}

TEST(LogQuantizerStepTest, RisesEverywhere) {
  for (int q = kMinQIndex; q < kMaxQIndex; ++q) {
    EXPECT_LT(LogQuantizerStep(q), LogQuantizerStep(q + 1)) << q;
  }
}

TEST(QIndexForLogStepTest, InvertsLogQuantizerStep) {
  for (int q = kMinQIndex; q <= kMaxQIndex; ++q) {
    EXPECT_EQ(QIndexForLogStep(LogQuantizerStep(q)), q);
  }
}

TEST(TenBitQIndexTest, HasTheSameStepInTheStandardsTables) {
  const struct {
    int eight_bit;
    int ten_bit;  // VP9 specification, ac_qlookup for 10 bits: step x 4.
  } kCases[] = {{1, 10},  {20, 29},   {43, 49},   {67, 71},
                {95, 96}, {128, 128}, {136, 136}, {200, 200}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.eight_bit);
    EXPECT_NEAR(TenBitQIndex(c.eight_bit), c.ten_bit, 1);
    EXPECT_NEAR(EightBitQIndex(c.ten_bit), c.eight_bit, 1);
  }
}

TEST(TenBitQIndexTest, KeepsTheEnds) {
  EXPECT_EQ(TenBitQIndex(kMaxQIndex), kMaxQIndex);
  EXPECT_EQ(EightBitQIndex(kMaxQIndex), kMaxQIndex);
  EXPECT_EQ(EightBitQIndex(kMinQIndex), kMinQIndex);
}

TEST(TenBitQIndexTest, NeverFalls) {
  for (int q = kMinQIndex; q < kMaxQIndex; ++q) {
    EXPECT_LE(TenBitQIndex(q), TenBitQIndex(q + 1)) << q;
    EXPECT_LE(EightBitQIndex(q), EightBitQIndex(q + 1)) << q;
  }
}

TEST(QIndexForLogStepTest, StaysInRangeForAnyNumber) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(QIndexForLogStep(-kInfinity), kMinQIndex);
  EXPECT_EQ(QIndexForLogStep(kInfinity), kMaxQIndex);
  EXPECT_EQ(QIndexForLogStep(0), kMinQIndex);
  EXPECT_EQ(QIndexForLogStep(std::nan("")), kMinQIndex);
}

}  // namespace
}  // namespace encoder_bridge
