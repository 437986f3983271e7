#ifndef SELFPLAY_SQL_EPISODES_H_
#define SELFPLAY_SQL_EPISODES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"
#include "selfplay/sql_pool.h"

// Episodes, first passes and histories in their tables.  All functions throw
// what SOCI throws; those that write have to be called in a transaction.

namespace selfplay {

// An episode to be stored, and its bytes.
struct Delivery {
  const PlayedEpisode& episode;
  absl::string_view payload;  // SerializePlayedEpisode().
  const SelfCompetitionConfig& config;
  double time = 0;  // Seconds since 1970.
};

// Locks, in this order: the id's row, its pair's, the counter of sequences.
// InvalidArgument if the first pass is not there or shorter than the episode.
absl::StatusOr<EpisodeReceipt> StoreEpisode(const SqlCall& call,
                                            const Delivery& delivery);

// An episode as it is kept.
struct EpisodeRow {
  int64_t sequence = 0;
  std::string id;
  double reward = 0;
  double stored_at = 0;
  std::string payload;
};

// Up to `limit` rows with a sequence above `sequence` that were neither pruned
// nor refused, in order.
std::vector<EpisodeRow> ReadEpisodes(const SqlCall& call, int64_t sequence,
                                     int limit);

// Marks and counts a payload that cannot be parsed, once.
void RefuseEpisode(const SqlCall& call, const std::string& id);

// Deletes the payloads of all but the newest `keep` episodes.
void PruneEpisodes(const SqlCall& call, int64_t keep);

std::map<Pair, History> ReadHistories(const SqlCall& call);

// First-pass statistics as first_pass_codec.h writes them.
struct FirstPassRow {
  std::string sha256;
  int64_t frames = 0;
  std::string bytes;
};
void StoreFirstPass(const SqlCall& call, const FirstPassRow& row);
// NotFound.
absl::StatusOr<std::string> ReadFirstPass(const SqlCall& call,
                                          const std::string& sha256);

}  // namespace selfplay

#endif  // SELFPLAY_SQL_EPISODES_H_
