#include "selfplay/augmentation.h"

#include <cstddef>
#include <random>
#include <vector>

#include "absl/types/span.h"
#include "selfplay/features.h"

namespace selfplay {
namespace {

// Columns of a table of features, all rows of which are changed alike.
class Table {
 public:
  Table(std::vector<float>& values, absl::Span<const Feature> features)
      : values_(values), features_(features) {}

  // In logarithms, a factor is a sum.
  void Add(int feature, double amount) {
    Change(feature, [amount](double value) { return value + amount; });
  }
  void Negate(int feature) {
    Change(feature, [](double value) { return -value; });
  }

 private:
  template <typename Function>
  void Change(int feature, Function function) {
    for (size_t i = static_cast<size_t>(feature); i < values_.size();
         i += features_.size()) {
      if (values_[i] == 0) continue;
      values_[i] = Bounded(features_[static_cast<size_t>(feature)],
                           function(values_[i]));
    }
  }

  std::vector<float>& values_;
  absl::Span<const Feature> features_;
};

}  // namespace

void Augment(double strength, muzero::Observation& observation,
             std::mt19937_64& random) {
  Table tokens(observation.tokens, TokenFeatures());
  Table context(observation.context, ContextFeatures());
  std::bernoulli_distribution is_mirrored(0.5);
  std::normal_distribution<double> normal;
  const auto kind = [&] { return strength * normal(random); };
  const auto single = [&] { return strength / 2 * normal(random); };
  for (const int pan : {kPanRows, kPanColumns}) {
    if (is_mirrored(random)) tokens.Negate(pan);
  }
  const double errors = kind();
  for (const int error :
       {kLogIntraError, kLogCodedError, kLogSecondRefError, kLogNoiseEnergy}) {
    tokens.Add(error, errors + single());
  }
  const double motion = kind();
  for (const int amount :
       {kMotionRows, kMotionColumns, kMotionRowsSpread, kMotionColumnsSpread}) {
    tokens.Add(amount, motion + single());
  }
  const double rates = kind();
  for (const int rate : {kLogForecastBpp, kCodedLogBpp, kAltRefLogBpp}) {
    tokens.Add(rate, rates);
  }
  for (const int rate : {kLogTargetBpp, kFeedbackLogBpp}) {
    context.Add(rate, rates);
  }
  context.Add(kLogMacroblocks, kind());
}

}  // namespace selfplay
