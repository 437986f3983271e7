#ifndef CLI_STOP_SIGNAL_H_
#define CLI_STOP_SIGNAL_H_

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace cli {

// Turns SIGINT, SIGTERM and SIGHUP into a flag that long work looks at.
//
// The work has two seconds to end by itself, which removes its temporary files.
// libvpx may be deaf for longer (the last frames of an encode are coded inside
// one call), and an input may be a pipe in which nothing comes: then what was
// named to AlsoRemove() is removed here and the process exits with status
// 128 + signal.
//
// Work that has something to save asks for all the time it needs,
// UnlimitedTime. A second signal ends the process at once, as above, in either
// case.  Signals within half a second of the first one are taken for the same:
// timeout(1) and terminals send one to a process, and once more to its group.
//
// There is one at a time.  It does not matter which thread the kernel hands the
// signal to: libraries have threads of their own, some from before main().
// A signal that the parent process had ignored stays ignored.  Thread-safe.
class StopSignal {
 public:
  struct Times {
    std::chrono::milliseconds grace{2000};
    std::chrono::milliseconds repetition{500};  // Taken for the same signal.
    // After which people are told that saving takes long.
    std::chrono::milliseconds patience{2000};
  };

  // While there is one, the work is not ended because it takes long; the time
  // that it has begins when there is none any more.
  class UnlimitedTime {
   public:
    // `stop` must outlive this object.
    explicit UnlimitedTime(StopSignal& stop);
    ~UnlimitedTime();
    UnlimitedTime(const UnlimitedTime&) = delete;
    UnlimitedTime& operator=(const UnlimitedTime&) = delete;

   private:
    StopSignal& stop_;
  };

  StopSignal() : StopSignal(Times()) {}
  explicit StopSignal(const Times& times);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Names a process that must not outlive an interrupted one, until the result
  // is gone.  REQUIRES: no other such process, and that it is not reaped
  // before.
  class ChildProcess {
   public:
    ChildProcess(StopSignal& stop, pid_t pid);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

   private:
    StopSignal& stop_;
  };

  // Names a file or folder that must not outlive an interrupted process.
  void AlsoRemove(const std::string& path);

  bool is_set() const { return signal_.load() != 0; }

  // The signal's number; 0 if none came.
  int signal() const { return signal_.load(); }

  // The same for whoever has to be told: requested when is_set().
  std::stop_token token() const { return stop_.get_token(); }

 private:
  using Clock = std::chrono::steady_clock;

  void Watch();
  // Watches over the work's end.  Returns false if it should not be waited for
  // any longer.
  bool AwaitEnd();
  void EndAtOnce();

  const Times times_;
  int pipe_[2] = {-1, -1};  // From the signal handler to `thread_`.
  std::atomic<int> signal_ = 0;
  std::stop_source stop_;
  std::mutex mutex_;  // Guards the following.
  bool is_over_ = false;
  int unlimited_ = 0;  // How many UnlimitedTime there are.
  Clock::time_point limited_since_;
  std::vector<std::string> paths_;
  pid_t child_ = 0;  // 0: none.
  std::thread thread_;
};

}  // namespace cli

#endif  // CLI_STOP_SIGNAL_H_
