#ifndef ENCODER_BRIDGE_EFFORT_PASS_H_
#define ENCODER_BRIDGE_EFFORT_PASS_H_

#include "encoder_bridge/attempts.h"
#include "encoder_bridge/effort_encode.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace encoder_bridge {

// What runs attempts that are planned with the encoder itself:
// EncodeWithEffort() with the attempt's controller in the place of that of
// `encode`, in as many processes as `settings` have threads.
//
// Errors: EncodeWithEffort()'s; InvalidArgument if the controller is no
// ChangeableController.  `settings` and `first_pass` must outlive what is
// returned.
AttemptPass EffortPass(const EffortEncode& encode,
                       const EncoderSettings& settings,
                       const FirstPassResult& first_pass);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_EFFORT_PASS_H_
