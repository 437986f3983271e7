#ifndef TESTS_TESTING_SYNTHETIC_CLIP_H_
#define TESTS_TESTING_SYNTHETIC_CLIP_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/video_frame.h"

namespace testing_support {

// What the frames of a synthetic clip show.
enum class Content {
  kMovingTexture,  // A smooth random texture that pans by 2 pixels a frame.
  kSceneCut,       // kMovingTexture, another one from the middle on.
  kFade,           // kMovingTexture that fades to black.
  kNoise,          // Every frame independent uniform noise.
  kStatic,         // One picture, unchanged.
  kBlack,          // All black.
};

struct SyntheticClipOptions {
  Content content = Content::kMovingTexture;
  int width = 96;
  int height = 64;
  int num_frames = 30;
  encoder_bridge::Rational frame_rate = {30, 1};
  uint32_t seed = 1;
  encoder_bridge::Rational sample_aspect_ratio = {0, 1};
  encoder_bridge::ColorInfo color;  // What it says it is.
  // 10: the samples of 8 bits, times four, with two random bits below.
  int bit_depth = 8;
  encoder_bridge::HdrMetadata hdr;
};

// A clip made by code: the same options give the same frames.  Frames are made
// on demand, so its memory does not grow with its length.
class SyntheticClip : public encoder_bridge::FrameSource {
 public:
  explicit SyntheticClip(const SyntheticClipOptions& options);

  const encoder_bridge::VideoFormat& format() const override;
  absl::StatusOr<const encoder_bridge::VideoFrame*> Next() override;
  absl::Status Rewind() override;

 private:
  void Paint(int frame);
  void Deepen(int frame);
  uint8_t Texture(int x, int y, uint32_t seed) const;

  const SyntheticClipOptions options_;
  encoder_bridge::VideoFormat format_;
  encoder_bridge::VideoFrame frame_;
  std::vector<uint8_t> luma_;
  std::vector<uint8_t> chroma_u_;
  std::vector<uint8_t> chroma_v_;
  std::array<std::vector<uint16_t>, 3> deep_;  // Planes of more than 8 bits.
  int next_ = 0;
};

}  // namespace testing_support

#endif  // TESTS_TESTING_SYNTHETIC_CLIP_H_
