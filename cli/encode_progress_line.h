#ifndef CLI_ENCODE_PROGRESS_LINE_H_
#define CLI_ENCODE_PROGRESS_LINE_H_

#include <chrono>

#include "cli/progress_line.h"
#include "encoder_bridge/attempts.h"

namespace cli {

// Shows how far one encode is.  Not thread-safe.
class EncodeProgressLine {
 public:
  // With `attempts` second passes.
  EncodeProgressLine(ProgressLine::Mode mode, int attempts)
      : line_(mode), attempts_(attempts) {}

  // What is shown from now on is of the `number`th target that is tried.
  void BeginTry(int number);

  // What is shown from now on is of libvpx's own rate control.
  void BeginLibvpx();

  void Show(const encoder_bridge::AttemptProgress& progress);

  // Removes the line, so that something else can be printed.
  void Clear() { line_.Clear(); }

 private:
  using Clock = std::chrono::steady_clock;

  ProgressLine line_;
  int attempts_;
  // What was shown last.
  int pass_ = 0;
  int attempt_ = 0;
  int try_ = 1;
  bool is_libvpx_ = false;
  Clock::time_point pass_start_;
};

}  // namespace cli

#endif  // CLI_ENCODE_PROGRESS_LINE_H_
