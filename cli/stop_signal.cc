#include "cli/stop_signal.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include "cli/exit_status.h"
#include "cli/messages.h"

namespace cli {
namespace {

// How often the work's end is looked for where no signal tells of it.
constexpr std::chrono::milliseconds kTick(20);

// What the pipe carries where it is no signal's number.
constexpr char kOver = 0;

// The writing end of the one StopSignal's pipe: a signal handler has nothing
// but globals to go by.
std::atomic<int> signal_pipe = -1;

void OnSignal(int signal) {
  const int saved_errno = errno;
  const char number = static_cast<char>(signal);
  // A full pipe has a signal in it already.
  [[maybe_unused]] const ssize_t written =
      write(signal_pipe.load(), &number, 1);
  errno = saved_errno;
}

// Waits for the pipe's next number, for as long as `limit` if that is not
// negative.  Returns whether a number came.
bool Read(int pipe, std::chrono::milliseconds limit, char& number) {
  pollfd readable = {.fd = pipe, .events = POLLIN, .revents = 0};
  poll(&readable, 1, static_cast<int>(limit.count()));
  return read(pipe, &number, 1) == 1;
}

}  // namespace

StopSignal::UnlimitedTime::UnlimitedTime(StopSignal& stop) : stop_(stop) {
  const std::lock_guard lock(stop_.mutex_);
  ++stop_.unlimited_;
}

StopSignal::UnlimitedTime::~UnlimitedTime() {
  const std::lock_guard lock(stop_.mutex_);
  --stop_.unlimited_;
  stop_.limited_since_ = Clock::now();
}

StopSignal::StopSignal(const Times& times) : times_(times) {
  if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) return;
  signal_pipe = pipe_[1];
  thread_ = std::thread([this] { Watch(); });
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // What the parent had ignored, as nohup does, stays so.
    struct sigaction old = {};
    sigaction(signal, nullptr, &old);
    if (old.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

StopSignal::~StopSignal() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction current = {};
    sigaction(signal, nullptr, &current);
    if (current.sa_handler == OnSignal) std::signal(signal, SIG_DFL);
  }
  [[maybe_unused]] const ssize_t written = write(pipe_[1], &kOver, 1);
  thread_.join();
  signal_pipe = -1;
  close(pipe_[0]);
  close(pipe_[1]);
}

StopSignal::ChildProcess::ChildProcess(StopSignal& stop, pid_t pid)
    : stop_(stop) {
  const std::lock_guard lock(stop_.mutex_);
  stop_.child_ = pid;
}

StopSignal::ChildProcess::~ChildProcess() {
  const std::lock_guard lock(stop_.mutex_);
  stop_.child_ = 0;
}

void StopSignal::AlsoRemove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  paths_.push_back(path);
}

void StopSignal::Watch() {
  char number = kOver;
  while (!Read(pipe_[0], std::chrono::milliseconds(-1), number)) {
  }
  if (number == kOver) return;
  signal_ = number;
  stop_.request_stop();
  if (!AwaitEnd()) EndAtOnce();
}

bool StopSignal::AwaitEnd() {
  const Clock::time_point begun = Clock::now();
  for (bool has_told = false;;) {
    char number = kOver;
    const bool is_signal = Read(pipe_[0], kTick, number) && number != kOver;
    const Clock::time_point now = Clock::now();
    const std::lock_guard lock(mutex_);
    if (is_over_) return true;
    if (is_signal && now - begun >= times_.repetition) return false;
    if (unlimited_ == 0) {
      if (now - std::max(begun, limited_since_) >= times_.grace) return false;
    } else if (!has_told && now - begun >= times_.patience) {
      has_told = true;
      if (isatty(STDERR_FILENO) != 0) std::cerr << '\n';  // After the progress.
      PrintWarning(
          "interrupted: it ends when all is saved; a second signal ends it at "
          "once");
    }
  }
}

void StopSignal::EndAtOnce() {
  // Held to the end: the work must not end meanwhile.
  const std::lock_guard lock(mutex_);
  if (is_over_) return;
  if (child_ > 0) kill(child_, SIGKILL);
  for (const std::string& path : paths_) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  if (isatty(STDERR_FILENO) != 0) std::cerr << '\n';  // After the progress.
  PrintError("interrupted");
  _exit(kSignalBase + signal_);
}

}  // namespace cli
