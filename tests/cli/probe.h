#ifndef TESTS_CLI_PROBE_H_
#define TESTS_CLI_PROBE_H_

#include <string>
#include <vector>

namespace cli {

// What `ffprobe`, which is not our code, finds in a video.  Each fails the test
// if it cannot.

// When each frame that decodes is shown, in seconds after the first one.
std::vector<double> FrameTimes(const std::string& path);

// When the first frame is shown, in seconds by the file's clock.
double FirstFrameTime(const std::string& path);

// A field of the video stream, such as "width" or "color_space".
std::string StreamField(const std::string& path, const std::string& field);

// A hash of every packet's data.
std::vector<std::string> PacketHashes(const std::string& path);

}  // namespace cli

#endif  // TESTS_CLI_PROBE_H_
