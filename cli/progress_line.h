#ifndef CLI_PROGRESS_LINE_H_
#define CLI_PROGRESS_LINE_H_

#include <chrono>
#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace cli {

// The one line on stderr that tells how far the program is.  In a terminal it
// is redrawn in place; elsewhere a plain line is printed every few seconds.
// Not thread-safe.
class ProgressLine {
 public:
  enum class Mode { kTerminal, kPlain, kSilent };

  // Silent if `is_quiet`, else as stderr is.
  static Mode ModeFor(bool is_quiet);

  explicit ProgressLine(Mode mode);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Whether the next Update() would be shown: lets callers save the work of
  // making its text.
  bool IsDue() const;

  // Shows `text`, unless the last one is too recent.
  void Update(absl::string_view text);

  // In a terminal, makes the next Update() show its text however recent the
  // last one is.  Elsewhere a log would only grow by it.
  void MakeDue();

  // Removes the line from a terminal, so that something else can be printed.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;

  const Mode mode_;
  const Clock::duration interval_;
  Clock::time_point next_;
  size_t shown_width_ = 0;
};

// "0:07", "12:34", "1:02:03": a duration for people.  "?" if not finite.
std::string ClockText(double seconds);

}  // namespace cli

#endif  // CLI_PROGRESS_LINE_H_
