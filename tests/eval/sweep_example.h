#ifndef TESTS_EVAL_SWEEP_EXAMPLE_H_
#define TESTS_EVAL_SWEEP_EXAMPLE_H_

#include <string>
#include <vector>

#include "eval/frame_trace.h"
#include "eval/points.h"
#include "eval/run_info.h"

namespace eval {

// Made-up encodes of `clip` whose BD-rate is known: `controller` spends
// `rate_factor` times the bits of the factor 1 at equal quality, by every
// measure.  Targets are 256 to 768 kbps; an encode of factor 1 meets them.
std::vector<SweepPoint> ExampleCurve(const std::string& clip,
                                     const std::string& controller,
                                     double rate_factor);

// The same without targets, as libvpx-q makes them.
std::vector<SweepPoint> ExampleLadder(const std::string& clip,
                                      const std::string& controller,
                                      double rate_factor);

// `num_frames` shown frames in groups of 16: key, golden, ARF, overlay, inter.
FrameTrace ExampleTrace(const std::string& clip, const std::string& controller,
                        int num_frames);

RunInfo ExampleRun();

// `a` with `b` behind it.
std::vector<SweepPoint> Joined(std::vector<SweepPoint> a,
                               const std::vector<SweepPoint>& b);

}  // namespace eval

#endif  // TESTS_EVAL_SWEEP_EXAMPLE_H_
