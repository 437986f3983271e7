#ifndef EVAL_REPORT_H_
#define EVAL_REPORT_H_

#include <string>
#include <vector>

#include "eval/frame_trace.h"
#include "eval/points.h"
#include "eval/run_info.h"
#include "eval/summary.h"

namespace eval {

// report.html: one page that carries its data, its script and Chart.js, and
// fetches nothing.  `summary` is Summarize() of `points`.  `traces` may hold
// any number of encodes for a clip, or none.
//
// The page draws the charts of a clip when they come into view; all at once
// when its address ends in #all.  The root element tells how far it is:
// data-charts (how many there are) and data-charts-drawn (how many are drawn
// and not blank).
//
// Names of clips are text wherever they come from: nothing in them is taken
// for HTML or script.
std::string RenderReport(const Summary& summary,
                         const std::vector<SweepPoint>& points,
                         const std::vector<FrameTrace>& traces,
                         const RunInfo& run);

}  // namespace eval

#endif  // EVAL_REPORT_H_
