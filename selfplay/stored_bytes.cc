#include "selfplay/stored_bytes.h"

#include <zstd.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace selfplay {
namespace {

// zstd's default.  Policies are most of what is packed, and no level makes much
// of them.
constexpr int kLevel = 3;

absl::Status TooLong(const StoredFormat& format, unsigned long long bytes) {
  return absl::InvalidArgumentError(absl::StrCat(format.tag, " of ", bytes,
                                                 " bytes; it may have ",
                                                 format.max_bytes, " at most"));
}

absl::Status Damaged(const StoredFormat& format, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(format.tag, " is damaged: ", why));
}

}  // namespace

absl::StatusOr<std::string> PackBytes(const StoredFormat& format,
                                      absl::string_view bytes) {
  if (bytes.size() > format.max_bytes) return TooLong(format, bytes.size());
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(
      ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  const size_t header = format.tag.size() + 1;
  std::string packed = absl::StrCat(format.tag);
  packed.push_back(format.version);
  packed.resize(header + ZSTD_compressBound(bytes.size()));
  const size_t size =
      ZSTD_compress2(context.get(), packed.data() + header,
                     packed.size() - header, bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) {
    return absl::InternalError(absl::StrCat("zstd: ", ZSTD_getErrorName(size)));
  }
  packed.resize(header + size);
  return packed;
}

absl::StatusOr<std::string> UnpackBytes(const StoredFormat& format,
                                        absl::string_view packed) {
  const size_t header = format.tag.size() + 1;
  if (packed.size() <= header ||
      packed.substr(0, format.tag.size()) != format.tag) {
    return Damaged(format, "it does not begin as one");
  }
  if (packed[header - 1] != format.version) {
    return absl::InvalidArgumentError(
        absl::StrCat(format.tag, " of version ", int{packed[header - 1]},
                     "; this program reads version ", int{format.version}));
  }
  packed.remove_prefix(header);
  const unsigned long long size =
      ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) {
    return Damaged(format, "no size in its zstd frame");
  }
  if (size > format.max_bytes) return TooLong(format, size);
  std::string bytes(static_cast<size_t>(size), '\0');
  const size_t got =
      ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0) return Damaged(format, ZSTD_getErrorName(got));
  if (got != bytes.size()) return Damaged(format, "its size is wrong");
  return bytes;
}

}  // namespace selfplay
