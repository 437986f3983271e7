#ifndef ENCODER_BRIDGE_STEP_CHANGE_H_
#define ENCODER_BRIDGE_STEP_CHANGE_H_

#include "encoder_bridge/rate_controller.h"

namespace encoder_bridge {

// By how much coarser than planned frames are coded, in ln(quantizer step).
struct StepChange {
  double key = 0;
  double alt_ref = 0;  // Of golden frames, too.
  double leaf = 0;

  // Of a frame of this type; an overlay follows its ARF, and has none.
  double Of(FrameType type) const {
    switch (type) {
      case FrameType::kKey:
        return key;
      case FrameType::kAltRef:
      case FrameType::kGolden:
        return alt_ref;
      case FrameType::kInter:
        return leaf;
      case FrameType::kOverlay:
        break;
    }
    return 0;
  }
};

// A controller that can be told to plan otherwise for a while.
class ChangeableController : public RateController {
 public:
  // For all frames from now on.  The controller keeps its promises on the
  // bitrate whatever the change.
  virtual void set_change(const StepChange& change) = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_STEP_CHANGE_H_
