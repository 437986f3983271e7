#include "selfplay/sql_dialect.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "selfplay/store_url.h"
#include "soci/postgresql/soci-postgresql.h"
#include "soci/soci.h"
#include "soci/sqlite3/soci-sqlite3.h"

namespace selfplay {
namespace {

// SQLite's result codes, the extended ones without their upper bytes.
enum SqliteCode : int {
  kBusy = 5,
  kLocked = 6,
  kFull = 13,
  kCannotOpen = 14,
  kProtocol = 15,
  kNoDatabase = 26,
};

// "muzero" in ASCII: whose lock it is.
constexpr char kLockSchema[] =
    "SELECT pg_advisory_xact_lock(x'6d757a65726f'::bigint)";

// PostgreSQL says where it had nothing to do, on stderr.
void Ignore(void* /*unused*/, const char* /*message*/) {}

std::unique_ptr<soci::session> ConnectSqlite(const std::string& path,
                                             SqlAccess mode) {
  const bool is_reader = mode == SqlAccess::kRead;
  if (is_reader && access(path.c_str(), F_OK) != 0) {
    throw soci::sqlite3_soci_error(absl::StrCat("there is no file ", path),
                                   kCannotOpen);
  }
  if (!is_reader) {
    // SQLite itself would make it readable for everybody.  Its other files get
    // the rights of this one.
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
  }
  auto session = std::make_unique<soci::session>(
      soci::sqlite3, absl::StrCat("db=\"", path, "\""));
  *session << "PRAGMA busy_timeout = 2000";  // Milliseconds.
  if (is_reader) {
    *session << "PRAGMA query_only = ON";
    return session;
  }
  *session << "PRAGMA journal_mode = WAL";
  *session << "PRAGMA synchronous = FULL";
  return session;
}

std::unique_ptr<soci::session> ConnectPostgresql(const std::string& target,
                                                 SqlAccess access) {
  auto session = std::make_unique<soci::session>(soci::postgresql, target);
  auto* backend =
      static_cast<soci::postgresql_session_backend*>(session->get_backend());
  PQsetNoticeProcessor(backend->conn_, Ignore, nullptr);
  *session << "SET client_encoding = 'UTF8'";
  *session << "SET bytea_output = 'hex'";
  // Whatever the server's own settings: what was acknowledged is on disk.
  *session << "SET synchronous_commit = on";
  *session << "SET idle_in_transaction_session_timeout = '20s'";
  *session << "SET lock_timeout = '2s'";
  if (access == SqlAccess::kRead) {
    *session << "SET default_transaction_read_only = on";
  }
  return session;
}

SqlFailure SqliteFailure(const soci::sqlite3_soci_error& error,
                         absl::string_view message) {
  switch (error.result() & 0xff) {
    case kBusy:
    case kLocked:
    case kProtocol:
      return {absl::UnavailableError(message), /*is_transient=*/true};
    case kFull:
      return {absl::ResourceExhaustedError(message)};
    case kCannotOpen:
      return {absl::UnavailableError(message)};
    case kNoDatabase:
      return {absl::FailedPreconditionError(message)};
    default:
      return {absl::InternalError(message)};
  }
}

// Classes of SQLSTATE [PostgreSQL manual, App. A] that pass: connection,
// rollback for others' sake, resources, intervention (shutdown, start-up),
// and system errors.
bool Passes(absl::string_view sqlstate) {
  for (const char* transient : {"08", "25P03", "40", "53", "55P03", "57"}) {
    if (absl::StartsWith(sqlstate, transient)) return true;
  }
  // What libpq finds out by itself has no code.
  return sqlstate.find_first_not_of(absl::string_view(" \0", 2)) ==
         sqlstate.npos;
}

// Connecting fails without a SQLSTATE.  These are not going to pass.
bool IsRefusal(absl::string_view message) {
  for (const char* words : {"authentication failed", "does not exist",
                            "no pg_hba.conf entry", "no password supplied"}) {
    if (absl::StrContains(message, words) &&
        !absl::StrContains(message, "No such file")) {
      return true;
    }
  }
  return false;
}

FetchedBytes FetchBytesBinary(soci::session& session,
                              const std::string& statement, int64_t key) {
  auto* backend =
      static_cast<soci::postgresql_session_backend*>(session.get_backend());
  const std::string parameter = absl::StrCat(key);
  const char* const parameters[] = {parameter.c_str()};
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(
      PQexecParams(backend->conn_, statement.c_str(), 1, nullptr, parameters,
                   nullptr, nullptr, /*resultFormat=*/1),
      PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    throw soci::postgresql_soci_error(PQerrorMessage(backend->conn_),
                                      state == nullptr ? "     " : state);
  }
  if (PQntuples(result.get()) == 0) return {};
  return {.is_found = true,
          .is_null = PQgetisnull(result.get(), 0, 0) == 1,
          .bytes = std::string(
              PQgetvalue(result.get(), 0, 0),
              static_cast<size_t>(PQgetlength(result.get(), 0, 0)))};
}

}  // namespace

std::unique_ptr<soci::session> Connect(const StoreUrl& url, SqlAccess access) {
  return url.engine == SqlEngine::kSqlite
             ? ConnectSqlite(url.target, access)
             : ConnectPostgresql(url.target, access);
}

void Begin(soci::session& session, SqlEngine engine) {
  // SQLite: a reader that comes to write may find that it cannot any more.
  session << (engine == SqlEngine::kSqlite ? "BEGIN IMMEDIATE" : "BEGIN");
}

bool HasTable(soci::session& session, SqlEngine engine,
              const std::string& name) {
  int count = 0;
  session << (engine == SqlEngine::kSqlite
                  ? "SELECT COUNT(*) FROM sqlite_master"
                    " WHERE type = 'table' AND name = :name"
                  : "SELECT COUNT(to_regclass(:name))"),
      soci::use(name), soci::into(count);
  return count > 0;
}

void LockSchema(soci::session& session, SqlEngine engine) {
  if (engine == SqlEngine::kPostgresql) session << kLockSchema;
}

std::string InWordsOf(SqlEngine engine, absl::string_view statement) {
  if (engine == SqlEngine::kSqlite) {
    return absl::StrReplaceAll(
        statement, {{"$BYTES", "BLOB"},
                    {"$NUMBERED", "INTEGER PRIMARY KEY AUTOINCREMENT"}});
  }
  return absl::StrReplaceAll(
      statement,
      {{"$BYTES", "BYTEA"},
       {"$NUMBERED", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}});
}

SqlFailure FailureOf(const std::exception& error, const StoreUrl& url) {
  const std::string message = WithoutSecrets(url, error.what());
  if (const auto* sqlite =
          dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
    return SqliteFailure(*sqlite, message);
  }
  if (const auto* postgresql =
          dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
    if (Passes(postgresql->sqlstate())) {
      return {absl::UnavailableError(message), /*is_transient=*/true};
    }
    return {absl::InternalError(message)};
  }
  if (absl::StrContains(message, "Cannot establish connection")) {
    return {absl::UnavailableError(message), !IsRefusal(message)};
  }
  return {absl::InternalError(message)};
}

FetchedBytes FetchBytes(soci::session& session, SqlEngine engine,
                        absl::string_view statement, int64_t key) {
  if (engine == SqlEngine::kPostgresql) {
    return FetchBytesBinary(
        session, absl::StrReplaceAll(statement, {{":key", "$1"}}), key);
  }
  SqlBytes column(session, engine);
  session << statement, soci::use(key), column.Into();
  if (!session.got_data()) return {};
  if (column.is_null()) return {.is_found = true, .is_null = true};
  return {.is_found = true, .bytes = column.Get()};
}

SqlBytes::SqlBytes(soci::session& session, SqlEngine engine) {
  if (engine == SqlEngine::kSqlite) {
    blob_ = std::make_unique<soci::blob>(session);
  }
}

void SqlBytes::Set(absl::string_view bytes) {
  if (blob_ != nullptr) {
    blob_->write(0, bytes.data(), bytes.size());
  } else {
    hex_ = absl::StrCat("\\x", absl::BytesToHexString(bytes));
  }
}

std::string SqlBytes::Get() {
  if (blob_ == nullptr) {
    return absl::HexStringToBytes(absl::string_view(hex_).substr(2));
  }
  std::string bytes(blob_->get_len(), '\0');
  blob_->read(0, bytes.data(), bytes.size());
  return bytes;
}

soci::details::use_type_ptr SqlBytes::Use() {
  if (blob_ != nullptr)
    return {new soci::details::use_type<soci::blob>(*blob_)};
  return {new soci::details::use_type<std::string>(hex_)};
}

soci::details::into_type_ptr SqlBytes::Into() {
  if (blob_ != nullptr) {
    return {new soci::details::into_type<soci::blob>(*blob_, indicator_)};
  }
  return {new soci::details::into_type<std::string>(hex_, indicator_)};
}

}  // namespace selfplay
