#include "cli/run_config.h"

#include <optional>
#include <string>

#include "selfplay/training_status.h"
#include "selfplay/training_toml.h"

namespace cli {
absl::Status TellRunConfig(const selfplay::TrainingConfig& config,
                           selfplay::ExperienceStore& store) {
  const std::string toml = selfplay::FormatTrainingToml(config);
  const absl::StatusOr<std::string> kept =
      store.PutSettingOnce(selfplay::kConfigSetting, toml);
  if (!kept.ok()) return kept.status();
  if (*kept == toml) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the store has a run with other constants: wanted the run folder that "
      "it was begun with, or an empty store");
}

absl::StatusOr<selfplay::TrainingConfig> ReadRunConfig(
    selfplay::ExperienceStore& store) {
  const absl::StatusOr<std::optional<std::string>> toml =
      store.Setting(selfplay::kConfigSetting);
  if (!toml.ok()) return toml.status();
  if (!toml->has_value()) {
    return absl::NotFoundError(
        "the store has no run yet: muzero-rc learn begins one");
  }
  return selfplay::ParseTrainingToml(**toml, "the store's configuration");
}

}  // namespace cli
