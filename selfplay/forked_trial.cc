#include "selfplay/forked_trial.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace selfplay {
namespace {

absl::Status ResourceError(const char* what) {
  return absl::ResourceExhaustedError(
      absl::StrCat(what, ": ", std::strerror(errno)));
}

// Reads all of `result`, or fails.
bool ReadResult(int pipe, TrialResult& result) {
  auto* bytes = reinterpret_cast<char*>(&result);
  size_t done = 0;
  while (done < sizeof(result)) {
    const ssize_t got = read(pipe, bytes + done, sizeof(result) - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

absl::StatusOr<ForkedTrial> ForkedTrial::Begin() {
  std::array<int, 2> ends = {};
  if (pipe(ends.data()) != 0) return ResourceError("no pipe to a trial");
  // What is buffered would be written twice.
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) {
    const absl::Status status = ResourceError("no process for a trial");
    close(ends[0]);
    close(ends[1]);
    return status;
  }
  if (child > 0) {
    close(ends[1]);
    return ForkedTrial(child, ends[0]);
  }
  close(ends[0]);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) GiveUp();  // It died before we could ask.
  return ForkedTrial(0, ends[1]);
}

ForkedTrial::ForkedTrial(ForkedTrial&& other) noexcept
    : child_(std::exchange(other.child_, -1)),
      pipe_(std::exchange(other.pipe_, -1)) {}

ForkedTrial& ForkedTrial::operator=(ForkedTrial&& other) noexcept {
  std::swap(child_, other.child_);
  std::swap(pipe_, other.pipe_);
  return *this;
}

ForkedTrial::~ForkedTrial() {
  if (pipe_ >= 0) close(pipe_);
  if (child_ > 0) {
    kill(child_, SIGKILL);
    while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

void ForkedTrial::Finish(const TrialResult& result) const {
  // So few bytes go into a pipe whole.
  const ssize_t written = write(pipe_, &result, sizeof(result));
  _exit(written == static_cast<ssize_t>(sizeof(result)) ? 0 : 1);
}

void ForkedTrial::GiveUp() { _exit(1); }

absl::StatusOr<TrialResult> ForkedTrial::Wait() {
  TrialResult result;
  const bool is_told = ReadResult(pipe_, result);
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  if (!is_told) {
    return absl::InternalError(
        WIFSIGNALED(status)
            ? absl::StrCat("a trial was killed by signal ", WTERMSIG(status))
            : std::string("a trial ended without a result"));
  }
  return result;
}

}  // namespace selfplay
