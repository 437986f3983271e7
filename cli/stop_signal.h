#ifndef CLI_STOP_SIGNAL_H_
#define CLI_STOP_SIGNAL_H_

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cli {

// Turns SIGINT, SIGTERM and SIGHUP into a flag that long work looks at.
//
// The work has two seconds to end by itself, which removes its temporary files.
// libvpx may be deaf for longer (the last frames of an encode are coded inside
// one call): then what was named to AlsoRemove() is removed here and the
// process exits with status 128 + signal.
//
// There is one at a time.  It does not matter which thread the kernel hands the
// signal to: libraries have threads of their own, some from before main().
// A signal that the parent process had ignored stays ignored.  Thread-safe.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Names a file or folder that must not outlive an interrupted process.
  void AlsoRemove(const std::string& path);

  bool is_set() const { return signal_.load() != 0; }

  // The signal's number; 0 if none came.
  int signal() const { return signal_.load(); }

 private:
  void Wait();

  int pipe_[2] = {-1, -1};  // From the signal handler to `thread_`.
  std::atomic<int> signal_ = 0;
  std::mutex mutex_;  // Guards the following.
  std::condition_variable over_;
  bool is_over_ = false;
  std::vector<std::string> paths_;
  std::thread thread_;
};

}  // namespace cli

#endif  // CLI_STOP_SIGNAL_H_
