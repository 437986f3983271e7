#include "tests/cli/probe.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/testing/subprocess.h"

namespace cli {
namespace {

// Returns the lines that ffprobe prints for `entries` of the video stream.
std::vector<std::string> Probe(const std::string& path,
                               const std::string& entries) {
  const auto result = testing_support::RunProgram(
      {"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
       entries, "-show_data_hash", "md5", "-of",
       "default=noprint_wrappers=1:nokey=1", path});
  EXPECT_EQ(result.exit_status, 0) << result;
  std::istringstream stream(result.out);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::vector<double> FrameTimes(const std::string& path) {
  std::vector<double> times;
  for (const std::string& line : Probe(path, "frame=pts_time")) {
    times.push_back(std::stod(line));
  }
  const double start = times.empty() ? 0 : times[0];
  for (double& time : times) time -= start;
  return times;
}

double FirstFrameTime(const std::string& path) {
  const std::vector<std::string> lines = Probe(path, "frame=pts_time");
  EXPECT_FALSE(lines.empty()) << path << " has no frame";
  return lines.empty() ? 0 : std::stod(lines[0]);
}

std::string StreamField(const std::string& path, const std::string& field) {
  const std::vector<std::string> lines = Probe(path, "stream=" + field);
  EXPECT_EQ(lines.size(), 1) << path << " has no " << field;
  return lines.empty() ? "" : lines[0];
}

std::vector<std::string> PacketHashes(const std::string& path) {
  return Probe(path, "packet=data_hash");
}

}  // namespace cli
