#include "eval/quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/container_writer.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"

namespace eval {
namespace {

using ::encoder_bridge::VideoFormat;
using ::encoder_bridge::VideoFrame;
using ::testing_support::Content;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::SyntheticClip;

// Frames of one luma and one chroma value each.
class FlatSource : public encoder_bridge::FrameSource {
 public:
  struct Picture {
    uint8_t luma;
    uint8_t chroma;
  };

  explicit FlatSource(std::vector<Picture> pictures)
      : pictures_(std::move(pictures)) {
    format_.width = 32;
    format_.height = 16;
  }

  const VideoFormat& format() const override { return format_; }
  absl::StatusOr<const VideoFrame*> Next() override {
    if (next_ == pictures_.size()) return nullptr;
    luma_.assign(32 * 16, pictures_[next_].luma);
    chroma_.assign(16 * 8, pictures_[next_].chroma);
    frame_ = {.width = 32,
              .height = 16,
              .planes = {luma_.data(), chroma_.data(), chroma_.data()},
              .strides = {32, 16, 16},
              .pts = static_cast<int64_t>(next_++)};
    return &frame_;
  }
  absl::Status Rewind() override {
    next_ = 0;
    return absl::OkStatus();
  }

 private:
  const std::vector<Picture> pictures_;
  VideoFormat format_;
  VideoFrame frame_;
  std::vector<uint8_t> luma_;
  std::vector<uint8_t> chroma_;
  size_t next_ = 0;
};

double PsnrOfMse(double mse) { return 10 * std::log10(255.0 * 255.0 / mse); }

TEST(MeasureQualityTest, WeighsThePlanesByTheirSamples) {
  // Luma is off by 6, chroma by 3: MSE is (4 x 36 + 2 x 9) / 6 = 27.
  FlatSource decoded({{106, 103}});
  FlatSource source({{100, 100}});
  const auto quality = MeasureQuality(decoded, source);
  ASSERT_THAT(quality, IsOk());
  EXPECT_NEAR(quality->psnr_y_db, PsnrOfMse(36), 1e-12);
  EXPECT_NEAR(quality->psnr_db, PsnrOfMse(27), 1e-12);
  EXPECT_NEAR(quality->psnr_global_db, PsnrOfMse(27), 1e-12);
}

TEST(MeasureQualityTest, TellsTheMeanOfFramesFromTheGlobalPsnr) {
  FlatSource decoded({{101, 101}, {110, 110}});
  FlatSource source({{100, 100}, {100, 100}});
  const auto quality = MeasureQuality(decoded, source);
  ASSERT_THAT(quality, IsOk());
  EXPECT_EQ(quality->frames, 2);
  EXPECT_NEAR(quality->psnr_db, (PsnrOfMse(1) + PsnrOfMse(100)) / 2, 1e-12);
  EXPECT_NEAR(quality->psnr_global_db, PsnrOfMse(50.5), 1e-12);
}

TEST(MeasureQualityTest, GivesEqualVideosTheBestMarks) {
  SyntheticClip a({.num_frames = 3});
  SyntheticClip b({.num_frames = 3});
  const auto quality = MeasureQuality(a, b);
  ASSERT_THAT(quality, IsOk());
  EXPECT_EQ(quality->psnr_db, 100);
  EXPECT_NEAR(quality->ssim, 1, 1e-6);
}

TEST(MeasureQualityTest, TakesTenBitsByTheirOwnPeak) {
  SyntheticClip a({.num_frames = 3, .bit_depth = 10});
  SyntheticClip b({.num_frames = 3, .bit_depth = 10});
  SyntheticClip shifted({.num_frames = 3, .seed = 2, .bit_depth = 10});
  const auto equal = MeasureQuality(a, b);
  ASSERT_THAT(equal, IsOk());
  EXPECT_EQ(equal->psnr_db, 100);
  EXPECT_NEAR(equal->ssim, 1, 1e-6);
  SyntheticClip a8({.num_frames = 3});
  SyntheticClip shifted8({.num_frames = 3, .seed = 2});
  const auto ten = MeasureQuality(shifted, a);
  const auto eight = MeasureQuality(shifted8, a8);
  EXPECT_NEAR(ten->psnr_db, eight->psnr_db, 0.1);
  EXPECT_NEAR(ten->ssim, eight->ssim, 0.01);
}

TEST(MeasureQualityTest, RanksWorsePicturesLower) {
  SyntheticClip source({.num_frames = 3});
  SyntheticClip shifted({.num_frames = 3, .seed = 2});
  const auto worse = MeasureQuality(shifted, source);
  ASSERT_THAT(worse, IsOk());
  EXPECT_LT(worse->ssim, 0.9);
  EXPECT_LT(worse->psnr_db, 20);
}

// The parameter is the bit depth.
class MeasureCodedQualityTest : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(BitDepths, MeasureCodedQualityTest,
                         testing::Values(8, 10));

TEST_P(MeasureCodedQualityTest, AgreesWithWhatTheEncoderMeasured) {
  const std::string path = testing::TempDir() + "/quality.webm";
  const auto ignore = [](const encoder_bridge::EncodeProgress&) {
    return absl::OkStatus();
  };
  SyntheticClip clip({.width = 97, .height = 65, .bit_depth = GetParam()});
  const auto first = encoder_bridge::RunFirstPass(clip, {}, ignore);
  const auto writer =
      encoder_bridge::ContainerWriter::Create(path, {.video = clip.format()});
  const auto result = encoder_bridge::RunSecondPass(
      clip, {}, *first, {.target_bitrate_kbps = 100}, **writer, ignore);
  ASSERT_THAT((*writer)->Commit(), IsOk());
  const auto decoded =
      encoder_bridge::VideoReader::Open(path, {.bit_depth = GetParam()});
  const auto quality = MeasureQuality(**decoded, clip);
  ASSERT_THAT(quality, IsOk());
  EXPECT_NEAR(quality->psnr_db, result->psnr.mean_db, 1e-4);
  EXPECT_NEAR(quality->psnr_y_db, result->psnr.y_db, 1e-4);
  EXPECT_NEAR(quality->psnr_global_db, result->psnr.global_db, 1e-4);
}

TEST(MeasureQualityTest, RefusesVideosThatDoNotMatch) {
  SyntheticClip source({.num_frames = 3});
  SyntheticClip longer({.num_frames = 4});
  SyntheticClip wider({.width = 128, .num_frames = 3});
  SyntheticClip tiny_a({.width = 8, .height = 8, .num_frames = 3});
  SyntheticClip tiny_b({.width = 8, .height = 8, .num_frames = 3});
  EXPECT_THAT(MeasureQuality(longer, source),
              HasStatus(absl::StatusCode::kFailedPrecondition, "3 frames"));
  EXPECT_THAT(MeasureQuality(wider, source),
              HasStatus(absl::StatusCode::kFailedPrecondition, "128x64"));
  SyntheticClip deeper({.num_frames = 3, .bit_depth = 10});
  EXPECT_THAT(MeasureQuality(deeper, source),
              HasStatus(absl::StatusCode::kFailedPrecondition, "10 bits"));
  EXPECT_THAT(MeasureQuality(tiny_a, tiny_b),
              HasStatus(absl::StatusCode::kFailedPrecondition, "16x16"));
}

}  // namespace
}  // namespace eval
