#ifndef SELFPLAY_TRAINING_TOML_H_
#define SELFPLAY_TRAINING_TOML_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "selfplay/training_config.h"

namespace selfplay {

// `config` as a TOML file for people: every constant, each with a comment that
// has its meaning, unit, default and source.  ParseTrainingToml() of it is
// `config` again, exactly.
// REQUIRES: `config` is valid.
std::string FormatTrainingToml(const TrainingConfig& config);

// The defaults, but for what `toml` says.
//
// Errors: InvalidArgument in one line that begins with "name:line:", for text
// that is no TOML, a key that there is not, a value of another type, and one
// that TrainingConfig::Validate() refuses.
absl::StatusOr<TrainingConfig> ParseTrainingToml(absl::string_view toml,
                                                 absl::string_view name);

// The same of the file at `path`; and the system's errors, naming it.
absl::StatusOr<TrainingConfig> LoadTrainingToml(const std::string& path);

}  // namespace selfplay

#endif  // SELFPLAY_TRAINING_TOML_H_
