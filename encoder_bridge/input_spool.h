#ifndef ENCODER_BRIDGE_INPUT_SPOOL_H_
#define ENCODER_BRIDGE_INPUT_SPOOL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace encoder_bridge {

// A raw video (YUV4MPEG2, "y4m") that came through a pipe, kept in a temporary
// file without a name, so that it can be read as often as two passes need.  The
// file goes with this object, or with the process.
class InputSpool {
 public:
  // Told how many bytes there are so far; an error ends the reading.  Called
  // several times a second, even where nothing comes.
  using Progress = std::function<absl::Status(int64_t bytes)>;

  // Reads `fd` to its end.  `name` is what errors call it.
  //
  // Errors: InvalidArgument if it is empty or no YUV4MPEG2, which is known from
  // its first bytes; those of OpenTemporaryFile(); ResourceExhausted (no
  // space); Unknown; what `progress` returns.
  static absl::StatusOr<std::unique_ptr<InputSpool>> Read(
      int fd, const std::string& name, const Progress& progress);

  ~InputSpool();
  InputSpool(const InputSpool&) = delete;
  InputSpool& operator=(const InputSpool&) = delete;

  // For this process to open, as long as this object is there.
  std::string path() const;

 private:
  explicit InputSpool(int fd) : fd_(fd) {}

  const int fd_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_INPUT_SPOOL_H_
