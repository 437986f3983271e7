#ifndef EVAL_FRAME_TRACE_H_
#define EVAL_FRAME_TRACE_H_

#include <string>
#include <vector>

#include "encoder_bridge/encode_result.h"

namespace eval {

// The coded frames of one encode of a sweep, for the charts of the report.
struct FrameTrace {
  std::string clip;
  std::string controller;
  double target_kbps = 0;
  std::vector<encoder_bridge::CodedFrame> frames;  // In coding order.
};

// Returns, for every clip, the traces of its middle target (the lower of two):
// one encode for each controller, for a report to show.  Traces without a
// target are left out.
std::vector<FrameTrace> MiddleTraces(const std::vector<FrameTrace>& traces);

}  // namespace eval

#endif  // EVAL_FRAME_TRACE_H_
