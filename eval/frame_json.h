#ifndef EVAL_FRAME_JSON_H_
#define EVAL_FRAME_JSON_H_

#include "encoder_bridge/encode_result.h"
#include "nlohmann/json_fwd.hpp"

namespace eval {

// [show index, type, q_index, bits], as frame_charts.js reads it.
nlohmann::ordered_json FrameJson(const encoder_bridge::CodedFrame& frame);

}  // namespace eval

#endif  // EVAL_FRAME_JSON_H_
