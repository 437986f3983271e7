#ifndef SELFPLAY_FIRST_PASS_CACHE_H_
#define SELFPLAY_FIRST_PASS_CACHE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "selfplay/shared_cache.h"

namespace selfplay {

// First passes, by a text that says all that they depend on: in memory, and as
// files that outlive the process.  Several processes may share the folder.
//
// Thread-safe.
class FirstPassCache {
 public:
  using Result = encoder_bridge::FirstPassResult;

  struct Options {
    // Made if it is not there; empty: no files.
    std::string folder;
    int64_t max_bytes = int64_t{64} << 20;  // In memory.
  };

  explicit FirstPassCache(const Options& options);

  // The first pass of `key`, from memory or file; else what `make` returns.  A
  // file that is damaged is made again.  That a file cannot be written is no
  // error: the next process makes it again.  Errors are those of `make`.
  absl::StatusOr<std::shared_ptr<const Result>> Get(
      const std::string& key,
      const std::function<absl::StatusOr<Result>()>& make);

  // Where the first pass of `key` is kept.
  std::string FileOf(const std::string& key) const;

 private:
  const std::string folder_;
  SharedCache<Result> memory_;
};

}  // namespace selfplay

#endif  // SELFPLAY_FIRST_PASS_CACHE_H_
