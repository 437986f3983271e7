#ifndef TESTS_SELFPLAY_FAKE_EXPERIENCE_STORE_H_
#define TESTS_SELFPLAY_FAKE_EXPERIENCE_STORE_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
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
  absl::Status ReturnTicket(int64_t ticket) override;
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
  // The functions below need `mutex_`.

  // Counts the call; Unavailable if it is to fail.
  absl::Status Begin();
  absl::Status Check(const PlayedEpisode& episode) const;
  int64_t NewestWeights() const;

  mutable std::mutex mutex_;  // Guards the following.
  double time_ = 1000;
  int healthy_calls_ = 0;  // Before failing ones.
  int failing_calls_ = 0;
  int64_t calls_ = 0;
  int64_t tickets_ = 0;
  std::set<int64_t> returned_tickets_;
  int64_t refused_ = 0;
  int64_t steps_ = 0;
  // By SHA-256.
  std::map<std::string, std::vector<encoder_bridge::FirstPassFrameStats>>
      first_passes_;
  // By id, of pruned episodes too.
  std::map<std::string, EpisodeReceipt> receipts_;
  // By sequence.
  std::map<int64_t, StoredEpisode> episodes_;
  std::map<Pair, History> histories_;
  std::map<int64_t, std::string> weights_;
  std::map<std::string, std::string> settings_;
  std::vector<MetricsLine> metrics_;
};

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_FAKE_EXPERIENCE_STORE_H_
