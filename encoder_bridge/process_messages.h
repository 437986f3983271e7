#ifndef ENCODER_BRIDGE_PROCESS_MESSAGES_H_
#define ENCODER_BRIDGE_PROCESS_MESSAGES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace encoder_bridge {

// What an encode in other processes tells the one that it is for, through a
// pipe.
struct ProcessMessage {
  enum class Kind : uint32_t { kFork, kFrame, kPacket, kResult, kError };
  Kind kind = Kind::kFrame;
  std::string body;
};

// Writes one message; one of no more than PIPE_BUF bytes is whole even among
// those of other processes.  Unknown if nobody reads.
absl::Status WriteMessage(int pipe, ProcessMessage::Kind kind,
                          absl::string_view body);

// Puts messages together from what comes out of a pipe.
class MessageReader {
 public:
  // Waits at most `timeout_ms` for something to come, and takes it.  Returns
  // false at the end of the pipe.
  absl::StatusOr<bool> Wait(int pipe, int timeout_ms);

  // The next message that is complete.
  std::optional<ProcessMessage> Next();

 private:
  std::string bytes_;
  size_t begin_ = 0;  // What is before has been returned.
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_PROCESS_MESSAGES_H_
