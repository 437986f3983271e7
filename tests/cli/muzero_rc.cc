#include "tests/cli/muzero_rc.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {

namespace fs = std::filesystem;

std::vector<std::string> Joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::vector<std::string> MuzeroRcCommand(
    const std::vector<std::string>& arguments) {
  return Joined({MUZERO_RC}, arguments);
}

testing_support::ProgramResult MuzeroRc(
    const std::vector<std::string>& arguments, std::chrono::seconds limit) {
  return testing_support::RunProgram(MuzeroRcCommand(arguments), limit);
}

std::vector<std::string> LinesWith(const std::string& start,
                                   const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with(start)) lines.push_back(line);
  }
  return lines;
}

std::map<std::string, std::string> ContentsOf(const std::string& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    std::string& what = contents[entry.path().string()];
    if (entry.is_symlink()) {
      what = "link to " + fs::read_symlink(entry.path()).string();
    } else if (entry.is_directory()) {
      what = "folder";
    } else {
      what = testing_support::ReadFile(entry.path().string());
    }
  }
  return contents;
}

}  // namespace cli
