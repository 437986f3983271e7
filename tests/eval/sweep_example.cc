#include "tests/eval/sweep_example.h"

#include <cmath>

namespace eval {
namespace {

constexpr int kTargets[] = {256, 384, 512, 640, 768};

using encoder_bridge::CodedFrame;
using encoder_bridge::FrameType;

// Frame `index` of a group of 16, shown.
FrameType TypeInGroup(int show_index) {
  if (show_index == 0) return FrameType::kKey;
  if (show_index % 16 == 0) return FrameType::kOverlay;
  if (show_index % 16 == 1) return FrameType::kGolden;
  return FrameType::kInter;
}

CodedFrame ExampleFrame(FrameType type, int show_index) {
  const double wave = std::sin(show_index * 0.7);
  switch (type) {
    case FrameType::kKey:
      return {.type = type,
              .show_index = show_index,
              .q_index = 60,
              .bits = 90'000};
    case FrameType::kAltRef:
      return {.type = type,
              .is_shown = false,
              .show_index = show_index,
              .q_index = 80 + show_index / 4,
              .bits = 30'000};
    case FrameType::kOverlay:
      return {
          .type = type, .show_index = show_index, .q_index = 128, .bits = 240};
    case FrameType::kGolden:
      return {.type = type,
              .show_index = show_index,
              .q_index = 96 + show_index / 8,
              .bits = 16'000};
    case FrameType::kInter:
      break;
  }
  return {.type = type,
          .show_index = show_index,
          .q_index = 128 + static_cast<int>(12 * wave),
          .bits = 5'000 + static_cast<int64_t>(2'500 * wave)};
}

}  // namespace

std::vector<SweepPoint> ExampleCurve(const std::string& clip,
                                     const std::string& controller,
                                     double rate_factor) {
  std::vector<SweepPoint> points;
  for (const int target : kTargets) {
    const double quality = 30 + 6 * std::log(target / 256.0);
    points.push_back({.clip = clip,
                      .controller = controller,
                      .target_kbps = static_cast<double>(target),
                      .bitrate_kbps = target * rate_factor,
                      .psnr = quality,
                      .psnr_y = quality - 1,
                      .psnr_global = quality - 0.3,
                      .ssim = 1 - std::pow(10, -(quality - 18) / 10),
                      .seconds = 2.5,
                      .frames = 150,
                      .coded_frames = 160,
                      .bytes = static_cast<int64_t>(target * rate_factor * 625),
                      .width = 854,
                      .height = 480,
                      .frame_rate = 30});
  }
  return points;
}

std::vector<SweepPoint> ExampleLadder(const std::string& clip,
                                      const std::string& controller,
                                      double rate_factor) {
  std::vector<SweepPoint> points = ExampleCurve(clip, controller, rate_factor);
  int cq_level = 60;
  for (SweepPoint& point : points) {
    point.target_kbps = 0;
    point.cq_level = cq_level -= 8;
  }
  return points;
}

FrameTrace ExampleTrace(const std::string& clip, const std::string& controller,
                        int num_frames) {
  FrameTrace trace{
      .clip = clip, .controller = controller, .target_kbps = 512, .frames = {}};
  for (int i = 0; i < num_frames; ++i) {
    if (i % 16 == 1 && i + 15 < num_frames) {
      trace.frames.push_back(ExampleFrame(FrameType::kAltRef, i + 15));
    }
    trace.frames.push_back(ExampleFrame(TypeInGroup(i), i));
  }
  return trace;
}

RunInfo ExampleRun() {
  return {.anchor = "libvpx",
          .controllers = {"libvpx", "libvpx-q", "feedback"},
          .settings = {{"cpu-used", "4"},
                       {"lag-in-frames", "25"},
                       {"auto-alt-ref", "1"},
                       {"tpl", "1"}},
          .revision = "0123abc",
          .versions = {{"libvpx", "1.12.0"}, {"libavcodec", "59.37.100"}},
          .machine = "2 cores of an example",
          .date = "2026-01-31",
          .command_line = "muzero-rc evaluate --clips clips --out out",
          .targets = "256, 384, 512, 640, 768 kbps at 854x480, 30 fps"};
}

std::vector<SweepPoint> Joined(std::vector<SweepPoint> a,
                               const std::vector<SweepPoint>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace eval
