#include "muzero/trainer_config.h"

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace muzero {

absl::Status TrainerConfig::Validate() const {
  const struct {
    absl::string_view field;
    double value;
    double max;
  } kFields[] = {
      {"learning_rate", learning_rate, 1},
      {"weight_decay", weight_decay, 1e6},
      {"max_gradient_norm", max_gradient_norm, 1e30},
      {"policy_weight", policy_weight, 1e6},
      {"value_weight", value_weight, 1e6},
      {"auxiliary_weight", auxiliary_weight, 1e6},
      {"dynamics_gradient_scale", dynamics_gradient_scale, 1},
  };
  for (const auto& field : kFields) {
    if (field.value >= 0 && field.value <= field.max) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        field.field, " ", field.value, " is not in [0, ", field.max, "]"));
  }
  return absl::OkStatus();
}

}  // namespace muzero
