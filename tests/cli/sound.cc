#include "tests/cli/sound.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "tests/testing/subprocess.h"

namespace cli {
namespace {

constexpr double kSampleRate = 48000;

// The samples from time 0 on, silence where there is no sound.
std::vector<float> Decode(const std::string& path, int stream,
                          const std::string& filter) {
  const auto result = testing_support::RunProgram(
      {"ffmpeg", "-v", "error", "-nostdin", "-copyts", "-i", path, "-map",
       "0:a:" + std::to_string(stream), "-af",
       filter + ",aresample=48000:async=1:first_pts=0,aformat=sample_fmts=flt:"
                "channel_layouts=mono",
       "-f", "f32le", "-"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  std::vector<float> samples(result.out.size() / sizeof(float));
  std::memcpy(samples.data(), result.out.data(),
              samples.size() * sizeof(float));
  return samples;
}

}  // namespace

std::string BeepSource(const std::vector<double>& times, double duration,
                       const std::string& format) {
  std::string sum = "0";
  for (const double time : times) {
    sum += "+between(t\\," + std::to_string(time) + "\\," +
           std::to_string(time + 0.05) + ")";
  }
  return "aevalsrc=0.8*sin(2*PI*1000*t)*(" + sum +
         "):d=" + std::to_string(duration) + ":" + format;
}

std::vector<double> BeepTimes(const std::string& path, int stream,
                              const std::string& filter) {
  constexpr float kLoud = 0.15F;
  constexpr double kSilence = 0.1;  // Seconds between two beeps, at least.
  std::vector<double> times;
  double last_loud = -kSilence;
  const std::vector<float> samples = Decode(path, stream, filter);
  for (size_t i = 0; i < samples.size(); ++i) {
    if (std::abs(samples[i]) < kLoud) continue;
    const double time = static_cast<double>(i) / kSampleRate;
    if (time - last_loud >= kSilence) times.push_back(time);
    last_loud = time;
  }
  return times;
}

double SoundEnd(const std::string& path) {
  return static_cast<double>(Decode(path, 0, "anull").size()) / kSampleRate;
}

}  // namespace cli
