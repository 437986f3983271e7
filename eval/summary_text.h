#ifndef EVAL_SUMMARY_TEXT_H_
#define EVAL_SUMMARY_TEXT_H_

#include <string>
#include <vector>

#include "eval/run_info.h"
#include "eval/summary.h"

namespace eval {

// One sentence for each controller but the anchor, the one to read first in
// front: the first with targets, in the order of `summary`.
//
//   feedback needs 5.8 % fewer bits than libvpx at equal PSNR (mean of 26
//   clips; 88 % improved; worst +3.0 %).
//
// Never empty: without a controller to compare, it says so.
std::vector<std::string> Verdicts(const Summary& summary);

// summary.md: the tables for the README, to be pasted as they are.
std::string SummaryMarkdown(const Summary& summary, const RunInfo& run);

}  // namespace eval

#endif  // EVAL_SUMMARY_TEXT_H_
