#include "cli/stop_signal.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "cli/exit_status.h"
#include "cli/messages.h"

namespace cli {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(2);

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
    absl::MutexLock lock(&mutex_);
    is_over_ = true;
  }
  pthread_kill(thread_.native_handle(), SIGUSR2);
  thread_.join();
}

void StopSignal::AlsoRemove(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  paths_.push_back(path);
}

void StopSignal::Wait() {
  const sigset_t signals = WatchedSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  absl::MutexLock lock(&mutex_);
  if (is_over_) return;
  signal_ = signal;
  if (mutex_.AwaitWithTimeout(absl::Condition(&is_over_), kGrace)) return;
  for (const std::string& path : paths_) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  if (isatty(STDERR_FILENO) != 0) std::cerr << '\n';  // After the progress.
  PrintError("interrupted");
  _exit(kSignalBase + signal);
}

}  // namespace cli
