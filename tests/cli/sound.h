#ifndef TESTS_CLI_SOUND_H_
#define TESTS_CLI_SOUND_H_

#include <string>
#include <vector>

namespace cli {

// For ffmpeg's `-f lavfi -i`: silence with a beep of 50 ms at each of `times`
// (seconds), `duration` seconds long; `format` is such as "s=48000:c=mono".
std::string BeepSource(const std::vector<double>& times, double duration,
                       const std::string& format);

// What `ffmpeg`, which is not our code, hears in an audio stream of a file,
// by the file's clock.  Each fails the test if it cannot.

// When the beeps begin, in seconds.  `filter` is applied before.
std::vector<double> BeepTimes(const std::string& path, int stream = 0,
                              const std::string& filter = "anull");

// When the last sample ends, in seconds.
double SoundEnd(const std::string& path);

}  // namespace cli

#endif  // TESTS_CLI_SOUND_H_
