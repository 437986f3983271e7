#include "eval/frame_json.h"

#include "encoder_bridge/encode_result.h"
#include "nlohmann/json.hpp"

namespace eval {

nlohmann::ordered_json FrameJson(const encoder_bridge::CodedFrame& frame) {
  return {frame.show_index, static_cast<int>(frame.type), frame.q_index,
          frame.bits};
}

}  // namespace eval
