#include "tests/testing/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace testing_support {
namespace {

void ThrowIf(bool failed, int error, const std::string& what) {
  if (failed) throw std::system_error(error, std::generic_category(), what);
}

// A channel from the program to the test.
struct Channel {
  int read_fd = -1;
  int write_fd = -1;
};

Channel MakePipe() {
  std::array<int, 2> fds = {};
  ThrowIf(pipe2(fds.data(), O_CLOEXEC) != 0, errno, "pipe2");
  return {.read_fd = fds[0], .write_fd = fds[1]};
}

Channel MakeTerminal() {
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  ThrowIf(master < 0, errno, "posix_openpt");
  ThrowIf(grantpt(master) != 0 || unlockpt(master) != 0, errno, "unlockpt");
  const winsize size = {.ws_row = 24, .ws_col = 80};
  ThrowIf(ioctl(master, TIOCSWINSZ, &size) != 0, errno, "TIOCSWINSZ");
  const int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  ThrowIf(slave < 0, errno, "open the terminal");
  return {.read_fd = master, .write_fd = slave};
}

// Whoever started the test may have blocked or ignored signals.
void RestoreSignals(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigemptyset(&none);
  sigset_t watched = none;
  for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGTERM}) {
    sigaddset(&watched, signal);
  }
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &watched);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

pid_t Spawn(std::vector<std::string>& command, int out_fd, int err_fd) {
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  RestoreSignals(attributes);
  pid_t pid = -1;
  const int error =
      posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ThrowIf(error != 0, error, command[0]);
  return pid;
}

// Appends what there is to `text`; closes `fd` and sets it to -1 at its end.
void ReadAvailable(int& fd, std::string& text) {
  std::array<char, 4096> buffer = {};
  const ssize_t size = read(fd, buffer.data(), buffer.size());
  if (size > 0) {
    text.append(buffer.data(), static_cast<size_t>(size));
    return;
  }
  if (size < 0 && errno == EINTR) return;
  // The end: of a terminal it is EIO.
  close(fd);
  fd = -1;
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const ProgramResult& result) {
  stream << "exit status " << result.exit_status;
  if (result.signal != 0) stream << ", ended by signal " << result.signal;
  if (result.timed_out) stream << ", killed after its time was over";
  return stream << ", stdout [" << result.out << "], stderr [" << result.err
                << "]";
}

Subprocess::Subprocess(std::vector<std::string> command, ErrorsTo errors_to) {
  const Channel out = MakePipe();
  const Channel err =
      errors_to == ErrorsTo::kTerminal ? MakeTerminal() : MakePipe();
  pid_ = Spawn(command, out.write_fd, err.write_fd);
  close(out.write_fd);
  close(err.write_fd);
  out_fd_ = out.read_fd;
  err_fd_ = err.read_fd;
}

Subprocess::~Subprocess() {
  Send(SIGKILL);
  Reap();
  for (const int fd : {out_fd_, err_fd_}) {
    if (fd >= 0) close(fd);
  }
}

bool Subprocess::WaitForErrorText(std::string_view text,
                                  std::chrono::seconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  const auto is_there = [&] {
    return result_.err.find(text) != std::string::npos;
  };
  while (!is_there() && Clock::now() < deadline && Read(deadline)) {
  }
  return is_there();
}

void Subprocess::Send(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

ProgramResult Subprocess::Wait(std::chrono::seconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  while (Clock::now() < deadline && Read(deadline)) {
  }
  result_.timed_out = out_fd_ >= 0 || err_fd_ >= 0;
  if (result_.timed_out) Send(SIGKILL);
  Reap();
  result_.seconds =
      std::chrono::duration<double>(Clock::now() - start_).count();
  return result_;
}

bool Subprocess::Read(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - Clock::now());
  // A closed descriptor is -1, which poll() passes over.
  std::array<pollfd, 2> fds = {
      {{.fd = out_fd_, .events = POLLIN}, {.fd = err_fd_, .events = POLLIN}}};
  poll(fds.data(), fds.size(),
       static_cast<int>(std::max<int64_t>(0, left.count())));
  if (fds[0].revents != 0) ReadAvailable(out_fd_, result_.out);
  if (fds[1].revents != 0) ReadAvailable(err_fd_, result_.err);
  return out_fd_ >= 0 || err_fd_ >= 0;
}

void Subprocess::Reap() {
  if (pid_ < 0) return;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  if (WIFEXITED(status)) result_.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
}

ProgramResult RunProgram(std::vector<std::string> command,
                         std::chrono::seconds limit) {
  return Subprocess(std::move(command)).Wait(limit);
}

}  // namespace testing_support
