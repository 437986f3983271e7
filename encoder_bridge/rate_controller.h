#ifndef ENCODER_BRIDGE_RATE_CONTROLLER_H_
#define ENCODER_BRIDGE_RATE_CONTROLLER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace encoder_bridge {

// The q_index values a controller may choose.  0 is lossless coding, which is
// another mode of VP9 and no rate-control choice.
inline constexpr int kMinQIndex = 1;
inline constexpr int kMaxQIndex = 255;

// Kind of a coded frame; the values are those of vpx_ext_ratectrl.h.
enum class FrameType {
  kKey = 0,
  kInter = 1,
  kAltRef = 2,   // Hidden ARF: coded, never shown.
  kOverlay = 3,  // Shown copy of an earlier ARF; nearly free.
  kGolden = 4,
};

// What libvpx's first pass found out about one shown frame, with the names of
// FIRSTPASS_STATS (vp9_firstpass.h).  Errors are sums of squared residuals per
// macroblock of 16x16 luma pixels, scaled by libvpx; pcnt_* are fractions of
// the macroblocks; motion vectors are in 1/8 pixel.
struct FirstPassFrameStats {
  double frame = 0;
  double weight = 0;
  double intra_error = 0;
  double coded_error = 0;
  double sr_coded_error = 0;
  double frame_noise_energy = 0;
  double pcnt_inter = 0;
  double pcnt_motion = 0;
  double pcnt_second_ref = 0;
  double pcnt_neutral = 0;
  double pcnt_intra_low = 0;
  double pcnt_intra_high = 0;
  double intra_skip_pct = 0;
  double intra_smooth_pct = 0;
  double inactive_zone_rows = 0;
  double inactive_zone_cols = 0;
  double mv_row = 0;
  double mv_row_abs = 0;
  double mv_col = 0;
  double mv_col_abs = 0;
  double mv_row_variance = 0;
  double mv_col_variance = 0;
  double mv_in_out_count = 0;
  double duration = 0;
  double count = 0;
};

// The frame that libvpx is about to code.
struct FrameInfo {
  FrameType type = FrameType::kInter;
  int show_index = 0;    // Display order, from 0; an ARF has its overlay's.
  int coding_index = 0;  // Coding order, from 0.
  int gop_index = 0;     // Place in its golden-frame group, from 0.
  // Coding indices of the references LAST, GOLDEN and ALTREF.
  std::array<std::optional<int>, 3> reference_coding_indices;
};

// What the frame that was just chosen for turned out to cost.
struct FrameResult {
  int coding_index = 0;
  int q_index = 0;   // What libvpx really coded with.
  int64_t bits = 0;  // Without the superframe index.
  int64_t sse = 0;   // Y, U and V together.  For an ARF it is against the
                     // temporally filtered source: no measure of quality.
  int64_t pixel_count = 0;  // Samples of Y, U and V together.
};

// What a controller may know before the first frame.
struct SequenceInfo {
  int width = 0;                   // Luma pixels.
  int height = 0;                  // Luma pixels.
  double frame_rate = 0;           // Shown frames per second, on average.
  int num_frames = 0;              // Shown frames.
  double target_bitrate_kbps = 0;  // Kilobits (1000 bits) per second.
};

// Chooses the q_index of every frame in the second pass of one encode.
//
// The encoder calls one instance, on the thread that called RunSecondPass(),
// in this order:
//
//   OnFirstPassStats  (ChooseQIndex  OnFrameEncoded)*
//
// with one pair per *coded* frame.  A hidden ARF and its later overlay are two
// pairs, so there can be more pairs than frames in the clip.
//
// Any non-OK return stops the encode; RunSecondPass() then returns that
// status.  Not thread-safe: use a fresh instance for each encode.
class RateController {
 public:
  virtual ~RateController() = default;

  // `stats` has one entry per shown frame, in display order.  The encoder
  // keeps it alive for as long as it calls this object.
  virtual absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) = 0;

  // Returns the q_index for `frame`, in [kMinQIndex, kMaxQIndex].
  virtual absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) = 0;

  // Tells the controller what the frame it just chose for turned out to cost.
  virtual absl::Status OnFrameEncoded(const FrameResult& result) = 0;

  // Whether a q_index means to it what it means in 8-bit VP9, at any bit depth:
  // it then sees all encodes as if they were such (ten_bit_controller.h).
  virtual bool ThinksInEightBits() const { return true; }
};

// Makes the controller of one encode.
using RateControllerFactory =
    std::function<absl::StatusOr<std::unique_ptr<RateController>>(
        const SequenceInfo&)>;

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_RATE_CONTROLLER_H_
