#include "cli/stop_signal.h"

#include <pthread.h>
#include <unistd.h>

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

// SIGUSR2 is how the destructor wakes the waiting thread.
sigset_t WatchedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR2}) {
    sigaddset(&signals, signal);
  }
  return signals;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t signals = WatchedSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { Wait(); });
}

StopSignal::~StopSignal() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_all();
  pthread_kill(thread_.native_handle(), SIGUSR2);
  thread_.join();
}

void StopSignal::AlsoRemove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  paths_.push_back(path);
}

void StopSignal::Wait() {
  const sigset_t signals = WatchedSignals();
  int signal = 0;
  sigwait(&signals, &signal);
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
