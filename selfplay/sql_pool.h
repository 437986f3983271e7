#ifndef SELFPLAY_SQL_POOL_H_
#define SELFPLAY_SQL_POOL_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/store_url.h"

namespace selfplay {

// What the body of a transaction works with.
struct SqlCall {
  soci::session& session;
  SqlEngine engine;
  // An attempt of this call was lost while it was committed: it may have
  // happened already.
  bool may_have_happened = false;
};

// Some connections to one database, made when they are needed, and made again
// after anything that went wrong.  Thread-safe.
class SqlPool {
 public:
  using Body = absl::FunctionRef<absl::Status(const SqlCall& call)>;

  struct Options {
    int connections = 1;
    absl::Duration retry;  // For how long a body is repeated.
    SqlAccess access = SqlAccess::kWrite;
    std::stop_token stop;  // Once it is requested, nothing is repeated.
  };

  SqlPool(const StoreUrl& url, const Options& options);

  // Runs `body` in a transaction, commits it if `body` returns OK and rolls it
  // back otherwise; returns what `body` returned.  Where the database is away
  // or busy all of it is repeated, until it works, or `retry` has passed or
  // `stop` is requested (Unavailable).  `body` may throw what SOCI throws.
  absl::Status Write(Body body);

  // The same, for a body that is a single SELECT: there is no transaction.
  absl::Status Read(Body body);

 private:
  enum class Mode { kRead, kWrite };
  struct Attempt {
    SqlFailure failure;  // OK: the body was run; its status is in there.
    bool was_committing = false;
  };
  using Session = std::unique_ptr<soci::session>;

  absl::Status Repeat(Mode mode, Body body);
  Attempt Try(Mode mode, Body body, bool may_have_happened, Session& session);
  // False: there is no point in another attempt before `deadline`.
  bool Pause(absl::Duration pause, absl::Time deadline) const;

  Session Take();
  void GiveBack(Session session);

  const StoreUrl url_;
  const Options options_;
  // std::mutex: Debian's Abseil is built without the annotations that
  // ThreadSanitizer needs.
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<Session> free_;  // Guarded by mutex_.  Null: not connected.
};

}  // namespace selfplay

#endif  // SELFPLAY_SQL_POOL_H_
