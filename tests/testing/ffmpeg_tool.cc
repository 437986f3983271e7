#include "tests/testing/ffmpeg_tool.h"

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace testing_support {
namespace {

// Returns the exit status, or -1 if the program could not be run.
int Run(std::vector<std::string> command) {
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], /*file_actions=*/nullptr,
                                 /*attrp=*/nullptr, argv.data(), environ);
  if (error != 0) {
    ADD_FAILURE() << argv[0] << " cannot be run: " << std::strerror(error)
                  << " (Debian: apt-get install ffmpeg)";
    return -1;
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

std::string MediaFolder::Make(const std::string& name,
                              const std::vector<std::string>& arguments) const {
  const std::string path = PathOf(name);
  std::vector<std::string> command = {"ffmpeg", "-v", "error", "-nostdin",
                                      "-y"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.push_back("file:" + path);
  EXPECT_EQ(Run(command), 0) << "ffmpeg could not make " << name;
  return path;
}

std::string MediaFolder::MakeVideo(
    const std::string& name, const std::string& size, const std::string& rate,
    int frames, const std::vector<std::string>& encoding) const {
  std::vector<std::string> arguments = {
      "-f",        "lavfi",
      "-i",        "testsrc2=s=" + size + ":r=" + rate,
      "-frames:v", std::to_string(frames)};
  arguments.insert(arguments.end(), encoding.begin(), encoding.end());
  return Make(name, arguments);
}

std::string MediaFolder::Write(const std::string& name,
                               const std::string& contents) const {
  const std::string path = PathOf(name);
  std::ofstream(path, std::ios::binary) << contents;
  return path;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path << " cannot be read";
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

}  // namespace testing_support
