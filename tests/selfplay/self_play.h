#ifndef TESTS_SELFPLAY_SELF_PLAY_H_
#define TESTS_SELFPLAY_SELF_PLAY_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy.h"
#include "selfplay/policy_source.h"
#include "selfplay/rollout_gate.h"
#include "selfplay/training_config.h"
#include "selfplay/worker_events.h"
#include "selfplay/worker_pool.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/selfplay/plain_surroundings.h"

namespace selfplay {

// Self-play of synthetic clips with real encodes, a fake model and a store in
// memory, and all that happens in it.
class SelfPlay {
 public:
  // Two clips of 96x64 and 12 frames, at two targets.
  SelfPlay();
  ~SelfPlay();

  // Adds a clip whose file holds `bytes`, which are no video.
  void AddBadClip(const std::string& bytes);

  // Lets `num_workers` play `episodes`; returns the pool's status.
  absl::Status Play(int num_workers, int64_t episodes);

  std::unique_ptr<WorkerPool> Start(int num_workers, int64_t episodes);

  // All of the store, in order.
  std::vector<StoredEpisode> Stored();

  TrainingConfig config;
  FakeExperienceStore store;
  OpenGate open_gate;
  RolloutGate* gate = &open_gate;
  std::shared_ptr<Policy> policy;  // Feedback's choices, and noise.
  ClipShelf::Options shelf;
  std::vector<TrainingClip> clips;
  std::function<void(const EpisodeEvent&)> on_episode;

  // Texts of the events.
  std::vector<std::string> refused;
  std::vector<std::string> left_out;

 private:
  const std::filesystem::path folder_;
  std::unique_ptr<PolicySource> policies_;
};

// Whether two episodes are the same, bit for bit, but for the time they took.
bool IsSameEpisode(const PlayedEpisode& a, const PlayedEpisode& b);

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_SELF_PLAY_H_
