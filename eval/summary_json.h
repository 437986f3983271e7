#ifndef EVAL_SUMMARY_JSON_H_
#define EVAL_SUMMARY_JSON_H_

#include <string>

#include "eval/run_info.h"
#include "eval/summary.h"

namespace eval {

// summary.json; its fields are in docs/evaluation.md.  What there is no number
// for is null.  Text that is not UTF-8 has the offending bytes replaced.
std::string SummaryJson(const Summary& summary, const RunInfo& run);

}  // namespace eval

#endif  // EVAL_SUMMARY_JSON_H_
