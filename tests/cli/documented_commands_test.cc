// The commands in README.md and docs/: all of them are command lines that the
// program takes.

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

struct Command {
  std::string file;
  std::string text;
};

// Without what a synopsis has for its reader: [optional], a|b, PLACEHOLDERS of
// verbs.
bool IsSynopsis(const std::string& text) {
  return text.find_first_of("[|") != std::string::npos ||
         text.find("muzero-rc VERB") != std::string::npos;
}

// The lines that begin with the program's name, with those they go on in.
std::vector<Command> CommandsIn(const fs::path& path) {
  std::ifstream file(path);
  std::vector<Command> commands;
  bool goes_on = false;
  for (std::string line; std::getline(file, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (!goes_on) {
      for (const std::string start :
           {"muzero-rc ", "build/release/muzero-rc "}) {
        if (!line.starts_with(start)) continue;
        commands.push_back({.file = path.filename(), .text = ""});
        goes_on = true;
        break;
      }
    }
    if (!goes_on) continue;
    goes_on = line.ends_with('\\');
    if (goes_on) line.pop_back();
    commands.back().text += line;
  }
  std::erase_if(commands, [](const Command& c) { return IsSynopsis(c.text); });
  return commands;
}

std::vector<Command> DocumentedCommands() {
  const fs::path root = SOURCE_FOLDER;
  std::vector<Command> all = CommandsIn(root / "README.md");
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() != ".md") continue;
    const auto more = CommandsIn(entry.path());
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

// What the parser says of `text`; empty if it takes it.
std::string ErrorOf(const std::string& text) {
  std::istringstream stream(text.substr(0, text.find(" # ")));
  std::vector<std::string> words;
  std::string word;
  stream >> word;  // The program.
  while (stream >> word) words.push_back(word);
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
  const std::vector<Command> commands = DocumentedCommands();
  EXPECT_GT(commands.size(), 30u);
  for (const Command& command : commands) {
    EXPECT_EQ(ErrorOf(command.text), "")
        << command.file << ": " << command.text;
  }
}

TEST(DocumentedCommandsTest, AFlagThatThereIsNotIsSeen) {
  EXPECT_NE(ErrorOf("muzero-rc encode in.mp4 -o out.webm --no-such-flag"), "");
  EXPECT_EQ(ErrorOf("muzero-rc encode in.mp4 -o out.webm"), "");
}

}  // namespace
}  // namespace cli
