#ifndef SELFPLAY_FRAME_HISTORY_H_
#define SELFPLAY_FRAME_HISTORY_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "encoder_bridge/rate_controller.h"

namespace selfplay {

// What coding a frame came to.
struct CodedOutcome {
  double log_step = 0;  // LogQuantizerStep() of its q_index.
  double log_bpp = 0;   // LogBpp().
  double psnr_db = 0;   // Y, U and V together; of no meaning for an ARF.
};

// All that was coded for one shown frame.
struct ShownFrame {
  std::optional<CodedOutcome> coded;    // What is shown.
  encoder_bridge::FrameType type = {};  // Its type, once coded.
  std::optional<CodedOutcome> alt_ref;  // The hidden ARF of the same picture.
};

// ln(bits per luma pixel) of a frame of `pixels`; 8 bits at least.
double LogBpp(const encoder_bridge::FrameResult& result, double pixels);

// PSNR of Y, U and V together in dB, at most 100 as in libvpx.
double PsnrDb(const encoder_bridge::FrameResult& result);

// What was coded so far: frame by frame within a window of shown frames that
// its user moves on, and for the references of later frames the last 1024
// quantizer steps.  Memory is bounded by the window.  Not thread-safe.
class FrameHistory {
 public:
  // `pixels`: luma samples of a frame.  REQUIRES: `pixels` > 0.
  explicit FrameHistory(double pixels);

  // Frames before the window are only remembered as references.
  // REQUIRES: `info.show_index` >= 0.
  void Add(const encoder_bridge::FrameInfo& info,
           const encoder_bridge::FrameResult& result);

  // Moves the window's start on to `show_index`.
  void DropBefore(int show_index);

  // Null for what is not in the window or not coded in any way.
  const ShownFrame* At(int show_index) const;

  // LogQuantizerStep() of a coded frame, unless that is long ago.
  std::optional<double> LogStepOf(int coding_index) const;

  // Shown frames since the last key frame; 0 before any.
  int FramesSinceKey(int show_index) const;

 private:
  struct Step {
    int coding_index = -1;
    double log_step = 0;
  };

  const double pixels_;
  int first_ = 0;                  // Show index of frames_.front().
  std::deque<ShownFrame> frames_;  // By show index.
  std::vector<Step> steps_;        // [1024], by coding index modulo 1024.
  int last_key_ = 0;               // Show index.
};

}  // namespace selfplay

#endif  // SELFPLAY_FRAME_HISTORY_H_
