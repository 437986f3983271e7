#ifndef TESTS_TESTING_FFMPEG_TOOL_H_
#define TESTS_TESTING_FFMPEG_TOOL_H_

#include <string>
#include <vector>

#include "tests/testing/test_folder.h"

namespace testing_support {

// A folder filled by the `ffmpeg` program.
class MediaFolder : public TestFolder {
 public:
  // Runs `ffmpeg ARGUMENTS... PATH` and returns PATH, that of `name` here.
  // Fails the test, saying why, if there is no ffmpeg or it fails.
  std::string Make(const std::string& name,
                   const std::vector<std::string>& arguments) const;

  // `frames` frames of a moving test picture; `size` is such as "96x64",
  // `rate` such as "25" or "30000/1001", `encoding` goes before the path.
  std::string MakeVideo(const std::string& name, const std::string& size,
                        const std::string& rate, int frames,
                        const std::vector<std::string>& encoding = {}) const;

  // Writes `contents` to `name` here; returns its path.
  std::string Write(const std::string& name, const std::string& contents) const;
};

// The bytes of a file; fails the test if it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace testing_support

#endif  // TESTS_TESTING_FFMPEG_TOOL_H_
