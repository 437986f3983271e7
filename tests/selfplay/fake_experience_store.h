#ifndef TESTS_SELFPLAY_FAKE_EXPERIENCE_STORE_H_
#define TESTS_SELFPLAY_FAKE_EXPERIENCE_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/experience_store.h"

namespace selfplay {

// An ExperienceStore in memory, that keeps all that the interface promises but
// survival, and of the limits of episodes only the plainest.  Time stands still
// until a test moves it; calls fail when a test wants them to.
//
// Thread-safe.
class FakeExperienceStore : public ExperienceStore {
 public:
  FakeExperienceStore() = default;

  // What the clock of the store says: `stored_at` of what is stored from now
  // on.  Begins at 1000.
  void SetTime(double seconds);

  // After the next `healthy` calls, `count` calls change nothing and return
  // Unavailable.
  void FailCalls(int count, int healthy = 0);

  // How many calls there were, failed ones among them.
  int64_t calls() const;

  absl::StatusOr<int64_t> TakeTicket() override;
  absl::StatusOr<std::string> PutFirstPass(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) override;
  absl::StatusOr<std::vector<encoder_bridge::FirstPassFrameStats>> FirstPass(
      absl::string_view sha256) override;
  absl::StatusOr<EpisodeReceipt> AddEpisode(
      const PlayedEpisode& episode,
      const SelfCompetitionConfig& config) override;
  absl::StatusOr<std::vector<StoredEpisode>> EpisodesAfter(int64_t sequence,
                                                           int limit) override;
  absl::StatusOr<std::map<Pair, History>> Histories() override;
  absl::Status PublishWeights(int64_t version,
                              absl::string_view bytes) override;
  absl::StatusOr<int64_t> NewestWeightsVersion() override;
  absl::StatusOr<std::string> Weights(int64_t version) override;
  absl::Status PutSetting(absl::string_view name,
                          absl::string_view value) override;
  absl::StatusOr<std::string> PutSettingOnce(absl::string_view name,
                                             absl::string_view value) override;
  absl::StatusOr<std::optional<std::string>> Setting(
      absl::string_view name) override;
  absl::Status AddMetrics(const MetricsLine& line) override;
  absl::StatusOr<std::vector<MetricsLine>> Metrics(absl::string_view role,
                                                   int limit) override;
  absl::StatusOr<StoreCounts> Counts() override;
  absl::Status Prune(int64_t keep_episodes, int64_t keep_weights) override;

 private:
  // Counts the call; Unavailable if it is to fail.
  absl::Status Begin() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Check(const PlayedEpisode& episode) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int64_t NewestWeights() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  double time_ ABSL_GUARDED_BY(mutex_) = 1000;
  int healthy_calls_ ABSL_GUARDED_BY(mutex_) = 0;  // Before failing ones.
  int failing_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t tickets_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t steps_ ABSL_GUARDED_BY(mutex_) = 0;
  // By SHA-256.
  std::map<std::string, std::vector<encoder_bridge::FirstPassFrameStats>>
      first_passes_ ABSL_GUARDED_BY(mutex_);
  // By id, of pruned episodes too.
  std::map<std::string, EpisodeReceipt> receipts_ ABSL_GUARDED_BY(mutex_);
  // By sequence.
  std::map<int64_t, StoredEpisode> episodes_ ABSL_GUARDED_BY(mutex_);
  std::map<Pair, History> histories_ ABSL_GUARDED_BY(mutex_);
  std::map<int64_t, std::string> weights_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> settings_ ABSL_GUARDED_BY(mutex_);
  std::vector<MetricsLine> metrics_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_FAKE_EXPERIENCE_STORE_H_
