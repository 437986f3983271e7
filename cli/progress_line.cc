#include "cli/progress_line.h"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace cli {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kTerminalInterval(100);
constexpr milliseconds kPlainInterval(5000);

}  // namespace

ProgressLine::Mode ProgressLine::ModeFor(bool is_quiet) {
  if (is_quiet) return Mode::kSilent;
  return isatty(STDERR_FILENO) != 0 ? Mode::kTerminal : Mode::kPlain;
}

ProgressLine::ProgressLine(Mode mode)
    : mode_(mode),
      interval_(mode == Mode::kTerminal ? kTerminalInterval : kPlainInterval),
      next_(mode == Mode::kTerminal ? Clock::now() : Clock::now() + interval_) {
}

ProgressLine::~ProgressLine() { Clear(); }

bool ProgressLine::IsDue() const {
  return mode_ != Mode::kSilent && Clock::now() >= next_;
}

void ProgressLine::Update(absl::string_view text) {
  if (!IsDue()) return;
  next_ = Clock::now() + interval_;
  if (mode_ == Mode::kPlain) {
    std::cerr << text << std::endl;
    return;
  }
  // Blanks over what is left of a longer line before.
  const size_t padding =
      shown_width_ > text.size() ? shown_width_ - text.size() : 0;
  std::cerr << '\r' << text << std::string(padding, ' ') << std::flush;
  shown_width_ = text.size();
}

void ProgressLine::MakeDue() {
  if (mode_ == Mode::kTerminal) next_ = Clock::now();
}

void ProgressLine::Clear() {
  if (shown_width_ == 0) return;
  std::cerr << '\r' << std::string(shown_width_, ' ') << '\r' << std::flush;
  shown_width_ = 0;
}

std::string ClockText(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "?";
  const auto total = static_cast<int64_t>(std::llround(seconds));
  if (total < 3600) {
    return absl::StrFormat("%d:%02d", total / 60, total % 60);
  }
  return absl::StrFormat("%d:%02d:%02d", total / 3600, total / 60 % 60,
                         total % 60);
}

}  // namespace cli
