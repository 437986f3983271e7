#include "tests/cli/documented_commands.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace cli {
namespace {

namespace fs = std::filesystem;

// What a command begins with, when it is not a sentence that names the program.
constexpr std::array<std::string_view, 3> kStarts = {
    "muzero-rc ", "build/release/muzero-rc ", "ffmpeg "};

bool BeginsACommand(std::string_view line) {
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view s) { return line.starts_with(s); });
}

// With what is for its reader: [optional], this|that, PLACEHOLDERS of verbs.
bool IsSynopsis(std::string_view text) {
  for (const std::string_view word : {"[", "VERB", "PROGRAM", "..."}) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  for (size_t bar = text.find('|'); bar != std::string_view::npos;
       bar = text.find('|', bar + 1)) {
    if (text.substr(bar - 1, 3) != " | ") return true;  // No pipe.
  }
  return false;
}

// The lines that begin as commands do, with those they go on in.
std::vector<DocumentedCommand> CommandsIn(const fs::path& path,
                                          const std::string& name) {
  std::ifstream file(path);
  std::vector<DocumentedCommand> commands;
  bool goes_on = false;
  for (std::string line; std::getline(file, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (!goes_on) {
      if (!BeginsACommand(line)) continue;
      commands.push_back({.document = name, .text = ""});
    }
    line = line.substr(0, line.find(" # "));
    goes_on = line.ends_with('\\');
    if (goes_on) line.pop_back();
    commands.back().text += line;
  }
  std::erase_if(commands, [](const DocumentedCommand& c) {
    return c.text.find("muzero-rc ") == std::string::npos || IsSynopsis(c.text);
  });
  return commands;
}

}  // namespace

std::vector<DocumentedCommand> DocumentedCommands() {
  const fs::path root = SOURCE_FOLDER;
  std::vector<DocumentedCommand> all =
      CommandsIn(root / "README.md", "README.md");
  std::vector<fs::path> documents;
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  std::sort(documents.begin(), documents.end());
  for (const fs::path& path : documents) {
    const auto more = CommandsIn(path, "docs/" + path.filename().string());
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace cli
