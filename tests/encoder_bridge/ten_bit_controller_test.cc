#include "encoder_bridge/ten_bit_controller.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {
namespace {

// Chooses what it is told to and keeps what it is told.
class FakeController : public RateController {
 public:
  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats>) override {
    return absl::OkStatus();
  }
  absl::StatusOr<int> ChooseQIndex(const FrameInfo&) override {
    return q_index;
  }
  absl::Status OnFrameEncoded(const FrameResult& result) override {
    seen = result;
    return absl::OkStatus();
  }

  int q_index = 0;
  FrameResult seen;
};

class TenBitControllerTest : public testing::Test {
 protected:
  FakeController inner_;
  TenBitController controller_{inner_};
};

TEST_F(TenBitControllerTest, ChoosesTheSameStepOfTenBits) {
  inner_.q_index = 20;
  EXPECT_EQ(controller_.ChooseQIndex({}).value(), TenBitQIndex(20));
}

TEST_F(TenBitControllerTest, TellsEveryChoiceBackAsItWasMade) {
  for (int q = kMinQIndex; q <= kMaxQIndex; ++q) {
    inner_.q_index = q;
    const int coded = controller_.ChooseQIndex({}).value();
    ASSERT_TRUE(controller_.OnFrameEncoded({.q_index = coded}).ok());
    EXPECT_EQ(inner_.seen.q_index, q);
  }
}

TEST_F(TenBitControllerTest, TellsWhatWasCodedOtherwise) {
  inner_.q_index = 20;
  ASSERT_TRUE(controller_.ChooseQIndex({}).ok());
  ASSERT_TRUE(controller_.OnFrameEncoded({.q_index = 200}).ok());
  EXPECT_EQ(inner_.seen.q_index, 200);
}

TEST_F(TenBitControllerTest, TellsErrorsOfEightBitSamples) {
  ASSERT_TRUE(
      controller_
          .OnFrameEncoded(
              {.q_index = 100, .bits = 7, .sse = 1600, .pixel_count = 9})
          .ok());
  EXPECT_EQ(inner_.seen.sse, 100);
  EXPECT_EQ(inner_.seen.bits, 7);
  EXPECT_EQ(inner_.seen.pixel_count, 9);
}

TEST_F(TenBitControllerTest, LeavesWhatIsNoQIndexToBeRefused) {
  for (const int q : {-5, 0, 256}) {
    inner_.q_index = q;
    EXPECT_EQ(controller_.ChooseQIndex({}).value(), q);
  }
}

}  // namespace
}  // namespace encoder_bridge
