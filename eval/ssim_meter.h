#ifndef EVAL_SSIM_METER_H_
#define EVAL_SSIM_METER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "encoder_bridge/video_frame.h"

namespace eval {

// FFmpeg's ssim filter as an object.  Not thread-safe.
class SsimMeter {
 public:
  // Both pictures of every pair have this size, at least 16x16, and bit depth.
  static absl::StatusOr<std::unique_ptr<SsimMeter>> Create(int width,
                                                           int height,
                                                           int bit_depth);

  ~SsimMeter();
  SsimMeter(const SsimMeter&) = delete;
  SsimMeter& operator=(const SsimMeter&) = delete;

  // Returns the SSIM of Y, U and V together ("All"), in [0, 1].
  absl::StatusOr<double> Measure(const encoder_bridge::VideoFrame& decoded,
                                 const encoder_bridge::VideoFrame& reference);

 private:
  class Impl;
  explicit SsimMeter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eval

#endif  // EVAL_SSIM_METER_H_
