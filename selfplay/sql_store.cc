#include "selfplay/sql_store.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "muzero/sha256.h"
#include "selfplay/episode_codec.h"
#include "selfplay/experience_store.h"
#include "selfplay/first_pass_codec.h"
#include "selfplay/plain_text.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"
#include "selfplay/sql_counters.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/sql_episodes.h"
#include "selfplay/sql_pool.h"
#include "selfplay/sql_schema.h"
#include "selfplay/sql_texts.h"
#include "selfplay/sql_tickets.h"
#include "selfplay/sql_weights.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;

// Episodes fetched at once: some megabytes.
constexpr int kChunk = 32;

double Now() {
  return static_cast<double>(absl::ToUnixMicros(absl::Now())) / 1e6;
}

// What `body` returns, from a call that is committed, or read.
template <typename T, typename Body>
absl::StatusOr<T> Written(SqlPool& pool, const Body& body) {
  absl::StatusOr<T> result = absl::UnknownError("the body did not run");
  const absl::Status status = pool.Write([&](const SqlCall& call) {
    result = body(call);
    return result.status();
  });
  if (!status.ok()) return status;
  return result;
}

template <typename T, typename Body>
absl::StatusOr<T> Selected(SqlPool& pool, const Body& body) {
  absl::StatusOr<T> result = absl::UnknownError("the body did not run");
  const absl::Status status = pool.Read([&](const SqlCall& call) {
    result = body(call);
    return result.status();
  });
  if (!status.ok()) return status;
  return result;
}

// A name for one delivery of a line.  It decides nothing: no seed.
std::string NewDelivery() {
  std::random_device device;
  std::string name;
  for (int i = 0; i < 4; ++i) {
    absl::StrAppend(&name, absl::Hex(device(), absl::kZeroPad8));
  }
  return name;
}

absl::Status CheckSetting(absl::string_view name, absl::string_view value) {
  absl::Status status = CheckPlainText("a setting's name", name, 1, 256);
  status.Update(CheckPlainText(name, value, 0, kMaxSettingBytes));
  return status;
}

absl::Status NoStoreIn(const StoreUrl& url) {
  const std::string place =
      url.engine == SqlEngine::kSqlite ? url.target : "the database";
  return absl::NotFoundError(
      absl::StrCat("there is no experience store in ", place));
}

// FailedPrecondition if the row does not hold its own episode.
absl::StatusOr<StoredEpisode> ParseRow(const EpisodeRow& row) {
  absl::StatusOr<PlayedEpisode> episode = ParsePlayedEpisode(row.payload);
  if (!episode.ok()) return episode.status();
  if (episode->id != row.id) {
    return absl::FailedPreconditionError(
        absl::StrCat("the payload of ", row.id, " is that of ", episode->id));
  }
  return StoredEpisode{.sequence = row.sequence,
                       .reward = row.reward,
                       .stored_at = row.stored_at,
                       .episode = *std::move(episode)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqlStore>> SqlStore::Open(
    const StoreUrl& url, const OpenOptions& options) {
  if (options.connections < 1 || !(options.retry_seconds >= 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.connections, " connections, repeated for ",
                     options.retry_seconds, " s; wanted at least 1 and 0"));
  }
  const bool is_sqlite = url.engine == SqlEngine::kSqlite;
  std::error_code error;
  if (is_sqlite && options.is_read_only &&
      !std::filesystem::exists(url.target, error)) {
    return absl::NotFoundError(
        absl::StrCat("there is no experience store: no file ", url.target));
  }
  std::unique_ptr<SqlStore> store(new SqlStore(
      url,
      {.connections = is_sqlite ? 1 : options.connections,
       .retry = absl::Seconds(options.retry_seconds),
       .access = options.is_read_only ? SqlAccess::kRead : SqlAccess::kWrite,
       .stop = options.stop}));
  const absl::Status status = options.is_read_only
                                  ? store->pool_.Read(CheckReadable)
                                  : store->pool_.Write([](const SqlCall& call) {
                                      return Migrate(call, Migrations());
                                    });
  if (absl::IsNotFound(status)) return NoStoreIn(url);
  if (!status.ok()) return status;
  return store;
}

absl::StatusOr<int64_t> SqlStore::TakeTicket() {
  return Written<int64_t>(
      pool_, [](const SqlCall& call) { return selfplay::TakeTicket(call); });
}

absl::Status SqlStore::ReturnTicket(int64_t ticket) {
  return pool_.Write([ticket](const SqlCall& call) {
    selfplay::ReturnTicket(call, ticket);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> SqlStore::PutFirstPass(
    absl::Span<const FirstPassFrameStats> stats) {
  absl::StatusOr<SerializedFirstPass> first_pass =
      SerializeFirstPassStats(stats);
  if (!first_pass.ok()) return first_pass.status();
  const FirstPassRow row = {.sha256 = first_pass->sha256,
                            .frames = static_cast<int64_t>(stats.size()),
                            .bytes = std::move(first_pass->bytes)};
  const absl::Status status = pool_.Write([&row](const SqlCall& call) {
    StoreFirstPass(call, row);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return row.sha256;
}

absl::StatusOr<std::vector<FirstPassFrameStats>> SqlStore::FirstPass(
    absl::string_view sha256) {
  const std::string name(sha256);
  const absl::StatusOr<std::string> bytes = Selected<std::string>(
      pool_, [&](const SqlCall& call) { return ReadFirstPass(call, name); });
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<std::vector<FirstPassFrameStats>> stats =
      ParseFirstPassStats(*bytes, name);
  if (!stats.ok()) return absl::DataLossError(stats.status().message());
  return stats;
}

absl::StatusOr<EpisodeReceipt> SqlStore::AddEpisode(
    const PlayedEpisode& episode, const SelfCompetitionConfig& config) {
  const absl::Status config_status = config.Validate();
  if (!config_status.ok()) return config_status;
  const absl::StatusOr<std::string> payload = SerializePlayedEpisode(episode);
  if (!payload.ok()) return Refuse(payload.status());
  const Delivery delivery = {
      .episode = episode, .payload = *payload, .config = config, .time = Now()};
  absl::StatusOr<EpisodeReceipt> receipt =
      Written<EpisodeReceipt>(pool_, [&delivery](const SqlCall& call) {
        return StoreEpisode(call, delivery);
      });
  if (absl::IsInvalidArgument(receipt.status())) {
    return Refuse(receipt.status());
  }
  return receipt;
}

absl::Status SqlStore::Refuse(const absl::Status& reason) {
  const absl::Status status = pool_.Write([](const SqlCall& call) {
    Increment(call, Counter::kRefused);
    return absl::OkStatus();
  });
  return status.ok() ? reason : status;
}

absl::StatusOr<std::vector<StoredEpisode>> SqlStore::EpisodesAfter(
    int64_t sequence, int limit) {
  std::vector<StoredEpisode> episodes;
  while (static_cast<int>(episodes.size()) < limit) {
    const int wanted =
        std::min(kChunk, limit - static_cast<int>(episodes.size()));
    const auto rows =
        Selected<std::vector<EpisodeRow>>(pool_, [&](const SqlCall& call) {
          return ReadEpisodes(call, sequence, wanted);
        });
    if (!rows.ok()) return rows.status();
    for (const EpisodeRow& row : *rows) {
      sequence = row.sequence;
      absl::StatusOr<StoredEpisode> episode = ParseRow(row);
      if (episode.ok()) {
        episodes.push_back(*std::move(episode));
        continue;
      }
      if (is_read_only_) continue;
      const absl::Status status = pool_.Write([&row](const SqlCall& call) {
        RefuseEpisode(call, row.id);
        return absl::OkStatus();
      });
      if (!status.ok()) return status;
    }
    if (static_cast<int>(rows->size()) < wanted) break;
  }
  return episodes;
}

absl::StatusOr<std::map<Pair, History>> SqlStore::Histories() {
  return Selected<std::map<Pair, History>>(pool_, ReadHistories);
}

absl::Status SqlStore::PublishWeights(int64_t version,
                                      absl::string_view bytes) {
  if (version < 1 || bytes.size() > kMaxWeightsBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "weights of version ", version, " and ", bytes.size(),
        " bytes; wanted a version >= 1 and at most ", kMaxWeightsBytes));
  }
  const WeightsRow row = {.version = version,
                          .sha256 = muzero::Sha256Hex(bytes),
                          .bytes = bytes,
                          .time = Now()};
  return pool_.Write(
      [&row](const SqlCall& call) { return StoreWeights(call, row); });
}

absl::StatusOr<int64_t> SqlStore::NewestWeightsVersion() {
  return Selected<int64_t>(pool_, ReadNewestVersion);
}

absl::StatusOr<std::string> SqlStore::Weights(int64_t version) {
  return Selected<std::string>(pool_, [version](const SqlCall& call) {
    return ReadWeights(call, version);
  });
}

absl::Status SqlStore::PutSetting(absl::string_view name,
                                  absl::string_view value) {
  const absl::Status status = CheckSetting(name, value);
  if (!status.ok()) return status;
  const SettingRow row = {.name = std::string(name),
                          .value = std::string(value)};
  return pool_.Write([&row](const SqlCall& call) {
    StoreSetting(call, row);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> SqlStore::PutSettingOnce(absl::string_view name,
                                                     absl::string_view value) {
  const absl::Status status = CheckSetting(name, value);
  if (!status.ok()) return status;
  const SettingRow row = {.name = std::string(name),
                          .value = std::string(value)};
  return Written<std::string>(pool_, [&row](const SqlCall& call) {
    return StoreSettingOnce(call, row);
  });
}

absl::StatusOr<std::optional<std::string>> SqlStore::Setting(
    absl::string_view name) {
  const std::string key(name);
  return Selected<std::optional<std::string>>(
      pool_, [&key](const SqlCall& call) { return ReadSetting(call, key); });
}

absl::Status SqlStore::AddMetrics(const MetricsLine& line) {
  absl::Status status = CheckPlainText("role", line.role, 1, 64);
  status.Update(CheckPlainText("json", line.json, 1, kMaxMetricsBytes));
  if (!std::isfinite(line.time)) {
    status.Update(absl::InvalidArgumentError("time is not finite"));
  }
  if (!status.ok()) return status;
  const std::string delivery = NewDelivery();
  return pool_.Write([&](const SqlCall& call) {
    StoreMetrics(call, delivery, line);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<MetricsLine>> SqlStore::Metrics(
    absl::string_view role, int limit) {
  const std::string name(role);
  return Selected<std::vector<MetricsLine>>(pool_, [&](const SqlCall& call) {
    return ReadMetrics(call, name, limit);
  });
}

absl::StatusOr<StoreCounts> SqlStore::Counts() {
  return Selected<StoreCounts>(pool_, ReadCounts);
}

absl::Status SqlStore::Prune(int64_t keep_episodes, int64_t keep_weights) {
  return pool_.Write([&](const SqlCall& call) {
    PruneEpisodes(call, keep_episodes);
    PruneWeights(call, keep_weights);
    return absl::OkStatus();
  });
}

}  // namespace selfplay
