#include "muzero/search_config.h"

#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace muzero {
namespace {

// A tree of so many nodes, with 255 actions each, is some 600 MB.
constexpr int kMostSimulations = 100'000;
// Of what scales and exponents may be, so that nothing overflows.
constexpr double kLargest = 1e6;

// False for NaN.
absl::Status CheckInRange(absl::string_view field, double value, double least,
                          double most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, " ", value, " is not in [", least, ", ", most, "]"));
}

}  // namespace

SearchConfig SearchConfig::Greedy() const {
  SearchConfig greedy = *this;
  greedy.gumbel_scale = 0;
  greedy.root_exploration_fraction = 0;
  greedy.visit_softmax_temperature = 0;
  return greedy;
}

absl::Status SearchConfig::Validate() const {
  const struct {
    const char* name;
    double value;
    double least;
    double most;
  } kFields[] = {
      {"num_simulations", static_cast<double>(num_simulations), 0,
       kMostSimulations},
      {"discount", discount, 0, 1},
      {"max_num_considered_actions",
       static_cast<double>(max_num_considered_actions), 1,
       std::numeric_limits<int>::max()},
      {"gumbel_scale", gumbel_scale, 0, kLargest},
      {"c_visit", c_visit, 0, kLargest},
      {"c_scale", c_scale, 0, kLargest},
      {"pb_c_init", pb_c_init, 0, kLargest},
      {"pb_c_base", pb_c_base, 1, std::numeric_limits<double>::max()},
      {"root_dirichlet_alpha", root_dirichlet_alpha, 1e-3, kLargest},
      {"root_exploration_fraction", root_exploration_fraction, 0, 1},
      {"visit_softmax_temperature", visit_softmax_temperature, 0, kLargest},
  };
  for (const auto& field : kFields) {
    const absl::Status status =
        CheckInRange(field.name, field.value, field.least, field.most);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace muzero
