#ifndef CLI_RUN_FOLDER_H_
#define CLI_RUN_FOLDER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/metrics_file.h"
#include "selfplay/training_config.h"

namespace cli {

// Where a run folder has the best model that was measured.
std::string BestModelPath(const std::string& run_folder);

// The folder of one training run: config.toml, metrics.jsonl, the learner's
// checkpoint, the best model and, for `train`, the store.  One process at a
// time trains in it.
class RunFolder {
 public:
  // Makes the folder if it is not there.  Errors name what they are about:
  // FailedPrecondition if another process trains in it.
  static absl::StatusOr<std::unique_ptr<RunFolder>> Open(
      const std::string& path);

  // What the run is to be done with: the folder's config.toml; or for a new
  // run the file at `config_path`, or else the defaults, with `seed`, which is
  // then kept in the folder.
  //
  // Errors: InvalidArgument for a file that is no configuration;
  // FailedPrecondition if a run that has begun was given other constants.
  absl::StatusOr<selfplay::TrainingConfig> Configure(
      const std::optional<std::string>& config_path,
      const std::optional<uint64_t>& seed) const;

  const std::string& path() const { return path_; }
  std::string StoreUrl() const;
  std::string BestModelPath() const { return cli::BestModelPath(path_); }
  // Of folders and files to work with, which may be lost.
  std::string CachePath() const;
  selfplay::MetricsFile& metrics() { return *metrics_; }

 private:
  RunFolder(std::string path, std::unique_ptr<selfplay::MetricsFile> metrics)
      : path_(std::move(path)), metrics_(std::move(metrics)) {}

  const std::string path_;
  const std::unique_ptr<selfplay::MetricsFile> metrics_;
};

}  // namespace cli

#endif  // CLI_RUN_FOLDER_H_
