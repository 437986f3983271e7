#ifndef CLI_RUN_CONFIG_H_
#define CLI_RUN_CONFIG_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"
#include "selfplay/training_config.h"

namespace cli {

// The constants of a run, as its learner put them into the store for workers to
// find.

// FailedPrecondition if the store's run has others; the store's errors.
absl::Status TellRunConfig(const selfplay::TrainingConfig& config,
                           selfplay::ExperienceStore& store);

// NotFound if no learner has come yet; the store's errors.
absl::StatusOr<selfplay::TrainingConfig> ReadRunConfig(
    selfplay::ExperienceStore& store);

}  // namespace cli

#endif  // CLI_RUN_CONFIG_H_
