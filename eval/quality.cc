#include "eval/quality.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/psnr.h"
#include "encoder_bridge/video_frame.h"
#include "eval/ssim_meter.h"

namespace eval {
namespace {

using encoder_bridge::FrameSource;
using encoder_bridge::PsnrDb;
using encoder_bridge::VideoFrame;

struct PlaneError {
  int64_t sse = 0;
  int64_t samples = 0;
};

template <typename Sample>
PlaneError SquaredErrorOf(const VideoFrame& a, const VideoFrame& b,
                          size_t plane) {
  const int width = plane == 0 ? a.width : (a.width + 1) / 2;
  const int height = plane == 0 ? a.height : (a.height + 1) / 2;
  PlaneError error = {.samples = int64_t{width} * height};
  for (int y = 0; y < height; ++y) {
    const auto* row_a = reinterpret_cast<const Sample*>(
        a.planes[plane] + ptrdiff_t{y} * a.strides[plane]);
    const auto* row_b = reinterpret_cast<const Sample*>(
        b.planes[plane] + ptrdiff_t{y} * b.strides[plane]);
    // At most 2^16 x 1023^2 for the widest VP9 picture; int, where that is
    // enough, is faster.
    std::conditional_t<sizeof(Sample) == 1, int, int64_t> row_sse = 0;
    for (int x = 0; x < width; ++x) {
      const int difference = row_a[x] - row_b[x];
      row_sse += difference * difference;
    }
    error.sse += row_sse;
  }
  return error;
}

PlaneError SquaredError(const VideoFrame& a, const VideoFrame& b,
                        size_t plane) {
  return a.bytes_per_sample() == 1 ? SquaredErrorOf<uint8_t>(a, b, plane)
                                   : SquaredErrorOf<uint16_t>(a, b, plane);
}

}  // namespace

absl::StatusOr<Quality> MeasureQuality(FrameSource& decoded,
                                       FrameSource& reference) {
  const int width = reference.format().width;
  const int height = reference.format().height;
  if (decoded.format().width != width || decoded.format().height != height) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the decoded picture is ", decoded.format().width, "x",
        decoded.format().height, ", the source ", width, "x", height));
  }
  const int bit_depth = reference.format().bit_depth;
  if (decoded.format().bit_depth != bit_depth) {
    return absl::FailedPreconditionError(
        absl::StrCat("the decoded picture has ", decoded.format().bit_depth,
                     " bits a sample, the source ", bit_depth));
  }
  for (FrameSource* source : {&decoded, &reference}) {
    const absl::Status status = source->Rewind();
    if (!status.ok()) return status;
  }
  const auto ssim_meter = SsimMeter::Create(width, height, bit_depth);
  if (!ssim_meter.ok()) return ssim_meter.status();

  Quality quality;
  double total_sse = 0;
  double total_samples = 0;
  while (true) {
    const absl::StatusOr<const VideoFrame*> a = decoded.Next();
    if (!a.ok()) return a.status();
    const absl::StatusOr<const VideoFrame*> b = reference.Next();
    if (!b.ok()) return b.status();
    if (*a == nullptr && *b == nullptr) break;
    if (*a == nullptr || *b == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("only one of the decoded video and its source has "
                       "more than ",
                       quality.frames, " frames"));
    }
    double sse = 0;
    double samples = 0;
    for (size_t plane = 0; plane < 3; ++plane) {
      const PlaneError error = SquaredError(**a, **b, plane);
      sse += static_cast<double>(error.sse);
      samples += static_cast<double>(error.samples);
      if (plane == 0) quality.psnr_y_db += PsnrDb(sse, samples, bit_depth);
    }
    quality.psnr_db += PsnrDb(sse, samples, bit_depth);
    total_sse += sse;
    total_samples += samples;
    const absl::StatusOr<double> ssim = (*ssim_meter)->Measure(**a, **b);
    if (!ssim.ok()) return ssim.status();
    quality.ssim += *ssim;
    ++quality.frames;
  }
  if (quality.frames == 0) {
    return absl::FailedPreconditionError("there is no frame to compare");
  }
  quality.psnr_db /= quality.frames;
  quality.psnr_y_db /= quality.frames;
  quality.ssim /= quality.frames;
  quality.psnr_global_db = PsnrDb(total_sse, total_samples, bit_depth);
  return quality;
}

}  // namespace eval
