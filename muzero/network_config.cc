#include "muzero/network_config.h"

#include <cmath>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace muzero {
namespace {

absl::Status RangeError(absl::string_view field, double value,
                        absl::string_view wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, " ", value, " is not ", wanted));
}

absl::Status ValidateHeads(const NetworkConfig& config) {
  std::set<std::string> names;
  for (const AuxiliaryHead& head : config.auxiliary_heads) {
    const std::string field = absl::StrCat("auxiliary head '", head.name, "'");
    if (head.name.empty() || !names.insert(head.name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, " has no name of its own"));
    }
    if (!std::isfinite(head.weight) || head.weight < 0) {
      return RangeError(field + " weight", head.weight, "0 or more");
    }
    if (!std::isfinite(head.scale) || head.scale <= 0) {
      return RangeError(field + " scale", head.scale, "positive");
    }
    if (!std::isfinite(head.offset)) {
      return RangeError(field + " offset", head.offset, "finite");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status NetworkConfig::Validate() const {
  const struct {
    absl::string_view field;
    int value;
    int min;
    int max;
  } kRanges[] = {
      {"token_size", token_size, 1, 4096},
      {"context_size", context_size, 1, 4096},
      {"num_actions", num_actions, 1, 65536},
      {"support.size", support.size, 2, 4096},
      {"token_width", token_width, 1, 4096},
      {"num_attention_heads", num_attention_heads, 1, 256},
      {"num_layers", num_layers, 1, 64},
      {"feed_forward_width", feed_forward_width, 1, 16384},
      {"hidden_size", hidden_size, 2, 8192},
      {"num_dynamics_blocks", num_dynamics_blocks, 0, 64},
      {"num_prediction_blocks", num_prediction_blocks, 0, 64},
      {"num_action_knots", num_action_knots, 0, num_actions},
  };
  for (const auto& range : kRanges) {
    if (range.value < range.min || range.value > range.max) {
      return RangeError(range.field, range.value,
                        absl::StrCat("in [", range.min, ", ", range.max, "]"));
    }
  }
  if (num_action_knots == 1 && num_actions > 1) {
    return RangeError("num_action_knots", num_action_knots, "0, or 2 or more");
  }
  if (token_width % num_attention_heads != 0) {
    return RangeError("token_width", token_width,
                      absl::StrCat("a multiple of num_attention_heads ",
                                   num_attention_heads));
  }
  if (!std::isfinite(support.min) || !std::isfinite(support.max) ||
      support.min >= support.max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "support [", support.min, ", ", support.max, "] is not an interval"));
  }
  return ValidateHeads(*this);
}

}  // namespace muzero
