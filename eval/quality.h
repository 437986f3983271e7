#ifndef EVAL_QUALITY_H_
#define EVAL_QUALITY_H_

#include "absl/status/statusor.h"
#include "encoder_bridge/frame_source.h"

namespace eval {

// How close a decoded video is to its source.
struct Quality {
  double psnr_db = 0;         // Mean over frames of Y, U, V together.
  double psnr_y_db = 0;       // Mean over frames of luma.
  double psnr_global_db = 0;  // From the summed SSE of Y, U, V.
  double ssim = 0;            // Mean over frames, FFmpeg's "All", in [0, 1].
  int frames = 0;
};

// Compares the frames of both sources one by one, from their beginnings.  SSIM
// is that of FFmpeg's ssim filter; PSNR comes from the squared errors, since
// FFmpeg's psnr filter hands out two decimals only, and is capped at 100 dB as
// libvpx caps it.
//
// Errors: FailedPrecondition if the sources differ in size, in bit depth or in
// the number of frames, or are smaller than the 16x16 pixels that SSIM needs;
// whatever the sources return.
absl::StatusOr<Quality> MeasureQuality(encoder_bridge::FrameSource& decoded,
                                       encoder_bridge::FrameSource& reference);

}  // namespace eval

#endif  // EVAL_QUALITY_H_
