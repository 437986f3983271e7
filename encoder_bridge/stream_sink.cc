#include "encoder_bridge/stream_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace encoder_bridge {

absl::Status StreamSink::Write(std::span<const uint8_t> data) {
  while (!data.empty()) {
    const ssize_t written = write(fd_, data.data(), data.size());
    if (written >= 0) {
      data = data.subspan(static_cast<size_t>(written));
      continue;
    }
    const int error = errno;
    if (error == EINTR) continue;
    if (error == EAGAIN) {  // Whoever shares it has made it non-blocking.
      pollfd writable = {.fd = fd_, .events = POLLOUT, .revents = 0};
      poll(&writable, 1, /*timeout=*/-1);
      continue;
    }
    if (error == EPIPE) {
      return absl::AbortedError(absl::StrCat(
          "cannot write to ", name_, ": whoever read it has closed it"));
    }
    const auto message = absl::StrCat("cannot write to ", name_, ": ",
                                      std::generic_category().message(error));
    return error == ENOSPC || error == EDQUOT || error == EFBIG
               ? absl::ResourceExhaustedError(message)
               : absl::UnknownError(message);
  }
  return absl::OkStatus();
}

absl::Status StreamSink::SeekTo(int64_t) {
  return absl::UnimplementedError(absl::StrCat(name_, " has no places"));
}

}  // namespace encoder_bridge
