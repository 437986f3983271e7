#ifndef TESTS_TESTING_SUBPROCESS_H_
#define TESTS_TESTING_SUBPROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace testing_support {

// How a program ended and what it said.
struct ProgramResult {
  int exit_status = -1;  // -1 if a signal ended it.
  int signal = 0;        // Which one; 0 if it exited.
  bool timed_out = false;
  double seconds = 0;  // Wall time.
  std::string out;     // What it wrote to stdout.
  std::string err;     // What it wrote to stderr.
};

// For the messages of failed tests.
std::ostream& operator<<(std::ostream& stream, const ProgramResult& result);

// A running program with its output captured and nothing on stdin.  Killed
// when destroyed.  Not thread-safe.
class Subprocess {
 public:
  enum class ErrorsTo { kPipe, kTerminal };

  // Starts `command`: a program, looked up in PATH unless it has a slash, and
  // its arguments.  With kTerminal its stderr is a terminal of 80 columns.
  // Throws std::system_error, which fails the test, if it cannot be started.
  explicit Subprocess(std::vector<std::string> command,
                      ErrorsTo errors_to = ErrorsTo::kPipe);
  ~Subprocess();
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  // Waits until `text` is on stderr.  Returns false if the program ends, or
  // `limit` passes, without it.
  bool WaitForErrorText(std::string_view text, std::chrono::seconds limit);

  // Sends a signal; no effect on a program that has ended.
  void Send(int signal);

  // Waits for the end; kills the program after `limit`.  Call once.
  ProgramResult Wait(std::chrono::seconds limit);

 private:
  using Clock = std::chrono::steady_clock;

  // Reads what there is, waiting for it until `deadline`.  Returns false at
  // the end of both outputs, which is that of the program.
  bool Read(Clock::time_point deadline);
  void Reap();

  const Clock::time_point start_ = Clock::now();
  pid_t pid_ = -1;   // -1 once reaped.
  int out_fd_ = -1;  // -1 at its end.
  int err_fd_ = -1;  // -1 at its end.
  ProgramResult result_;
};

// Runs `command` to its end, or for `limit` at most.
ProgramResult RunProgram(std::vector<std::string> command,
                         std::chrono::seconds limit = std::chrono::seconds(60));

}  // namespace testing_support

#endif  // TESTS_TESTING_SUBPROCESS_H_
