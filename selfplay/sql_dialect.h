#ifndef SELFPLAY_SQL_DIALECT_H_
#define SELFPLAY_SQL_DIALECT_H_

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "selfplay/store_url.h"
#include "soci/soci.h"

// All that differs between SQLite and PostgreSQL.  Functions that talk to a
// database throw what SOCI throws; SqlPool catches it.

namespace selfplay {

// What a connection is for.  With kRead nothing is made, and what would change
// something fails.
enum class SqlAccess { kRead, kWrite };

// Connects, and makes what is committed durable: SQLite in WAL mode with a sync
// at every commit, in a file (0600 if it is made now) that several processes
// may have open; PostgreSQL with time limits on what a dead client may lock.
// No statement waits for others' locks for more than two seconds.
std::unique_ptr<soci::session> Connect(const StoreUrl& url, SqlAccess access);

// Begins a transaction that is going to write.
void Begin(soci::session& session, SqlEngine engine);

// Whether there is a table of that name.
bool HasTable(soci::session& session, SqlEngine engine,
              const std::string& name);

// Keeps other programs from changing the schema until the transaction ends.
// REQUIRES: in a transaction of Begin().
void LockSchema(soci::session& session, SqlEngine engine);

// A statement that makes tables, with the engine's words for $BYTES and for
// $NUMBERED, a primary key that counts up.
std::string InWordsOf(SqlEngine engine, absl::string_view statement);

// What an exception means.
struct SqlFailure {
  absl::Status status;  // Tells no secret of the URL.
  // Database away or busy: the same call may go well later.
  bool is_transient = false;
};
SqlFailure FailureOf(const std::exception& error, const StoreUrl& url);

// What FetchBytes() found.
struct FetchedBytes {
  bool is_found = false;
  bool is_null = false;
  std::string bytes;
};

// What `statement`, a SELECT of one column of bytes with the parameter :key,
// gives.  As SqlBytes, but PostgreSQL sends the bytes as they are and not as
// text, which SOCI cannot ask for: what weights of megabytes need.
FetchedBytes FetchBytes(soci::session& session, SqlEngine engine,
                        absl::string_view statement, int64_t key);

// Bytes as a parameter, or as what is selected.  Not thread-safe.
class SqlBytes {
 public:
  // `session` must outlive this object.
  SqlBytes(soci::session& session, SqlEngine engine);
  SqlBytes(const SqlBytes&) = delete;
  SqlBytes& operator=(const SqlBytes&) = delete;

  void Set(absl::string_view bytes);
  std::string Get();
  bool is_null() const { return indicator_ == soci::i_null; }

  // To be handed to a statement in the place of soci::use() or soci::into();
  // must not outlive this object.
  soci::details::use_type_ptr Use();
  soci::details::into_type_ptr Into();

 private:
  std::unique_ptr<soci::blob> blob_;  // SQLite.
  // PostgreSQL: bytea in its text form.  SOCI's blob is a "large object" there,
  // which lives apart from its row and has to be deleted apart.
  std::string hex_;
  soci::indicator indicator_ = soci::i_ok;
};

}  // namespace selfplay

#endif  // SELFPLAY_SQL_DIALECT_H_
