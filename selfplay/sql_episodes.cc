#include "selfplay/sql_episodes.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"
#include "selfplay/sql_counters.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/sql_pool.h"
#include "soci/soci.h"

namespace selfplay {
namespace {

absl::Status CheckFirstPass(const SqlCall& call, const PlayedEpisode& episode) {
  int64_t frames = 0;
  call.session << "SELECT frames FROM first_passes WHERE sha256 = :sha256",
      soci::use(episode.first_pass), soci::into(frames);
  if (!call.session.got_data()) {
    return absl::InvalidArgumentError(
        absl::StrCat("first pass ", episode.first_pass, " is not stored"));
  }
  int last = 0;
  for (const EncodeStep& step : episode.encode.steps) {
    last = std::max(last, step.frame.show_index);
  }
  if (last < frames) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "frame ", last, " is shown, but the first pass has ", frames, " frames"));
}

int64_t StepsOf(const PlayedEpisode& episode) {
  return static_cast<int64_t>(episode.encode.steps.size());
}

// False if there is a payload of that id.  Waits for transactions that are
// about to store one.
bool InsertPayload(const SqlCall& call, const std::string& id,
                   absl::string_view payload) {
  SqlBytes bytes(call.session, call.engine);
  bytes.Set(payload);
  std::string inserted;
  call.session << "INSERT INTO payloads (id, bytes) VALUES (:id, :bytes)"
                  " ON CONFLICT (id) DO NOTHING RETURNING id",
      soci::use(id), bytes.Use(), soci::into(inserted);
  return call.session.got_data();
}

// The pair's history, an empty one if it has none, locked until the
// transaction ends.
History LockHistory(const SqlCall& call, const Pair& pair) {
  History history;
  call.session << "INSERT INTO histories"
                  " (clip, target_bitrate_kbps, quality, overshoot, episodes)"
                  " VALUES (:clip, :target, 0, 0, 0)"
                  " ON CONFLICT (clip, target_bitrate_kbps)"
                  " DO UPDATE SET episodes = histories.episodes"
                  " RETURNING quality, overshoot, episodes",
      soci::use(pair.clip), soci::use(pair.target_bitrate_kbps),
      soci::into(history.quality), soci::into(history.overshoot),
      soci::into(history.episodes);
  return history;
}

void SetHistory(const SqlCall& call, const Pair& pair, const History& history) {
  call.session << "UPDATE histories SET quality = :quality,"
                  " overshoot = :overshoot, episodes = :episodes"
                  " WHERE clip = :clip AND target_bitrate_kbps = :target",
      soci::use(history.quality), soci::use(history.overshoot),
      soci::use(history.episodes), soci::use(pair.clip),
      soci::use(pair.target_bitrate_kbps);
}

// False if there is an episode of that id.
bool InsertEpisode(const SqlCall& call, const Delivery& delivery,
                   const EpisodeReceipt& receipt) {
  const PlayedEpisode& episode = delivery.episode;
  const int64_t steps = StepsOf(episode);
  std::string inserted;
  call.session
      << "INSERT INTO episodes (id, sequence, clip, target_bitrate_kbps,"
         " worker, weights_version, steps, quality, overshoot, before_quality,"
         " before_overshoot, before_episodes, reward, stored_at)"
         " VALUES (:id, :sequence, :clip, :target, :worker, :weights, :steps,"
         " :quality, :overshoot, :before_quality, :before_overshoot, "
         ":before_episodes,"
         " :reward, :stored_at)"
         " ON CONFLICT (id) DO NOTHING RETURNING id",
      soci::use(episode.id), soci::use(receipt.sequence),
      soci::use(episode.pair.clip), soci::use(episode.pair.target_bitrate_kbps),
      soci::use(episode.worker), soci::use(episode.weights_version),
      soci::use(steps), soci::use(episode.outcome.quality),
      soci::use(episode.outcome.overshoot), soci::use(receipt.before.quality),
      soci::use(receipt.before.overshoot), soci::use(receipt.before.episodes),
      soci::use(receipt.reward), soci::use(delivery.time), soci::into(inserted);
  return call.session.got_data();
}

// The receipt of the episode that has that id, if there is one.
std::optional<EpisodeReceipt> EarlierReceipt(const SqlCall& call,
                                             const std::string& id) {
  EpisodeReceipt receipt = {.is_duplicate = !call.may_have_happened};
  call.session << "SELECT sequence, before_quality, before_overshoot,"
                  " before_episodes, reward FROM episodes WHERE id = :id",
      soci::use(id), soci::into(receipt.sequence),
      soci::into(receipt.before.quality), soci::into(receipt.before.overshoot),
      soci::into(receipt.before.episodes), soci::into(receipt.reward);
  if (!call.session.got_data()) return std::nullopt;
  return receipt;
}

}  // namespace

absl::StatusOr<EpisodeReceipt> StoreEpisode(const SqlCall& call,
                                            const Delivery& delivery) {
  const PlayedEpisode& episode = delivery.episode;
  const absl::Status status = CheckFirstPass(call, episode);
  if (!status.ok()) return status;
  // Of two deliveries at once the second waits here.  A pruned episode has no
  // payload any more, so that is not the whole test.
  const bool is_first = InsertPayload(call, episode.id, delivery.payload);
  const std::optional<EpisodeReceipt> earlier =
      EarlierReceipt(call, episode.id);
  if (earlier.has_value()) {
    if (is_first) {
      call.session << "DELETE FROM payloads WHERE id = :id",
          soci::use(episode.id);
    }
    return *earlier;
  }
  EpisodeReceipt receipt = {.before = LockHistory(call, episode.pair)};
  receipt.reward = Reward(receipt.before, episode.outcome, delivery.config);
  SetHistory(call, episode.pair,
             Updated(receipt.before, episode.outcome, delivery.config));
  receipt.sequence = CountEpisode(call, StepsOf(episode));
  if (!InsertEpisode(call, delivery, receipt)) {
    return absl::InternalError(
        absl::StrCat("episode ", episode.id, " came up while it was stored"));
  }
  return receipt;
}

std::vector<EpisodeRow> ReadEpisodes(const SqlCall& call, int64_t sequence,
                                     int limit) {
  EpisodeRow row;
  SqlBytes bytes(call.session, call.engine);
  soci::statement statement =
      (call.session.prepare
           << "SELECT e.sequence, e.id, e.reward, e.stored_at, p.bytes"
              " FROM episodes e JOIN payloads p ON p.id = e.id"
              " WHERE e.sequence > :sequence AND p.is_refused = 0"
              " AND e.sequence >"
              " (SELECT value FROM counters WHERE name = 'pruned')"
              " ORDER BY e.sequence LIMIT :count",
       soci::use(sequence), soci::use(limit), soci::into(row.sequence),
       soci::into(row.id), soci::into(row.reward), soci::into(row.stored_at),
       bytes.Into());
  std::vector<EpisodeRow> rows;
  statement.execute();
  while (statement.fetch()) {
    row.payload = bytes.Get();
    rows.push_back(row);
  }
  return rows;
}

void RefuseEpisode(const SqlCall& call, const std::string& id) {
  std::string marked;
  call.session << "UPDATE payloads SET is_refused = 1"
                  " WHERE id = :id AND is_refused = 0 RETURNING id",
      soci::use(id), soci::into(marked);
  if (call.session.got_data()) Increment(call, Counter::kRefused);
}

void PruneEpisodes(const SqlCall& call, int64_t keep) {
  const int64_t from = Locked(call, Counter::kPruned);
  const int64_t to = NewestSequence(call) - keep;
  if (to <= from) return;
  call.session << "DELETE FROM payloads WHERE id IN (SELECT id FROM episodes"
                  " WHERE sequence > :from AND sequence <= :to)",
      soci::use(from), soci::use(to);
  Set(call, Counter::kPruned, to);
}

std::map<Pair, History> ReadHistories(const SqlCall& call) {
  Pair pair;
  History history;
  soci::statement statement =
      (call.session.prepare
           << "SELECT clip, target_bitrate_kbps, quality, overshoot, episodes"
              " FROM histories",
       soci::into(pair.clip), soci::into(pair.target_bitrate_kbps),
       soci::into(history.quality), soci::into(history.overshoot),
       soci::into(history.episodes));
  std::map<Pair, History> histories;
  statement.execute();
  while (statement.fetch()) histories[pair] = history;
  return histories;
}

void StoreFirstPass(const SqlCall& call, const FirstPassRow& row) {
  SqlBytes bytes(call.session, call.engine);
  bytes.Set(row.bytes);
  call.session << "INSERT INTO first_passes (sha256, frames, bytes)"
                  " VALUES (:sha256, :frames, :bytes)"
                  " ON CONFLICT (sha256) DO NOTHING",
      soci::use(row.sha256), soci::use(row.frames), bytes.Use();
}

absl::StatusOr<std::string> ReadFirstPass(const SqlCall& call,
                                          const std::string& sha256) {
  SqlBytes bytes(call.session, call.engine);
  call.session << "SELECT bytes FROM first_passes WHERE sha256 = :sha256",
      soci::use(sha256), bytes.Into();
  if (call.session.got_data()) return bytes.Get();
  return absl::NotFoundError(absl::StrCat("no first-pass statistics ", sha256));
}

}  // namespace selfplay
