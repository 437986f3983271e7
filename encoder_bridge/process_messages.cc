#include "encoder_bridge/process_messages.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace encoder_bridge {
namespace {

struct Header {
  ProcessMessage::Kind kind = {};
  uint32_t size = 0;  // Bytes of the body.
};

constexpr size_t kChunk = size_t{1} << 16;

}  // namespace

absl::Status WriteMessage(int pipe, ProcessMessage::Kind kind,
                          absl::string_view body) {
  const Header header = {.kind = kind,
                         .size = static_cast<uint32_t>(body.size())};
  std::string bytes(sizeof(header), '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  bytes.append(body.data(), body.size());
  absl::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t written = write(pipe, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return absl::UnknownError(
          absl::StrCat("cannot write to a process: ", std::strerror(errno)));
    }
    rest.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> MessageReader::Wait(int pipe, int timeout_ms) {
  pollfd readable = {.fd = pipe, .events = POLLIN, .revents = 0};
  const int ready = poll(&readable, 1, timeout_ms);
  if (ready == 0 || (ready < 0 && errno == EINTR)) return true;
  std::array<char, kChunk> chunk;
  const ssize_t got = ready < 0 ? -1 : read(pipe, chunk.data(), chunk.size());
  if (got < 0 && errno == EINTR) return true;
  if (got < 0) {
    return absl::UnknownError(
        absl::StrCat("cannot read from a process: ", std::strerror(errno)));
  }
  bytes_.erase(0, begin_);
  begin_ = 0;
  bytes_.append(chunk.data(), static_cast<size_t>(got));
  return got > 0;
}

std::optional<ProcessMessage> MessageReader::Next() {
  Header header;
  if (bytes_.size() - begin_ < sizeof(header)) return std::nullopt;
  std::memcpy(&header, bytes_.data() + begin_, sizeof(header));
  const size_t size = sizeof(header) + header.size;
  if (bytes_.size() - begin_ < size) return std::nullopt;
  ProcessMessage message = {
      .kind = header.kind,
      .body = bytes_.substr(begin_ + sizeof(header), header.size)};
  begin_ += size;
  return message;
}

}  // namespace encoder_bridge
