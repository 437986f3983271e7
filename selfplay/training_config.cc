#include "selfplay/training_config.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "muzero/network_config.h"
#include "selfplay/policy_network.h"

namespace selfplay {
namespace {

constexpr double kMany = 1e9;  // More of anything is a slip of the finger.
constexpr double kMostSeed =
    static_cast<double>(std::numeric_limits<int64_t>::max());

struct Range {
  absl::string_view field;
  double value;
  double least;
  double most;
};

// Written so that NaN is refused.
absl::Status Check(const Range& range) {
  if (range.value >= range.least && range.value <= range.most) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(range.field, " ", range.value,
                                                 " is not in [", range.least,
                                                 ", ", range.most, "]"));
}

// What a component says begins with the name of one of its fields.
absl::Status In(absl::string_view section, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(section, ".", status.message()));
}

absl::Status CheckTargets(const EpisodeConfig& episode) {
  if (episode.targets_kbps.empty()) {
    return absl::InvalidArgumentError("episode.targets_kbps is empty");
  }
  for (const double target : episode.targets_kbps) {
    const absl::Status status = Check({"episode.targets_kbps", target, 1, 1e6});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// The sizes of `network` between what goes in and out of a policy's.
muzero::NetworkConfig WithSizes(const muzero::NetworkConfig& network) {
  muzero::NetworkConfig whole = network;
  const muzero::NetworkConfig ends = PolicyNetworkConfig();
  whole.token_size = ends.token_size;
  whole.context_size = ends.context_size;
  whole.num_actions = ends.num_actions;
  whole.auxiliary_heads = ends.auxiliary_heads;
  return whole;
}

absl::Status CheckComponents(const TrainingConfig& config) {
  absl::Status status = In("search", config.self_play.search.Validate());
  status.Update(In("self_competition", config.self_competition.Validate()));
  status.Update(In("replay", config.replay.Validate()));
  status.Update(In("targets", config.targets.Validate()));
  status.Update(In("trainer", config.learner.trainer.Validate()));
  status.Update(In("network", WithSizes(config.network).Validate()));
  return status;
}

}  // namespace

absl::Status TrainingConfig::Validate() const {
  const Range kRanges[] = {
      {"seed", static_cast<double>(seed), 0, kMostSeed},
      {"episode.max_height", static_cast<double>(episode.max_height), 0, 16384},
      {"episode.max_frames", static_cast<double>(episode.max_frames), 0, kMany},
      {"episode.cpu_used", static_cast<double>(episode.cpu_used), 0, 8},
      {"self_play.final_exploration", self_play.final_exploration, 0, 1},
      {"self_play.exploration_episodes",
       static_cast<double>(self_play.exploration_episodes), 0, kMany},
      {"self_play.guarded_fraction", self_play.guarded_fraction, 0, 1},
      {"rate_limit.samples_per_insert", rate_limit.samples_per_insert, 1e-3,
       1e6},
      {"rate_limit.min_episodes", static_cast<double>(rate_limit.min_episodes),
       1, kMany},
      {"rate_limit.max_ahead", static_cast<double>(rate_limit.max_ahead), 1,
       kMany},
      {"learner.batch_size", static_cast<double>(learner.batch_size), 1, 65536},
      {"learner.final_learning_rate", learner.final_learning_rate, 0, 1},
      {"learner.learning_rate_steps",
       static_cast<double>(learner.learning_rate_steps), 1, kMany},
      {"learner.publish_steps", static_cast<double>(learner.publish_steps), 1,
       kMany},
      {"learner.checkpoint_steps",
       static_cast<double>(learner.checkpoint_steps), 1, kMany},
      {"learner.reanalyse_fraction", learner.reanalyse_fraction, 0, 1},
      {"learner.augmentation", learner.augmentation, 0, 1},
      {"learner.max_loss_ratio", learner.max_loss_ratio, 1, kMany},
      {"learner.cpu_share", learner.cpu_share, 0.01, 1},
      {"evaluation.every_episodes",
       static_cast<double>(evaluation.every_episodes), 0, kMany},
      {"evaluation.max_clips", static_cast<double>(evaluation.max_clips), 1,
       kMany},
      {"evaluation.max_overshoot_share", evaluation.max_overshoot_share, 0, 1},
      {"retention.keep_episodes", static_cast<double>(retention.keep_episodes),
       1, kMany},
      {"retention.keep_weights", static_cast<double>(retention.keep_weights), 1,
       kMany},
  };
  for (const Range& range : kRanges) {
    const absl::Status status = Check(range);
    if (!status.ok()) return status;
  }
  absl::Status status = CheckTargets(episode);
  status.Update(CheckComponents(*this));
  if (!status.ok()) return status;
  if (evaluation.split.empty()) {
    return absl::InvalidArgumentError("evaluation.split is empty");
  }
  if (targets.discount != self_play.search.discount) {
    return absl::InvalidArgumentError(
        absl::StrCat("targets.discount ", targets.discount,
                     " is not search.discount ", self_play.search.discount));
  }
  return absl::OkStatus();
}

}  // namespace selfplay
