#include "encoder_bridge/input_spool.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/stream_sink.h"
#include "encoder_bridge/temporary_file.h"

namespace encoder_bridge {
namespace {

constexpr absl::string_view kMagic = "YUV4MPEG2 ";
constexpr size_t kBufferBytes = 1 << 20;
constexpr int kTickMs = 100;

// Reads what there is, `buffer` at most; waits for it, asking `poll` meanwhile.
// Returns 0 at the end.
absl::StatusOr<size_t> ReadSome(int fd, const std::string& name,
                                std::span<char> buffer,
                                const std::function<absl::Status()>& tick) {
  while (true) {
    const absl::Status status = tick();
    if (!status.ok()) return status;
    pollfd readable = {.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, kTickMs) == 0) continue;
    const ssize_t size = read(fd, buffer.data(), buffer.size());
    if (size >= 0) return static_cast<size_t>(size);
    const int error = errno;
    if (error == EINTR || error == EAGAIN) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": ", std::generic_category().message(error)));
  }
}

// `start` is what has come so far, which may be less than the magic number.
absl::Status CheckStart(absl::string_view start, const std::string& name) {
  if (start.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": is empty"));
  }
  if (!absl::StartsWith(start, kMagic)) {
    return absl::InvalidArgumentError(absl::StrCat(
        name,
        ": is no YUV4MPEG2 (y4m) stream, which is wanted, such as that "
        "of ffmpeg's -f yuv4mpegpipe"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<InputSpool>> InputSpool::Read(
    int fd, const std::string& name, const Progress& progress) {
  std::vector<char> buffer(kBufferBytes);
  int64_t total = 0;
  const auto tick = [&] { return progress(total); };
  size_t filled = 0;
  while (filled < kMagic.size()) {
    const auto size =
        ReadSome(fd, name, std::span(buffer).subspan(filled), tick);
    if (!size.ok()) return size.status();
    if (*size == 0) break;
    filled += *size;
  }
  const absl::Status start = CheckStart({buffer.data(), filled}, name);
  if (!start.ok()) return start;
  const absl::StatusOr<int> file = OpenTemporaryFile();
  if (!file.ok()) return file.status();
  auto spool = absl::WrapUnique(new InputSpool(*file));
  StreamSink sink(*file, absl::StrCat("the temporary file of ", name));
  while (filled > 0) {
    const absl::Status written =
        sink.Write({reinterpret_cast<const uint8_t*>(buffer.data()), filled});
    if (!written.ok()) return written;
    total += static_cast<int64_t>(filled);
    const auto size = ReadSome(fd, name, buffer, tick);
    if (!size.ok()) return size.status();
    filled = *size;
  }
  return spool;
}

InputSpool::~InputSpool() { close(fd_); }

std::string InputSpool::path() const {
  return absl::StrCat("/proc/self/fd/", fd_);
}

}  // namespace encoder_bridge
