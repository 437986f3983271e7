#ifndef CLI_TRAINING_ARGUMENTS_H_
#define CLI_TRAINING_ARGUMENTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cli/role_flags.h"

namespace cli {

// What people ask of `train` and `learn`.
struct TrainingArguments {
  std::string run;                   // Folder.
  std::optional<std::string> store;  // learn only; URL.
  std::optional<std::string> clips;  // Folder, CSV or file.
  std::optional<int> workers;        // train only.
  std::optional<std::string> config;
  std::optional<std::string> init;  // Path of a model.
  std::optional<uint64_t> seed;
  std::optional<int64_t> max_steps;  // learn only.
  RoleArguments role;  // Episodes are those of the run, not of this call.
};

}  // namespace cli

#endif  // CLI_TRAINING_ARGUMENTS_H_
