#include "selfplay/frame_history.h"

#include <gtest/gtest.h>

#include <cmath>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;
using encoder_bridge::LogQuantizerStep;

FrameInfo Frame(FrameType type, int show_index, int coding_index) {
  return {.type = type, .show_index = show_index, .coding_index = coding_index};
}

FrameResult Result(int q_index, int64_t bits = 1000) {
  return {.q_index = q_index, .bits = bits, .sse = 650, .pixel_count = 100};
}

TEST(FrameHistoryTest, KeepsAShownFrameApartFromItsAltRef) {
  FrameHistory history(100);
  history.Add(Frame(FrameType::kAltRef, 5, 0), Result(60));
  ASSERT_NE(history.At(5), nullptr);
  EXPECT_FALSE(history.At(5)->coded.has_value());
  history.Add(Frame(FrameType::kOverlay, 5, 1), Result(90, 200));
  EXPECT_EQ(history.At(5)->alt_ref->log_step, LogQuantizerStep(60));
  EXPECT_EQ(history.At(5)->coded->log_step, LogQuantizerStep(90));
  EXPECT_NEAR(history.At(5)->coded->log_bpp, std::log(2), 1e-12);
  EXPECT_EQ(history.At(5)->type, FrameType::kOverlay);
}

TEST(FrameHistoryTest, MeasuresPsnr) {
  // MSE 6.5: 10 log10(65025 / 6.5).
  EXPECT_NEAR(PsnrDb(Result(1)), 40.0, 0.01);
  EXPECT_EQ(PsnrDb({.sse = 0, .pixel_count = 100}), 100);
  EXPECT_EQ(PsnrDb({.sse = 5, .pixel_count = 0}), 100);
}

TEST(FrameHistoryTest, HasALogarithmEvenOfAFreeFrame) {
  EXPECT_NEAR(LogBpp(Result(1, 0), 8), 0, 1e-12);
  EXPECT_NEAR(LogBpp(Result(1, -5), 8), 0, 1e-12);
}

TEST(FrameHistoryTest, ForgetsFramesBeforeItsWindow) {
  FrameHistory history(100);
  for (int i = 0; i < 10; ++i) {
    history.Add(Frame(FrameType::kInter, i, i), Result(100 + i));
  }
  history.DropBefore(8);
  EXPECT_EQ(history.At(7), nullptr);
  EXPECT_NE(history.At(8), nullptr);
  EXPECT_EQ(history.At(10), nullptr);
  EXPECT_EQ(history.LogStepOf(3), LogQuantizerStep(103));
}

TEST(FrameHistoryTest, MovesItsWindowPastFramesNeverCoded) {
  FrameHistory history(100);
  history.Add(Frame(FrameType::kKey, 0, 0), Result(50));
  history.DropBefore(100);
  history.Add(Frame(FrameType::kInter, 100, 1), Result(60));
  EXPECT_EQ(history.At(100)->coded->log_step, LogQuantizerStep(60));
  EXPECT_EQ(history.At(0), nullptr);
}

TEST(FrameHistoryTest, RemembersStepsOfReferencesForAWhile) {
  FrameHistory history(100);
  EXPECT_FALSE(history.LogStepOf(0).has_value());
  for (int i = 0; i < 1025; ++i) {
    history.Add(Frame(FrameType::kInter, i, i), Result(1 + i % 255));
  }
  EXPECT_FALSE(history.LogStepOf(0).has_value());
  EXPECT_EQ(history.LogStepOf(1), LogQuantizerStep(2));
  EXPECT_FALSE(history.LogStepOf(-1).has_value());
}

TEST(FrameHistoryTest, CountsFramesSinceTheLastKeyFrame) {
  FrameHistory history(100);
  history.Add(Frame(FrameType::kKey, 40, 0), Result(50));
  history.Add(Frame(FrameType::kInter, 41, 1), Result(50));
  EXPECT_EQ(history.FramesSinceKey(47), 7);
}

}  // namespace
}  // namespace selfplay
