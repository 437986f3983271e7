#include "tests/testing/synthetic_clip.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/video_frame.h"

namespace testing_support {
namespace {

constexpr int kPanPerFrame = 2;  // Pixels.
constexpr int kTextureCell = 8;  // Pixels from one random value to the next.
constexpr uint8_t kBlackLuma = 16;
constexpr uint8_t kNeutralChroma = 128;

// A well-mixed 32-bit hash of a lattice point.
uint32_t Hash(int x, int y, uint32_t seed) {
  uint32_t h = static_cast<uint32_t>(x) * 0x9e3779b1u ^
               static_cast<uint32_t>(y) * 0x85ebca77u ^ seed * 0xc2b2ae3du;
  h ^= h >> 15;
  h *= 0x2c1b3c6du;
  h ^= h >> 12;
  h *= 0x297a2d39u;
  return h ^ h >> 15;
}

}  // namespace

SyntheticClip::SyntheticClip(const SyntheticClipOptions& options)
    : options_(options) {
  const int chroma_width = (options.width + 1) / 2;
  const int chroma_height = (options.height + 1) / 2;
  luma_.resize(static_cast<size_t>(options.width) *
               static_cast<size_t>(options.height));
  chroma_u_.resize(static_cast<size_t>(chroma_width) *
                   static_cast<size_t>(chroma_height));
  chroma_v_.resize(chroma_u_.size());
  format_.width = options.width;
  format_.height = options.height;
  format_.frame_rate = options.frame_rate;
  format_.time_base = {options.frame_rate.den, options.frame_rate.num};
  format_.sample_aspect_ratio = options.sample_aspect_ratio;
  format_.color = options.color;
  format_.bit_depth = options.bit_depth;
  format_.hdr = options.hdr;
  format_.expected_frames = options.num_frames;
  frame_.width = options.width;
  frame_.height = options.height;
  frame_.planes = {luma_.data(), chroma_u_.data(), chroma_v_.data()};
  frame_.strides = {options.width, chroma_width, chroma_width};
  frame_.bit_depth = options.bit_depth;
  if (options.bit_depth == 8) return;
  for (size_t plane = 0; plane < 3; ++plane) {
    deep_[plane].resize(plane == 0 ? luma_.size() : chroma_u_.size());
    frame_.planes[plane] =
        reinterpret_cast<const uint8_t*>(deep_[plane].data());
    frame_.strides[plane] *= 2;
  }
}

const encoder_bridge::VideoFormat& SyntheticClip::format() const {
  return format_;
}

absl::StatusOr<const encoder_bridge::VideoFrame*> SyntheticClip::Next() {
  if (next_ == options_.num_frames) return nullptr;
  Paint(next_);
  if (options_.bit_depth > 8) Deepen(next_);
  frame_.pts = next_++;
  return &frame_;
}

absl::Status SyntheticClip::Rewind() {
  next_ = 0;
  return absl::OkStatus();
}

// Value noise: random lattice values, bilinear between them.
uint8_t SyntheticClip::Texture(int x, int y, uint32_t seed) const {
  const int cell_x = x / kTextureCell;
  const int cell_y = y / kTextureCell;
  const double fx = static_cast<double>(x % kTextureCell) / kTextureCell;
  const double fy = static_cast<double>(y % kTextureCell) / kTextureCell;
  const auto at = [&](int dx, int dy) {
    return static_cast<double>(Hash(cell_x + dx, cell_y + dy, seed) % 200);
  };
  const double top = std::lerp(at(0, 0), at(1, 0), fx);
  const double bottom = std::lerp(at(0, 1), at(1, 1), fx);
  return static_cast<uint8_t>(kBlackLuma + std::lerp(top, bottom, fy));
}

void SyntheticClip::Paint(int frame) {
  const Content content = options_.content;
  const bool is_second_scene =
      content == Content::kSceneCut && frame >= options_.num_frames / 2;
  const uint32_t seed = options_.seed + (is_second_scene ? 1000 : 0);
  const int pan = content == Content::kStatic ? 0 : frame * kPanPerFrame;
  const double gain = content == Content::kFade
                          ? 1 - static_cast<double>(frame) / options_.num_frames
                          : 1;
  for (int y = 0; y < options_.height; ++y) {
    for (int x = 0; x < options_.width; ++x) {
      uint8_t value = kBlackLuma;
      if (content == Content::kNoise) {
        value = static_cast<uint8_t>(
            Hash(x, y, seed + static_cast<uint32_t>(frame)) & 0xff);
      } else if (content != Content::kBlack) {
        value = static_cast<uint8_t>(
            kBlackLuma + gain * (Texture(x + pan, y, seed) - kBlackLuma));
      }
      luma_[static_cast<size_t>(y) * static_cast<size_t>(options_.width) +
            static_cast<size_t>(x)] = value;
    }
  }
  for (size_t i = 0; i < chroma_u_.size(); ++i) {
    const uint32_t noise = Hash(static_cast<int>(i), -1 - frame, seed);
    const bool is_noise = content == Content::kNoise;
    chroma_u_[i] = is_noise ? static_cast<uint8_t>(noise) : kNeutralChroma;
    chroma_v_[i] = is_noise ? static_cast<uint8_t>(noise >> 8) : kNeutralChroma;
  }
}

void SyntheticClip::Deepen(int frame) {
  for (size_t plane = 0; plane < 3; ++plane) {
    const std::vector<uint8_t>& samples =
        plane == 0 ? luma_ : (plane == 1 ? chroma_u_ : chroma_v_);
    const bool is_noise = options_.content == Content::kNoise;
    // Pictures keep theirs: what does not move is cheap to code.
    const int seed = is_noise ? -2 - frame : -2;
    for (size_t i = 0; i < samples.size(); ++i) {
      const uint32_t low = Hash(static_cast<int>(i), seed, options_.seed) & 3;
      deep_[plane][i] = static_cast<uint16_t>(4 * samples[i] + low);
    }
  }
}

}  // namespace testing_support
