#ifndef CLI_ENCODE_REPORT_H_
#define CLI_ENCODE_REPORT_H_

#include <string>

#include "cli/encode_outcome.h"
#include "cli/encode_request.h"
#include "nlohmann/json.hpp"

namespace cli {

// What is said of a finished encode, which took `seconds`.

// The object of --json, as docs/cli.md has it.
nlohmann::ordered_json EncodeJson(const EncodeRequest& request,
                                  const EncodeOutcome& outcome, double seconds);

// One line, with its end.
std::string EncodeLine(const EncodeRequest& request,
                       const EncodeOutcome& outcome, double seconds);

// As text, with two blanks for each level; bytes that are no UTF-8, as names of
// files may have, are replaced.
std::string JsonText(const nlohmann::ordered_json& json);

}  // namespace cli

#endif  // CLI_ENCODE_REPORT_H_
