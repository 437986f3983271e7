#ifndef ENCODER_BRIDGE_RATE_MODEL_H_
#define ENCODER_BRIDGE_RATE_MODEL_H_

#include <vector>

#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// What one coded frame is expected to cost at any quantizer step:
//
//   ln(bits) = log_bits + slope (log_step - kReferenceLogStep)
//
// with log_step from LogQuantizerStep().
struct FrameCost {
  static constexpr double kReferenceLogStep = 5.3;  // About q_index 136.

  double log_bits = 0;
  double slope = -1;  // Negative: a coarser step costs less.

  // Always positive and finite for finite `log_step`.
  double Bits(double log_step) const;
};

// Predicts the cost of frames from libvpx's first-pass statistics alone: a
// linear model of ln(bits per macroblock), one for each kind of frame, fitted
// to real encodes by fit_rate_model.py.  A clip as a whole easily costs half
// or double of what is predicted (the residual's standard deviation over clips
// is 0.2 for key frames and 0.4 for others, in ln), so the caller is to correct
// it by what frames turn out to cost.
//
// Statistics that no encoder produces (negative, infinite, not a number) are
// taken as 0, so costs are finite whatever comes.
class RateModel {
 public:
  // `width`, `height` in luma pixels.  `stats` has one entry per shown frame
  // and must outlive this object.  `leaf_log_factors`, if there are any, has as
  // many: what is known to be missing in ln(bits) of each leaf.
  RateModel(int width, int height, absl::Span<const FirstPassFrameStats> stats,
            std::vector<double> leaf_log_factors = {});

  // A key frame at `show_index`.
  FrameCost KeyFrame(int show_index) const;

  // The hidden ARF of a group of shown frames, `first` to `last` with both.
  // Behind a cut within the group it costs what a key frame does.
  FrameCost AltRef(int first, int last) const;

  // A leaf at `show_index`.
  FrameCost Leaf(int show_index) const;

  // Whether, after the first of the shown frames `first` to `last`, another
  // picture begins, and stays.
  bool HasCut(int first, int last) const;

  int num_frames() const { return static_cast<int>(stats_.size()); }

 private:
  const double log_macroblocks_;
  const absl::Span<const FirstPassFrameStats> stats_;
  const std::vector<double> leaf_log_factors_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_RATE_MODEL_H_
