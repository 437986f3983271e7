#ifndef CLI_ENCODE_REPORT_PAGE_H_
#define CLI_ENCODE_REPORT_PAGE_H_

#include <string>

#include "cli/encode_outcome.h"
#include "cli/encode_request.h"

namespace cli {

// What `encode --report` writes: one HTML page about the encode that
// `request` asked for and `outcome` came of.
std::string EncodeReportPage(const EncodeRequest& request,
                             const EncodeOutcome& outcome);

}  // namespace cli

#endif  // CLI_ENCODE_REPORT_PAGE_H_
