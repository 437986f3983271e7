#include "cli/run_folder.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "muzero/whole_file.h"
#include "selfplay/training_toml.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using selfplay::TrainingConfig;

std::string ConfigPath(const std::string& folder) {
  return (fs::path(folder) / "config.toml").string();
}

absl::StatusOr<TrainingConfig> Wanted(
    const std::optional<std::string>& config_path,
    const std::optional<uint64_t>& seed) {
  TrainingConfig config;
  if (config_path) {
    auto loaded = selfplay::LoadTrainingToml(*config_path);
    if (!loaded.ok()) return loaded.status();
    config = *std::move(loaded);
  }
  if (seed) config.seed = *seed;
  return config;
}

}  // namespace

std::string BestModelPath(const std::string& run_folder) {
  return (fs::path(run_folder) / "best.safetensors").string();
}

absl::StatusOr<std::unique_ptr<RunFolder>> RunFolder::Open(
    const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    return absl::UnknownError(absl::StrCat("cannot make the run folder ", path,
                                           ": ", error.message()));
  }
  // Its lock is the run's.
  auto metrics =
      selfplay::MetricsFile::Open((fs::path(path) / "metrics.jsonl").string());
  if (absl::IsFailedPrecondition(metrics.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("another process is training in ", path));
  }
  if (!metrics.ok()) return metrics.status();
  return std::unique_ptr<RunFolder>(new RunFolder(path, *std::move(metrics)));
}

absl::StatusOr<TrainingConfig> RunFolder::Configure(
    const std::optional<std::string>& config_path,
    const std::optional<uint64_t>& seed) const {
  absl::StatusOr<TrainingConfig> kept =
      selfplay::LoadTrainingToml(ConfigPath(path_));
  const bool is_new = absl::IsNotFound(kept.status());
  if (!kept.ok() && !is_new) return kept.status();
  absl::StatusOr<TrainingConfig> wanted = Wanted(config_path, seed);
  if (!wanted.ok()) return wanted.status();
  if (is_new) {
    const absl::Status status = muzero::WriteWholeFile(
        selfplay::FormatTrainingToml(*wanted), ConfigPath(path_));
    if (!status.ok()) return status;
    return wanted;
  }
  const bool has_changed =
      (config_path && selfplay::FormatTrainingToml(*wanted) !=
                          selfplay::FormatTrainingToml(*kept)) ||
      (seed && *seed != kept->seed);
  if (has_changed) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the run in ", path_, " has begun with other constants, which are in ",
        ConfigPath(path_), ": wanted those, or another --run"));
  }
  return kept;
}

std::string RunFolder::StoreUrl() const {
  return absl::StrCat("sqlite:", (fs::path(path_) / "experience.db").string());
}

std::string RunFolder::CachePath() const {
  return (fs::path(path_) / "cache").string();
}

}  // namespace cli
