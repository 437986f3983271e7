#include "cli/encode_progress_line.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/progress_line.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace cli {
namespace {

// A speed over less than this says nothing.
constexpr double kShortestMeasuredSeconds = 0.1;

}  // namespace

void EncodeProgressLine::BeginTry(int number) {
  try_ = number;
  pass_ = 0;
}

void EncodeProgressLine::BeginLibvpx() {
  BeginTry(1);
  is_libvpx_ = true;
  attempts_ = 1;
}

void EncodeProgressLine::Show(
    const encoder_bridge::AttemptProgress& attempt_progress) {
  const int attempt = attempt_progress.attempt;
  const encoder_bridge::EncodeProgress& progress = attempt_progress.encode;
  if (progress.pass != pass_ || attempt != attempt_) {
    pass_ = progress.pass;
    attempt_ = attempt;
    pass_start_ = Clock::now();
    // What comes next may be one call of libvpx that takes seconds.
    line_.MakeDue();
  }
  if (!line_.IsDue()) return;
  const double seconds =
      std::chrono::duration<double>(Clock::now() - pass_start_).count();
  const double fps = static_cast<double>(progress.frames) / seconds;
  std::string line = absl::StrFormat("pass %d/2", progress.pass);
  if (is_libvpx_) absl::StrAppend(&line, "  libvpx");
  if (progress.pass == 2 && try_ > 1) {
    absl::StrAppendFormat(&line, "  try %d", try_);
  }
  if (progress.pass == 2 && attempts_ > 1) {
    absl::StrAppendFormat(&line, "  attempt %d/%d", attempt + 1, attempts_);
    if (attempt_progress.is_scout) absl::StrAppend(&line, " (quick)");
  }
  absl::StrAppendFormat(&line, "  frame %d", progress.frames);
  if (progress.expected_frames > 0) {
    absl::StrAppendFormat(&line, "/%d", progress.expected_frames);
  }
  if (seconds >= kShortestMeasuredSeconds) {
    absl::StrAppendFormat(&line, "  %.1f fps", fps);
  }
  if (progress.pass == 2 && progress.seconds_of_video > 0) {
    absl::StrAppendFormat(&line, "  %.0f kbit/s",
                          static_cast<double>(progress.packet_bytes) * 8 /
                              1000 / progress.seconds_of_video);
  }
  // How long what follows a scout takes its own speed does not tell.
  if (progress.expected_frames > 0 && progress.frames > 0 &&
      seconds >= kShortestMeasuredSeconds && !attempt_progress.is_scout) {
    const int64_t attempts_left =
        progress.pass == 2 ? attempts_ - 1 - attempt : 0;
    const int64_t left =
        std::max<int64_t>(0, progress.expected_frames - progress.frames) +
        attempts_left * progress.expected_frames;
    absl::StrAppend(&line, "  ETA ",
                    ClockText(static_cast<double>(left) / fps));
  }
  line_.Update(line);
}

}  // namespace cli
