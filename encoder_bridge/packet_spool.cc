#include "encoder_bridge/packet_spool.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/temporary_file.h"

namespace encoder_bridge {
namespace {

// What stands before each packet's bytes; only this process reads it.
struct PacketHeader {
  uint64_t size = 0;  // Bytes.
  int64_t pts = 0;
  int64_t duration = 0;
  int64_t is_key = 0;
};

absl::Status FileError(absl::string_view what) {
  const int error = errno;
  const auto text = absl::StrCat(
      what, " a temporary file for packets: ", std::strerror(error));
  return error == ENOSPC || error == EDQUOT || error == EMFILE
             ? absl::ResourceExhaustedError(text)
             : absl::UnknownError(text);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PacketSpool>> PacketSpool::Create() {
  const absl::StatusOr<int> fd = OpenTemporaryFile();
  if (!fd.ok()) return fd.status();
  std::FILE* file = fdopen(*fd, "w+b");
  if (file == nullptr) {
    close(*fd);
    return FileError("cannot make");
  }
  return std::unique_ptr<PacketSpool>(new PacketSpool(file));
}

absl::Status PacketSpool::Write(const EncodedPacket& packet) {
  const PacketHeader header = {.size = packet.data.size(),
                               .pts = packet.pts,
                               .duration = packet.duration,
                               .is_key = packet.is_key};
  if (std::fwrite(&header, sizeof header, 1, file_.get()) != 1) {
    return FileError("cannot write");
  }
  // Without data there is no address of it either, which fwrite() wants.
  if (!packet.data.empty() &&
      std::fwrite(packet.data.data(), packet.data.size(), 1, file_.get()) !=
          1) {
    return FileError("cannot write");
  }
  ++num_packets_;
  return absl::OkStatus();
}

absl::Status PacketSpool::CopyTo(PacketSink& sink,
                                 const std::function<absl::Status()>& poll) {
  // Also writes what is still in the buffer.
  if (std::fseek(file_.get(), 0, SEEK_SET) != 0) {
    return FileError("cannot write");
  }
  std::vector<uint8_t> data;
  for (int64_t i = 0; i < num_packets_; ++i) {
    absl::Status status = poll();
    if (!status.ok()) return status;
    PacketHeader header;
    if (std::fread(&header, sizeof header, 1, file_.get()) != 1) {
      return FileError("cannot read");
    }
    data.resize(header.size);
    if (!data.empty() &&
        std::fread(data.data(), data.size(), 1, file_.get()) != 1) {
      return FileError("cannot read");
    }
    status = sink.Write({.data = data,
                         .pts = header.pts,
                         .duration = header.duration,
                         .is_key = header.is_key != 0});
    if (!status.ok()) return status;
  }
  if (std::fseek(file_.get(), 0, SEEK_END) != 0) {
    return FileError("cannot read");
  }
  return absl::OkStatus();
}

}  // namespace encoder_bridge
