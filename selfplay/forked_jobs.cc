#include "selfplay/forked_jobs.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace selfplay {
namespace {

constexpr std::chrono::milliseconds kTick{50};
// Fits into a pipe whole, so that whoever tells it need not wait.
constexpr size_t kMaxMessage = 4096;

struct Running {
  int job = 0;
  int pipe = -1;  // Tells why the job failed.
};

[[noreturn]] void DoJob(const ForkedJobs& jobs, int job, pid_t parent,
                        int pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  // The parent decides what a signal to the whole group means.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    std::signal(signal, SIG_IGN);
  }
  const absl::Status status = jobs.work(job);
  std::fflush(nullptr);
  if (status.ok()) _exit(0);
  const absl::string_view message = status.message().substr(0, kMaxMessage);
  const ssize_t written = write(pipe, message.data(), message.size());
  _exit(written < 0 ? 2 : 1);
}

absl::Status Begin(const ForkedJobs& jobs, int job,
                   std::map<pid_t, Running>& running) {
  std::array<int, 2> ends = {};
  if (pipe(ends.data()) != 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no pipe to a job: ", std::strerror(errno)));
  }
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    DoJob(jobs, job, parent, ends[1]);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return absl::ResourceExhaustedError(
        absl::StrCat("no process for a job: ", std::strerror(errno)));
  }
  running[child] = {.job = job, .pipe = ends[0]};
  return absl::OkStatus();
}

absl::Status StatusOf(int wait_status, int pipe) {
  if (WIFSIGNALED(wait_status)) {
    return absl::InternalError(
        absl::StrCat("killed by signal ", WTERMSIG(wait_status)));
  }
  if (WEXITSTATUS(wait_status) == 0) return absl::OkStatus();
  std::string message(kMaxMessage, '\0');
  const ssize_t got = read(pipe, message.data(), message.size());
  message.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return absl::InternalError(message);
}

// Tells of all jobs that have ended.
void Collect(const ForkedJobs& jobs, std::map<pid_t, Running>& running) {
  for (auto it = running.begin(); it != running.end();) {
    int wait_status = 0;
    if (waitpid(it->first, &wait_status, WNOHANG) == 0) {
      ++it;
      continue;
    }
    const Running done = it->second;
    it = running.erase(it);
    const absl::Status status = StatusOf(wait_status, done.pipe);
    close(done.pipe);
    jobs.on_done(done.job, status);
  }
}

void KillAll(const std::map<pid_t, Running>& running) {
  for (const auto& [child, what] : running) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(what.pipe);
  }
}

}  // namespace

absl::Status RunForkedJobs(const ForkedJobs& jobs) {
  std::map<pid_t, Running> running;
  int next = 0;
  absl::Status status;
  while (status.ok() && (next < jobs.count || !running.empty())) {
    if (jobs.should_stop()) {
      status = absl::CancelledError("interrupted");
    } else if (next < jobs.count &&
               running.size() < static_cast<size_t>(jobs.at_once)) {
      status = Begin(jobs, next++, running);
    } else {
      std::this_thread::sleep_for(kTick);
      Collect(jobs, running);
    }
  }
  KillAll(running);
  return status;
}

}  // namespace selfplay
