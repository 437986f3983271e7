#ifndef SELFPLAY_SQL_STORE_H_
#define SELFPLAY_SQL_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "selfplay/experience_store.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/sql_pool.h"
#include "selfplay/store_url.h"

namespace selfplay {

// The ExperienceStore of both engines: checks what goes in and comes out, and
// runs the statements of the sql_ files in transactions of a SqlPool.
// Thread-safe.
class SqlStore : public ExperienceStore {
 public:
  // Errors: as ExperienceStore::Open().
  static absl::StatusOr<std::unique_ptr<SqlStore>> Open(
      const StoreUrl& url, const OpenOptions& options);

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
  SqlStore(const StoreUrl& url, const SqlPool::Options& options)
      : is_read_only_(options.access == SqlAccess::kRead),
        pool_(url, options) {}

  // Counts a refused delivery; returns `reason`, or why it was not counted.
  absl::Status Refuse(const absl::Status& reason);

  const bool is_read_only_;
  SqlPool pool_;
};

}  // namespace selfplay

#endif  // SELFPLAY_SQL_STORE_H_
