#include "cli/stop_signal.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

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

constexpr std::chrono::seconds kGrace(2);

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

}  // namespace

StopSignal::StopSignal() {
  if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) return;
  signal_pipe = pipe_[1];
  thread_ = std::thread([this] { Wait(); });
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
  over_.notify_all();
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

void StopSignal::AlsoRemove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  paths_.push_back(path);
}

void StopSignal::Wait() {
  char signal = kOver;
  pollfd readable = {.fd = pipe_[0], .events = POLLIN, .revents = 0};
  while (read(pipe_[0], &signal, 1) != 1) poll(&readable, 1, -1);
  std::unique_lock lock(mutex_);
  if (is_over_) return;
  signal_ = signal;
  if (over_.wait_for(lock, kGrace, [this] { return is_over_; })) return;
  for (const std::string& path : paths_) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  if (isatty(STDERR_FILENO) != 0) std::cerr << '\n';  // After the progress.
  PrintError("interrupted");
  _exit(kSignalBase + signal);
}

}  // namespace cli
