#include "capi/muzero_rc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "tests/capi/hosted_encode.h"
#include "tests/testing/memory_sink.h"
#include "tests/testing/synthetic_clip.h"
#include "tests/testing/test_folder.h"

namespace capi {
namespace {

using ::encoder_bridge::FeedbackController;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing_support::SyntheticClip;
using ::testing_support::TestFolder;

// A rate control with `options`, or the defaults; deleted at the end.
class RateControl {
 public:
  explicit RateControl(
      const muzero_rc_options_t& options = muzero_rc_default_options())
      : handle(muzero_rc_new(&options, error, sizeof error)) {
    EXPECT_NE(handle, nullptr) << error;
  }
  ~RateControl() { muzero_rc_delete(handle); }
  RateControl(const RateControl&) = delete;
  RateControl& operator=(const RateControl&) = delete;

  char error[200];
  muzero_rc_t* const handle;
};

// Why there can be none.
std::string ErrorOf(const muzero_rc_options_t& options) {
  char error[300] = "";
  EXPECT_EQ(muzero_rc_new(&options, error, sizeof error), nullptr);
  return error;
}

// The packets of `encode --controller feedback`.
std::vector<std::vector<uint8_t>> EncodeWithFeedback(
    const HostedEncodeOptions& options) {
  SyntheticClip clip(options.clip);
  const encoder_bridge::EncoderSettings settings = {.cpu_used = 8};
  const auto ignore = [](const encoder_bridge::EncodeProgress&) {
    return absl::OkStatus();
  };
  const auto first = encoder_bridge::RunFirstPass(clip, settings, ignore);
  FeedbackController controller({.width = options.clip.width,
                                 .height = options.clip.height,
                                 .frame_rate = 30,
                                 .num_frames = options.clip.num_frames,
                                 .target_bitrate_kbps = static_cast<double>(
                                     options.target_bitrate_kbps)});
  testing_support::MemorySink sink;
  const auto second = encoder_bridge::RunSecondPass(
      clip, settings, *first,
      {.mode = encoder_bridge::RateControlMode::kExternal,
       .target_bitrate_kbps = options.target_bitrate_kbps,
       .controller = &controller},
      sink, ignore);
  EXPECT_TRUE(second.ok()) << second.status();
  return sink.packets();
}

TEST(MuzeroRcTest, CodesWhatTheProgramItselfCodes) {
  const RateControl rc;
  const HostedEncodeOptions options;
  const HostedEncodeResult result =
      EncodeWith(muzero_rc_funcs(rc.handle), options);
  EXPECT_TRUE(result.is_registered);
  EXPECT_EQ(QIndicesIn(result.packets),
            QIndicesIn(EncodeWithFeedback(options)));
  EXPECT_TRUE(result.packets == EncodeWithFeedback(options));
  EXPECT_EQ(muzero_rc_coded_frames(rc.handle),
            static_cast<int64_t>(QIndicesIn(result.packets).size()));
}

TEST(MuzeroRcTest, TakesTheFrameRateFromTheStatisticsNotTheTimeBase) {
  const RateControl rc;
  const HostedEncodeOptions fine = {.ticks_per_frame = 1000};
  const HostedEncodeResult result =
      EncodeWith(muzero_rc_funcs(rc.handle), fine);
  ASSERT_EQ(result.packets.size(), 40u);
  EXPECT_LE(BitrateKbps(result), 15);
  EXPECT_GE(BitrateKbps(result), 0.9 * 15);
}

TEST(MuzeroRcTest, TakesATargetOfItsOwn) {
  muzero_rc_options_t options = muzero_rc_default_options();
  options.target_bitrate_kbps = 10;
  const RateControl rc(options);
  const HostedEncodeResult result = EncodeWith(muzero_rc_funcs(rc.handle));
  EXPECT_LE(BitrateKbps(result), 10);
  EXPECT_GE(BitrateKbps(result), 0.9 * 10);
}

TEST(MuzeroRcTest, StaysWithinTheQuantizers) {
  muzero_rc_options_t options = muzero_rc_default_options();
  options.min_q_index = 100;
  options.max_q_index = 104;
  const RateControl rc(options);
  const HostedEncodeResult result = EncodeWith(muzero_rc_funcs(rc.handle));
  EXPECT_THAT(QIndicesIn(result.packets),
              Each(testing::AllOf(testing::Ge(100), testing::Le(104))));
}

// Noise at the finest quantizers overflows libvpx's buffer.
TEST(MuzeroRcTest, KeepsNoiseAwayFromTheFinestQuantizers) {
  const RateControl rc;
  const HostedEncodeResult result =
      EncodeWith(muzero_rc_funcs(rc.handle),
                 {.clip = {.content = testing_support::Content::kNoise,
                           .width = 320,
                           .height = 200,
                           .num_frames = 10},
                  .target_bitrate_kbps = 1'000'000});
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(QIndicesIn(result.packets), Each(testing::Ge(10)));
}

TEST(MuzeroRcTest, TakesEveryDistanceOfKeyFrames) {
  for (const int kf_max_dist : {0, 1, std::numeric_limits<int>::max()}) {
    SCOPED_TRACE(kf_max_dist);
    muzero_rc_options_t options = muzero_rc_default_options();
    options.kf_max_dist = kf_max_dist;
    const RateControl rc(options);
    const HostedEncodeResult result =
        EncodeWith(muzero_rc_funcs(rc.handle),
                   {.clip = {.content = testing_support::Content::kSceneCut,
                             .num_frames = 40}});
    EXPECT_TRUE(result.status.ok()) << result.status;
    EXPECT_EQ(result.packets.size(), 40u);
  }
}

TEST(MuzeroRcTest, ServesTwoEncodersAtOnce) {
  const RateControl rc;
  const HostedEncodeOptions options;
  HostedEncodeResult results[2];
  std::vector<std::thread> threads;
  for (HostedEncodeResult& result : results) {
    threads.emplace_back(
        [&] { result = EncodeWith(muzero_rc_funcs(rc.handle), options); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(results[0].packets == results[1].packets);
  EXPECT_EQ(muzero_rc_coded_frames(rc.handle),
            static_cast<int64_t>(2 * QIndicesIn(results[0].packets).size()));
  EXPECT_EQ(muzero_rc_status(rc.handle, nullptr, 0), MUZERO_RC_OK);
}

TEST(MuzeroRcTest, MakesOneWithDefaultsForNoOptions) {
  muzero_rc_t* const rc = muzero_rc_new(nullptr, nullptr, 0);
  EXPECT_NE(rc, nullptr);
  EXPECT_EQ(muzero_rc_coded_frames(rc), 0);
  EXPECT_EQ(muzero_rc_delete(rc), MUZERO_RC_OK);
}

TEST(MuzeroRcTest, NoticesAHandleThatIsNone) {
  int no_rate_control = 0;
  for (muzero_rc_t* const rc :
       {static_cast<muzero_rc_t*>(nullptr),
        reinterpret_cast<muzero_rc_t*>(&no_rate_control)}) {
    char error[100];
    EXPECT_EQ(muzero_rc_status(rc, error, sizeof error),
              MUZERO_RC_INVALID_HANDLE);
    EXPECT_THAT(error, HasSubstr("no such rate control"));
    EXPECT_EQ(muzero_rc_coded_frames(rc), -1);
    EXPECT_FALSE(EncodeWith(muzero_rc_funcs(rc)).is_registered);
  }
  EXPECT_EQ(muzero_rc_delete(nullptr), MUZERO_RC_OK);
}

TEST(MuzeroRcTest, NoticesASecondDeletion) {
  muzero_rc_t* const first = muzero_rc_new(nullptr, nullptr, 0);
  EXPECT_EQ(muzero_rc_delete(first), MUZERO_RC_OK);
  const RateControl second;  // Is not what the old handle deletes.
  EXPECT_EQ(muzero_rc_delete(first), MUZERO_RC_INVALID_HANDLE);
  EXPECT_EQ(muzero_rc_coded_frames(second.handle), 0);
}

TEST(MuzeroRcTest, RefusesToBeRegisteredOnceItIsDeleted) {
  muzero_rc_t* const rc = muzero_rc_new(nullptr, nullptr, 0);
  const vpx_rc_funcs_t functions = muzero_rc_funcs(rc);
  muzero_rc_delete(rc);
  const HostedEncodeResult result = EncodeWith(functions);
  EXPECT_FALSE(result.is_registered);
  // libvpx's own rate control goes on.
  EXPECT_EQ(result.packets.size(), 40u);
}

TEST(MuzeroRcTest, FinishesAnEncodeDuringWhichItIsDeleted) {
  muzero_rc_t* const rc = muzero_rc_new(nullptr, nullptr, 0);
  const HostedEncodeResult result =
      EncodeWith(muzero_rc_funcs(rc),
                 {.pause_after = 30, .pause = [&] { muzero_rc_delete(rc); }});
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(QIndicesIn(result.packets), QIndicesIn(EncodeWithFeedback({})));
}

TEST(MuzeroRcTest, SaysWhatIsWrongWithTheOptions) {
  const auto with = [](auto change) {
    muzero_rc_options_t options = muzero_rc_default_options();
    change(options);
    return ErrorOf(options);
  };
  EXPECT_THAT(with([](auto& o) { o.abi_version = 0; }),
              StartsWith("abi_version 0 is not 1"));
  EXPECT_THAT(with([](auto& o) { o.simulations = -1; }),
              StartsWith("simulations -1 "));
  EXPECT_THAT(with([](auto& o) { o.target_bitrate_kbps = std::nan(""); }),
              StartsWith("target_bitrate_kbps nan "));
  EXPECT_THAT(with([](auto& o) { o.min_q_index = 0; }),
              StartsWith("min_q_index 0 "));
  EXPECT_THAT(with([](auto& o) { o.max_q_index = 256; }),
              HasSubstr("max_q_index 256 "));
  EXPECT_THAT(with([](auto& o) { o.min_q_index = 9, o.max_q_index = 8; }),
              StartsWith("min_q_index 9 "));
  EXPECT_THAT(with([](auto& o) { o.kf_max_dist = -1; }),
              StartsWith("kf_max_dist -1 "));
  EXPECT_THAT(with([](auto& o) { o.bit_depth = 9; }),
              StartsWith("bit_depth 9 "));
}

TEST(MuzeroRcTest, SaysWhatIsWrongWithTheModel) {
  const TestFolder folder;
  const std::string none = folder.PathOf("none");
  muzero_rc_options_t options = muzero_rc_default_options();
  options.model = none.c_str();
  EXPECT_THAT(ErrorOf(options), HasSubstr(none));
  options.model = "";
  EXPECT_FALSE(ErrorOf(options).empty());
}

TEST(MuzeroRcTest, CutsTheReasonToTheRoomThereIs) {
  muzero_rc_options_t options = muzero_rc_default_options();
  options.abi_version = 9;
  char error[12];
  std::fill(std::begin(error), std::end(error), 'x');
  EXPECT_EQ(muzero_rc_new(&options, error, 6), nullptr);
  EXPECT_STREQ(error, "abi_v");
  EXPECT_EQ(error[6], 'x');
  EXPECT_EQ(muzero_rc_new(&options, error, 0), nullptr);
}

TEST(MuzeroRcTest, SaysWhyAnEncodeCannotBe) {
  const RateControl rc;
  const vpx_rc_funcs_t functions = muzero_rc_funcs(rc.handle);
  const vpx_rc_config_t config = {.frame_width = 64, .frame_height = 48};
  vpx_rc_model_t model = nullptr;
  EXPECT_EQ(functions.create_model(functions.priv, &config, &model),
            VPX_RC_ERROR);
  char error[200];
  EXPECT_EQ(muzero_rc_status(rc.handle, error, sizeof error),
            MUZERO_RC_ENCODE_FAILED);
  EXPECT_THAT(error, HasSubstr("target bitrate is 0"));
}

TEST(MuzeroRcTest, KnowsItsVersion) {
  EXPECT_STREQ(muzero_rc_version(), PROJECT_VERSION);
  EXPECT_EQ(muzero_rc_abi_version(), MUZERO_RC_ABI_VERSION);
}

}  // namespace
}  // namespace capi
