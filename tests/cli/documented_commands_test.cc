// The commands in README.md and docs/ are command lines that the program takes;
// documented_commands_run_test.cc runs them.

#include "tests/cli/documented_commands.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace cli {
namespace {

// What the parser says of `text`, from the program's name on; empty if it takes
// it.
std::string ErrorOf(const std::string& text) {
  std::istringstream stream(text.substr(text.find("muzero-rc")));
  std::vector<std::string> words;
  std::string word;
  stream >> word;  // The program.
  // Up to what the shell makes of them.
  while (stream >> word && word != "|" && word != ">" && word != "<") {
    words.push_back(word);
  }
  std::reverse(words.begin(), words.end());  // As CLI11 takes them.
  CommandLine command_line("");
  try {
    command_line.app().parse(words);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? "" : error.what();
  }
  return "";
}

TEST(DocumentedCommandsTest, AreTakenByTheProgram) {
  const std::vector<DocumentedCommand> commands = DocumentedCommands();
  EXPECT_GT(commands.size(), 40u);
  for (const DocumentedCommand& command : commands) {
    EXPECT_EQ(ErrorOf(command.text), "")
        << command.document << ": " << command.text;
  }
}

TEST(DocumentedCommandsTest, AFlagThatThereIsNotIsSeen) {
  EXPECT_NE(ErrorOf("muzero-rc encode in.mp4 -o out.webm --no-such-flag"), "");
  EXPECT_EQ(ErrorOf("muzero-rc encode in.mp4 -o out.webm"), "");
}

}  // namespace
}  // namespace cli
