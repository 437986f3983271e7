#include "encoder_bridge/forked_branch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/file_places.h"

namespace encoder_bridge {
namespace {

static_assert(std::is_trivially_copyable_v<StretchResult>,
              "results go through a pipe as they are");

// How often a branch looks whether its parent is gone for good.
constexpr std::chrono::microseconds kTick(50);

absl::Status ResourceError(const char* what) {
  return absl::ResourceExhaustedError(
      absl::StrCat(what, ": ", std::strerror(errno)));
}

// Reads `size` bytes, or returns false at the end of the pipe.
bool ReadAll(int pipe, void* bytes, size_t size) {
  auto* next = static_cast<char*>(bytes);
  while (size > 0) {
    const ssize_t got = read(pipe, next, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    next += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

// A branch as the process that it was forked from sees it.
class Child {
 public:
  Child(pid_t pid, int results, int verdict)
      : pid_(pid), results_(results), verdict_(verdict) {}
  Child(Child&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)),
        results_(std::exchange(other.results_, -1)),
        verdict_(std::exchange(other.verdict_, -1)),
        result_(other.result_) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    ClosePipes();
  }

  // In a branch: the others are no concern of it.
  void Forget() {
    pid_ = 0;
    ClosePipes();
  }

  int results_pipe() const { return results_; }
  const std::optional<StretchResult>& result() const { return result_; }

  absl::Status ReadResult() {
    StretchResult result;
    if (ReadAll(results_, &result, sizeof(result))) {
      result_ = result;
      return absl::OkStatus();
    }
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return absl::InternalError(
        WIFSIGNALED(status)
            ? absl::StrCat("an encoding process was killed by signal ",
                           WTERMSIG(status))
            : std::string("an encoding process ended without a result"));
  }

  // Lets the branch take this process's place.
  void GoOn() {
    const char go = 1;
    char answer = 0;
    if (write(verdict_, &go, 1) == 1) ReadAll(results_, &answer, 1);
    pid_ = 0;
  }

 private:
  void ClosePipes() {
    for (int* pipe : {&results_, &verdict_}) {
      if (*pipe >= 0) close(*pipe);
      *pipe = -1;
    }
  }

  pid_t pid_ = 0;
  int results_ = -1;
  int verdict_ = -1;
  std::optional<StretchResult> result_;
};

// Waits for a result of one of those that have none yet.
absl::Status AwaitResult(std::vector<Child>& children) {
  std::vector<pollfd> pipes;
  std::vector<Child*> waiting;
  for (Child& child : children) {
    if (child.result()) continue;
    pipes.push_back(
        {.fd = child.results_pipe(), .events = POLLIN, .revents = 0});
    waiting.push_back(&child);
  }
  while (poll(pipes.data(), pipes.size(), -1) < 0) {
    if (errno != EINTR) return ResourceError("cannot wait for a process");
  }
  for (size_t i = 0; i < pipes.size(); ++i) {
    if (pipes[i].revents == 0) continue;
    absl::Status status = waiting[i]->ReadResult();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

size_t NumRunning(const std::vector<Child>& children) {
  return static_cast<size_t>(
      std::count_if(children.begin(), children.end(),
                    [](const Child& child) { return !child.result(); }));
}

}  // namespace

absl::StatusOr<ForkedBranch> ForkedBranch::Fork(const Options& options) {
  const absl::StatusOr<FilePlaces> places = FilePlaces::Now();
  if (!places.ok()) return places.status();
  const pid_t parent = getpid();
  std::vector<Child> children;
  const auto count = static_cast<size_t>(options.count);
  while (children.size() < count || NumRunning(children) > 0) {
    if (children.size() == count ||
        NumRunning(children) >= static_cast<size_t>(options.at_once)) {
      const absl::Status status = AwaitResult(children);
      if (!status.ok()) return status;
      continue;
    }
    std::array<int, 2> results = {};
    std::array<int, 2> verdict = {};
    if (pipe2(results.data(), O_CLOEXEC) != 0) {
      return ResourceError("no pipe to a process");
    }
    if (pipe2(verdict.data(), O_CLOEXEC) != 0) {
      const absl::Status status = ResourceError("no pipe to a process");
      close(results[0]);
      close(results[1]);
      return status;
    }
    const pid_t pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(1);  // It died before that.
      for (Child& child : children) child.Forget();
      close(results[0]);
      close(verdict[1]);
      ForkedBranch branch(children.size(), results[1], verdict[0], parent,
                          options.keeper);
      const absl::Status status = places->Reopen();
      if (!status.ok()) return status;
      return branch;
    }
    const absl::Status status =
        pid < 0 ? ResourceError("no process to try with") : absl::OkStatus();
    close(results[1]);
    close(verdict[0]);
    // Has the pipes closed if there is no process.
    Child child(pid, results[0], verdict[1]);
    if (!status.ok()) return status;
    children.push_back(std::move(child));
  }
  std::vector<StretchResult> results;
  for (const Child& child : children) results.push_back(*child.result());
  const size_t best = options.choose(results);
  Child winner = std::move(children[best]);
  children.clear();
  winner.GoOn();
  _exit(0);
}

ForkedBranch::ForkedBranch(ForkedBranch&& other) noexcept
    : number_(other.number_),
      results_(std::exchange(other.results_, -1)),
      verdict_(std::exchange(other.verdict_, -1)),
      parent_(other.parent_),
      keeper_(other.keeper_) {}

ForkedBranch& ForkedBranch::operator=(ForkedBranch&& other) noexcept {
  std::swap(number_, other.number_);
  std::swap(results_, other.results_);
  std::swap(verdict_, other.verdict_);
  std::swap(parent_, other.parent_);
  std::swap(keeper_, other.keeper_);
  return *this;
}

ForkedBranch::~ForkedBranch() {
  for (const int pipe : {results_, verdict_}) {
    if (pipe >= 0) close(pipe);
  }
}

void ForkedBranch::AwaitChoice(const StretchResult& result) {
  char go = 0;
  // So few bytes go into a pipe whole.
  if (write(results_, &result, sizeof(result)) !=
          static_cast<ssize_t>(sizeof(result)) ||
      !ReadAll(verdict_, &go, 1)) {
    _exit(1);
  }
  // The parent's end must not be this process's, nor must the keeper's be
  // missed.
  prctl(PR_SET_PDEATHSIG, 0);
  if (write(results_, &go, 1) != 1) _exit(1);
  while (getppid() == parent_) std::this_thread::sleep_for(kTick);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != keeper_) _exit(1);
}

}  // namespace encoder_bridge
