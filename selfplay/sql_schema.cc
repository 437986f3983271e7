#include "selfplay/sql_schema.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/sql_pool.h"
#include "soci/soci.h"

namespace selfplay {
namespace {

// docs/store.md explains the tables.
Migration First() {
  return {
      "CREATE TABLE counters ("
      "  name TEXT PRIMARY KEY,"
      "  value BIGINT NOT NULL)",
      "INSERT INTO counters (name, value) VALUES"
      "  ('tickets', 0), ('refused', 0), ('pruned', 0)",

      "CREATE TABLE totals ("
      "  episodes BIGINT NOT NULL,"
      "  steps BIGINT NOT NULL)",
      "INSERT INTO totals (episodes, steps) VALUES (0, 0)",

      "CREATE TABLE first_passes ("
      "  sha256 TEXT PRIMARY KEY,"
      "  frames BIGINT NOT NULL,"
      "  bytes $BYTES NOT NULL)",

      "CREATE TABLE histories ("
      "  clip TEXT NOT NULL,"
      "  target_bitrate_kbps BIGINT NOT NULL,"
      "  quality DOUBLE PRECISION NOT NULL,"
      "  overshoot DOUBLE PRECISION NOT NULL,"
      "  episodes BIGINT NOT NULL,"
      "  PRIMARY KEY (clip, target_bitrate_kbps))",

      "CREATE TABLE episodes ("
      "  id TEXT PRIMARY KEY,"
      "  sequence BIGINT NOT NULL UNIQUE,"
      "  clip TEXT NOT NULL,"
      "  target_bitrate_kbps BIGINT NOT NULL,"
      "  worker TEXT NOT NULL,"
      "  weights_version BIGINT NOT NULL,"
      "  steps BIGINT NOT NULL,"
      "  quality DOUBLE PRECISION NOT NULL,"
      "  overshoot DOUBLE PRECISION NOT NULL,"
      "  before_quality DOUBLE PRECISION NOT NULL,"
      "  before_overshoot DOUBLE PRECISION NOT NULL,"
      "  before_episodes BIGINT NOT NULL,"
      "  reward DOUBLE PRECISION NOT NULL,"
      "  stored_at DOUBLE PRECISION NOT NULL)",
      "CREATE TABLE payloads ("
      "  id TEXT PRIMARY KEY,"
      "  is_refused BIGINT NOT NULL DEFAULT 0,"
      "  bytes $BYTES NOT NULL)",

      "CREATE TABLE weights ("
      "  version BIGINT PRIMARY KEY,"
      "  sha256 TEXT NOT NULL,"
      "  published_at DOUBLE PRECISION NOT NULL,"
      "  bytes $BYTES)",

      "CREATE TABLE settings ("
      "  name TEXT PRIMARY KEY,"
      "  value TEXT NOT NULL)",

      "CREATE TABLE metrics ("
      "  number $NUMBERED,"
      "  delivery TEXT NOT NULL UNIQUE,"
      "  time DOUBLE PRECISION NOT NULL,"
      "  role TEXT NOT NULL,"
      "  json TEXT NOT NULL)",
      "CREATE INDEX metrics_by_time ON metrics (role, time, number)",
  };
}

Migration Second() {
  return {
      "CREATE TABLE returned_tickets ("
      "  number BIGINT PRIMARY KEY)",
  };
}

// REQUIRES: there is the table.
size_t VersionOf(soci::session& session) {
  long long version = 0;
  session << "SELECT COALESCE(MAX(version), 0) FROM schema_version",
      soci::into(version);
  return static_cast<size_t>(version);
}

absl::Status NewerThan(size_t known, size_t version) {
  return absl::FailedPreconditionError(
      absl::StrCat("the store's schema is version ", version,
                   "; this program knows versions up to ", known));
}

}  // namespace

std::vector<Migration> Migrations() { return {First(), Second()}; }

absl::Status Migrate(const SqlCall& call,
                     absl::Span<const Migration> migrations) {
  LockSchema(call.session, call.engine);
  call.session << "CREATE TABLE IF NOT EXISTS schema_version ("
                  "  version BIGINT NOT NULL)";
  const size_t version = VersionOf(call.session);
  if (version > migrations.size()) {
    return NewerThan(migrations.size(), version);
  }
  for (size_t i = version; i < migrations.size(); ++i) {
    for (const std::string& statement : migrations[i]) {
      call.session << InWordsOf(call.engine, statement);
    }
    const auto next = static_cast<long long>(i + 1);
    call.session << "INSERT INTO schema_version (version) VALUES (:version)",
        soci::use(next);
  }
  return absl::OkStatus();
}

absl::Status CheckReadable(const SqlCall& call) {
  const size_t version = HasTable(call.session, call.engine, "schema_version")
                             ? VersionOf(call.session)
                             : 0;
  if (version == 0) return absl::NotFoundError("there is no experience store");
  const size_t known = Migrations().size();
  return version > known ? NewerThan(known, version) : absl::OkStatus();
}

}  // namespace selfplay
