#include "selfplay/self_competition.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace selfplay {
namespace {

// Written so that NaN is refused.
absl::Status CheckNotNegative(absl::string_view field, double value) {
  if (value >= 0 && std::isfinite(value)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, " is ", value, ", wanted a number >= 0"));
}

absl::Status CheckPositive(absl::string_view field, double value) {
  if (value > 0 && std::isfinite(value)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, " is ", value, ", wanted a number > 0"));
}

// sign(gain), but 0 within `tie`.
double WinLoss(double gain, double tie) {
  if (std::abs(gain) <= tie) return 0;
  return gain > 0 ? 1 : -1;
}

// What is not tolerated of `overshoot`.
double Excess(double overshoot, const SelfCompetitionConfig& config) {
  return std::max(0.0, overshoot - config.overshoot_tolerance);
}

void AssertUsable([[maybe_unused]] const Outcome& outcome) {
  assert(std::isfinite(outcome.quality));
  assert(std::isfinite(outcome.overshoot) && outcome.overshoot >= 0);
}

}  // namespace

absl::Status SelfCompetitionConfig::Validate() const {
  if (!(decay >= 0 && decay < 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("decay is ", decay, ", wanted one in [0, 1)"));
  }
  if (!(first_reward >= -1 && first_reward <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "first_reward is ", first_reward, ", wanted one in [-1, 1]"));
  }
  absl::Status status =
      CheckNotNegative("overshoot_tolerance", overshoot_tolerance);
  status.Update(CheckNotNegative("overshoot_tie", overshoot_tie));
  status.Update(CheckNotNegative("quality_tie", quality_tie));
  status.Update(CheckPositive("overshoot_scale", overshoot_scale));
  status.Update(CheckPositive("quality_scale", quality_scale));
  return status;
}

double Reward(const History& history, const Outcome& outcome,
              const SelfCompetitionConfig& config) {
  AssertUsable(outcome);
  if (history.episodes == 0) return config.first_reward;
  if (config.rule == RewardRule::kGain) {
    const double gain =
        (outcome.quality - history.quality) / config.quality_scale -
        (Excess(outcome.overshoot, config) -
         Excess(history.overshoot, config)) /
            config.overshoot_scale;
    return std::clamp(gain, -1.0, 1.0);
  }
  const bool has_ties = config.rule == RewardRule::kWinLossTolerance;
  const bool is_about_overshoot =
      outcome.overshoot > config.overshoot_tolerance ||
      history.overshoot > config.overshoot_tolerance;
  if (is_about_overshoot) {
    return WinLoss(history.overshoot - outcome.overshoot,
                   has_ties ? config.overshoot_tie : 0);
  }
  return WinLoss(outcome.quality - history.quality,
                 has_ties ? config.quality_tie : 0);
}

History Updated(const History& history, const Outcome& outcome,
                const SelfCompetitionConfig& config) {
  AssertUsable(outcome);
  const double episodes = static_cast<double>(history.episodes);
  const double keep = std::min(config.decay, episodes / (episodes + 1));
  return {
      .quality = keep * history.quality + (1 - keep) * outcome.quality,
      .overshoot = keep * history.overshoot + (1 - keep) * outcome.overshoot,
      .episodes = history.episodes + 1,
  };
}

}  // namespace selfplay
