#include "selfplay/replay_batch.h"

#include <cstddef>
#include <utility>

#include "muzero/episode.h"

namespace selfplay {

ReplayBatch MakeReplayBatch(const std::vector<DrawnStep>& drawn,
                            const muzero::TargetConfig& config, int num_actions,
                            std::mt19937_64& random) {
  std::uniform_int_distribution<int> any_action(0, num_actions - 1);
  ReplayBatch batch;
  for (const DrawnStep& step : drawn) {
    const muzero::Episode& episode = step.episode->episode;
    muzero::Sample sample = muzero::MakeSample(episode, step.key.step, config);
    sample.observation = step.episode->observe(step.key.step);
    sample.weight = static_cast<float>(step.importance_weight);
    const size_t num_left =
        episode.steps.size() - static_cast<size_t>(step.key.step);
    for (size_t i = num_left; i < sample.actions.size(); ++i) {
      sample.actions[i] = any_action(random);
    }
    batch.keys.push_back(step.key);
    batch.samples.push_back(std::move(sample));
  }
  return batch;
}

}  // namespace selfplay
