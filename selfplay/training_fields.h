#ifndef SELFPLAY_TRAINING_FIELDS_H_
#define SELFPLAY_TRAINING_FIELDS_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "muzero/search_config.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_config.h"

namespace selfplay {

// A constant of a training run: its place in a file, where it is kept, and what
// there is to say about it.
struct TrainingField {
  absl::string_view section;  // Empty: before all sections.
  absl::string_view key;
  std::variant<bool*, int*, int64_t*, uint64_t*, double*, std::string*,
               std::vector<double>*, RewardRule*, muzero::SearchAlgorithm*>
      value;
  absl::string_view unit;
  absl::string_view meaning;
  // A paper and its equation, "measured" here, or "chosen" by judgement.
  absl::string_view source;
};

// All constants of `config`, in the order in which people read them.  They
// point into `config`, which must outlive them.
std::vector<TrainingField> TrainingFields(TrainingConfig& config);

}  // namespace selfplay

#endif  // SELFPLAY_TRAINING_FIELDS_H_
