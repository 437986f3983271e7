#include "selfplay/sql_weights.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "muzero/sha256.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/sql_pool.h"
#include "soci/soci.h"

namespace selfplay {

absl::Status StoreWeights(const SqlCall& call, const WeightsRow& row) {
  SqlBytes bytes(call.session, call.engine);
  bytes.Set(row.bytes);
  int64_t inserted = 0;
  call.session << "INSERT INTO weights (version, sha256, published_at, bytes)"
                  " VALUES (:version, :sha256, :published_at, :bytes)"
                  " ON CONFLICT (version) DO NOTHING RETURNING version",
      soci::use(row.version), soci::use(row.sha256), soci::use(row.time),
      bytes.Use(), soci::into(inserted);
  if (call.session.got_data()) return absl::OkStatus();
  std::string earlier;
  call.session << "SELECT sha256 FROM weights WHERE version = :version",
      soci::use(row.version), soci::into(earlier);
  if (earlier == row.sha256) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("weights of version ", row.version,
                   " are stored already, and are others"));
}

int64_t ReadNewestVersion(const SqlCall& call) {
  int64_t version = 0;
  call.session << "SELECT COALESCE(MAX(version), 0) FROM weights",
      soci::into(version);
  return version;
}

absl::StatusOr<std::string> ReadWeights(const SqlCall& call, int64_t version) {
  // Two SELECTs, but bytes and SHA-256 of a version never change.
  std::string sha256;
  call.session << "SELECT sha256 FROM weights WHERE version = :version",
      soci::use(version), soci::into(sha256);
  if (!call.session.got_data()) {
    return absl::NotFoundError(absl::StrCat("no weights of version ", version));
  }
  FetchedBytes fetched =
      FetchBytes(call.session, call.engine,
                 "SELECT bytes FROM weights WHERE version = :key", version);
  if (fetched.is_null) {
    return absl::NotFoundError(
        absl::StrCat("weights of version ", version, " were pruned"));
  }
  if (muzero::Sha256Hex(fetched.bytes) == sha256) {
    return std::move(fetched.bytes);
  }
  return absl::DataLossError(absl::StrCat(
      "weights of version ", version, " do not have their SHA-256 ", sha256));
}

void PruneWeights(const SqlCall& call, int64_t keep) {
  call.session << "UPDATE weights SET bytes = NULL WHERE bytes IS NOT NULL"
                  " AND version NOT IN (SELECT version FROM weights"
                  " ORDER BY version DESC LIMIT :keep)",
      soci::use(keep);
}

}  // namespace selfplay
