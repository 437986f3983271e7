#include "encoder_bridge/effort_encode.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/effort_plan.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/step_change.h"
#include "tests/testing/memory_sink.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace encoder_bridge {
namespace {

using testing_support::Content;
using testing_support::HasStatus;
using testing_support::IsOk;
using testing_support::MemorySink;
using testing_support::SyntheticClip;

constexpr int kTarget = 40;

// Passes on to another controller until a frame at which something happens.
class InterruptedController : public ChangeableController {
 public:
  InterruptedController(ChangeableController& controller, int frame,
                        std::function<absl::Status()> what)
      : controller_(controller), frame_(frame), what_(std::move(what)) {}

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override {
    return controller_.OnFirstPassStats(stats);
  }
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override {
    if (frame.coding_index == frame_) {
      const absl::Status status = what_();
      if (!status.ok()) return status;
    }
    return controller_.ChooseQIndex(frame);
  }
  absl::Status OnFrameEncoded(const FrameResult& result) override {
    return controller_.OnFrameEncoded(result);
  }
  void set_change(const StepChange& change) override {
    controller_.set_change(change);
  }

 private:
  ChangeableController& controller_;
  const int frame_;
  const std::function<absl::Status()> what_;
};

bool HasChildProcess() { return waitpid(-1, nullptr, WNOHANG) >= 0; }

// Encodes of one small clip with several groups.
class EffortEncodeTest : public testing::Test {
 protected:
  EffortEncodeTest() : first_(RunFirstPass(clip_, kSettings, Ignore)) {}
  void SetUp() override { ASSERT_THAT(first_, IsOk()); }
  void TearDown() override {
    EXPECT_FALSE(HasChildProcess());
    EXPECT_EQ(errno, ECHILD);
  }

  static absl::Status Ignore(const EncodeProgress& /*progress*/) {
    return absl::OkStatus();
  }

  SequenceInfo Sequence() const {
    return {.width = first_->width,
            .height = first_->height,
            .frame_rate = first_->num_frames / first_->duration_seconds,
            .num_frames = first_->num_frames,
            .target_bitrate_kbps = kTarget};
  }

  absl::StatusOr<EncodeResult> Plain(RateController& controller) {
    sink_ = MemorySink();
    return RunSecondPass(clip_, kSettings, *first_,
                         {.mode = RateControlMode::kExternal,
                          .target_bitrate_kbps = kTarget,
                          .controller = &controller},
                         sink_, Ignore);
  }

  absl::StatusOr<EncodeResult> WithEffort(ChangeableController& controller,
                                          const EffortPlan& plan,
                                          int at_once = 2,
                                          const ProgressFn& progress = Ignore) {
    sink_ = MemorySink();
    return EncodeWithEffort(
        {.plan = plan,
         .at_once = at_once,
         .controller = &controller,
         .target_kbps = kTarget,
         .whole_target_kbps = kTarget,
         .format = clip_.format(),
         .open_source = []() -> absl::StatusOr<std::unique_ptr<FrameSource>> {
           return std::make_unique<SyntheticClip>(kClip);
         }},
        kSettings, *first_, sink_, progress);
  }

  static constexpr EncoderSettings kSettings = {.cpu_used = 5};
  static constexpr testing_support::SyntheticClipOptions kClip = {
      .content = Content::kSceneCut, .num_frames = 60};
  SyntheticClip clip_{kClip};
  const absl::StatusOr<FirstPassResult> first_;
  MemorySink sink_;
};

TEST_F(EffortEncodeTest, WithNothingToTryIsThePlainEncode) {
  FeedbackController alone(Sequence());
  const auto plain = Plain(alone);
  ASSERT_THAT(plain, IsOk());
  const auto packets = sink_.packets();
  FeedbackController controller(Sequence());
  const auto result = WithEffort(controller, EffortPlanFor(1));
  ASSERT_THAT(result, IsOk());
  EXPECT_TRUE(sink_.packets() == packets);
  EXPECT_EQ(result->bitrate_kbps, plain->bitrate_kbps);
  EXPECT_EQ(result->shown_frames, 60);
  EXPECT_EQ(result->psnr.mean_db, plain->psnr.mean_db);
  ASSERT_EQ(result->frames.size(), plain->frames.size());
  for (size_t i = 0; i < result->frames.size(); ++i) {
    EXPECT_EQ(result->frames[i].type, plain->frames[i].type);
    EXPECT_EQ(result->frames[i].q_index, plain->frames[i].q_index);
    EXPECT_EQ(result->frames[i].bits, plain->frames[i].bits);
    EXPECT_EQ(result->frames[i].psnr_db, plain->frames[i].psnr_db);
  }
}

TEST_F(EffortEncodeTest, IsTheSameHoweverManyProcessesThereAre) {
  std::vector<std::vector<std::vector<uint8_t>>> packets;
  for (const int at_once : {1, 4}) {
    FeedbackController controller(Sequence());
    ASSERT_THAT(WithEffort(controller, EffortPlanFor(3), at_once), IsOk());
    packets.push_back(sink_.packets());
  }
  EXPECT_TRUE(packets[0] == packets[1]);
}

TEST_F(EffortEncodeTest, KeepsToTheTarget) {
  FeedbackController controller(Sequence());
  const auto result = WithEffort(controller, EffortPlanFor(4));
  ASSERT_THAT(result, IsOk());
  EXPECT_LE(result->bitrate_kbps, 1.01 * kTarget);
  EXPECT_EQ(sink_.packets().size(), 60u);
}

TEST_F(EffortEncodeTest, MakesUpForOffsetsThatDoNotSuitTheClip) {
  FeedbackOptions options;
  options.offsets.alt_ref -= 1.2;
  FeedbackController alone(Sequence(), options);
  const auto plain = Plain(alone);
  ASSERT_THAT(plain, IsOk());
  FeedbackController controller(Sequence(), options);
  const auto result = WithEffort(controller, EffortPlanFor(4));
  ASSERT_THAT(result, IsOk());
  constexpr double kSlopeDb = 5;
  const double gain_db =
      result->psnr.mean_db - plain->psnr.mean_db -
      kSlopeDb * std::log(result->bitrate_kbps / plain->bitrate_kbps);
  EXPECT_GT(gain_db, 0.1);
}

TEST_F(EffortEncodeTest, TellsOfProgressThatNeverGoesBack) {
  FeedbackController controller(Sequence());
  std::vector<int64_t> frames;
  ASSERT_THAT(WithEffort(controller, EffortPlanFor(2), 2,
                         [&](const EncodeProgress& progress) {
                           frames.push_back(progress.frames);
                           return absl::OkStatus();
                         }),
              IsOk());
  EXPECT_TRUE(std::is_sorted(frames.begin(), frames.end()));
  EXPECT_LE(frames.back(), 60);
  EXPECT_GT(frames.back(), 30);
}

TEST_F(EffortEncodeTest, EndsWithAllItsProcessesWhenToldTo) {
  FeedbackController controller(Sequence());
  EXPECT_THAT(WithEffort(controller, EffortPlanFor(4), 4,
                         [&](const EncodeProgress& progress) {
                           return progress.frames < 10
                                      ? absl::OkStatus()
                                      : absl::CancelledError("enough");
                         }),
              HasStatus(absl::StatusCode::kCancelled, "enough"));
}

TEST_F(EffortEncodeTest, ReturnsTheErrorOfABranch) {
  FeedbackController feedback(Sequence());
  InterruptedController controller(
      feedback, 20, [] { return absl::DataLossError("no more of this"); });
  EXPECT_THAT(WithEffort(controller, EffortPlanFor(3)),
              HasStatus(absl::StatusCode::kDataLoss, "no more of this"));
}

TEST_F(EffortEncodeTest, SaysSoIfAProcessDies) {
  FeedbackController feedback(Sequence());
  InterruptedController controller(feedback, 20, [] {
    std::raise(SIGKILL);
    return absl::OkStatus();
  });
  EXPECT_THAT(WithEffort(controller, EffortPlanFor(3)),
              HasStatus(absl::StatusCode::kInternal, "killed by signal 9"));
}

TEST_F(EffortEncodeTest, ReturnsTheErrorOfASourceThatCannotBeOpened) {
  FeedbackController controller(Sequence());
  EXPECT_THAT(
      EncodeWithEffort(
          {.plan = EffortPlanFor(2),
           .controller = &controller,
           .target_kbps = kTarget,
           .whole_target_kbps = kTarget,
           .format = clip_.format(),
           .open_source = []() -> absl::StatusOr<std::unique_ptr<FrameSource>> {
             return absl::NotFoundError("it is gone");
           }},
          kSettings, *first_, sink_, Ignore),
      HasStatus(absl::StatusCode::kNotFound, "it is gone"));
}

}  // namespace
}  // namespace encoder_bridge
