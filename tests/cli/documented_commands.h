#ifndef TESTS_CLI_DOCUMENTED_COMMANDS_H_
#define TESTS_CLI_DOCUMENTED_COMMANDS_H_

#include <string>
#include <vector>

namespace cli {

// A command line that a document tells people to type.
struct DocumentedCommand {
  std::string document;  // Such as "README.md" or "docs/cli.md".
  std::string text;      // For a shell; without comments, on one line.
};

// All that call muzero-rc, in the order of README.md and then docs/*.md by
// name, each in the order in which they stand there; but for synopses, such as
// "muzero-rc VERB --help".
std::vector<DocumentedCommand> DocumentedCommands();

}  // namespace cli

#endif  // TESTS_CLI_DOCUMENTED_COMMANDS_H_
