#include "selfplay/first_pass_cache.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "muzero/sha256.h"
#include "muzero/whole_file.h"
#include "selfplay/first_pass_file.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassResult;

// 200 bytes a frame: two days of video at 30 frames a second.
constexpr int64_t kMaxFileBytes = int64_t{1} << 30;

int64_t SizeOf(const FirstPassResult& result) {
  return static_cast<int64_t>(sizeof(result) + result.stats.size());
}

std::optional<FirstPassResult> ReadFile(const std::string& path,
                                        const std::string& key) {
  const absl::StatusOr<std::string> bytes =
      muzero::ReadWholeFile(path, kMaxFileBytes);
  if (!bytes.ok()) return std::nullopt;
  absl::StatusOr<FirstPassResult> result = ParseFirstPass(*bytes, key);
  if (!result.ok()) return std::nullopt;
  return *std::move(result);
}

absl::Status WriteFile(const std::string& path, const std::string& bytes) {
  const auto file = encoder_bridge::PendingFile::Create(path);
  if (!file.ok()) return file.status();
  const absl::Status status = (*file)->Write(bytes);
  if (!status.ok()) return status;
  return (*file)->Commit();
}

}  // namespace

FirstPassCache::FirstPassCache(const Options& options)
    : folder_(options.folder), memory_(options.max_bytes, SizeOf) {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
}

absl::StatusOr<std::shared_ptr<const FirstPassResult>> FirstPassCache::Get(
    const std::string& key,
    const std::function<absl::StatusOr<Result>()>& make) {
  using Pointer = std::shared_ptr<const Result>;
  return memory_.Get(key, [&]() -> absl::StatusOr<Pointer> {
    if (!folder_.empty()) {
      std::optional<Result> kept = ReadFile(FileOf(key), key);
      if (kept) return std::make_shared<const Result>(*std::move(kept));
    }
    absl::StatusOr<Result> made = make();
    if (!made.ok()) return made.status();
    if (!folder_.empty()) {
      WriteFile(FileOf(key), SerializeFirstPass(*made, key)).IgnoreError();
    }
    return std::make_shared<const Result>(*std::move(made));
  });
}

std::string FirstPassCache::FileOf(const std::string& key) const {
  return (std::filesystem::path(folder_) /
          absl::StrCat(muzero::Sha256Hex(key), ".firstpass"))
      .string();
}

}  // namespace selfplay
