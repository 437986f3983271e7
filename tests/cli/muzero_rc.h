#ifndef TESTS_CLI_MUZERO_RC_H_
#define TESTS_CLI_MUZERO_RC_H_

#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/testing/subprocess.h"

namespace cli {

// `first` and then `second`, words of a command line.
std::vector<std::string> Joined(std::vector<std::string> first,
                                const std::vector<std::string>& second);

// The program that this build made, followed by `arguments`.
std::vector<std::string> MuzeroRcCommand(
    const std::vector<std::string>& arguments);

// Runs it to its end.
testing_support::ProgramResult MuzeroRc(
    const std::vector<std::string>& arguments,
    std::chrono::seconds limit = std::chrono::seconds(60));

// The lines of `text` that start with `start`.
std::vector<std::string> LinesWith(const std::string& start,
                                   const std::string& text);

// Every file and folder in `folder` and below, by path, with what it holds.
std::map<std::string, std::string> ContentsOf(const std::string& folder);

// Matches a ProgramResult: exit status 0 and no error on stderr.
MATCHER(Succeeds, "succeeds") {
  *result_listener << arg;
  return arg.exit_status == 0 &&
         LinesWith("muzero-rc: error:", arg.err).empty();
}

// Matches a ProgramResult: this exit status, nothing on stdout, one error line
// on stderr with `text` in it, and nothing else there but warnings,
// notes and progress.
MATCHER_P2(FailsWith, exit_status, text,
           "fails with status " + testing::PrintToString(exit_status) +
               " and one line with '" + text + "'") {
  *result_listener << arg;
  const auto errors = LinesWith("muzero-rc: error: ", arg.err);
  const auto count =
      errors.size() + LinesWith("muzero-rc: warning: ", arg.err).size() +
      LinesWith("muzero-rc: note: ", arg.err).size() +
      LinesWith("reading ", arg.err).size() +
      LinesWith("pass ", arg.err).size() + LinesWith("encode ", arg.err).size();
  return arg.exit_status == exit_status && arg.out.empty() &&
         errors.size() == 1 && errors[0].find(text) != std::string::npos &&
         count == LinesWith("", arg.err).size();
}

}  // namespace cli

#endif  // TESTS_CLI_MUZERO_RC_H_
