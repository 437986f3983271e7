#ifndef SELFPLAY_STORE_URL_H_
#define SELFPLAY_STORE_URL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selfplay {

enum class SqlEngine { kSqlite, kPostgresql };

// Where a store is.
struct StoreUrl {
  SqlEngine engine = SqlEngine::kSqlite;
  // SQLite: the file.  PostgreSQL: keywords and values, as libpq connects by;
  // with passwords.
  std::string target;
  // What no message may tell.
  std::vector<std::string> secrets;
};

// Reads sqlite:PATH and postgresql://... (or postgres://...).  What a URL of
// PostgreSQL does not say, libpq takes from its environment; time limits that
// it does not say are ours, so that a server that is gone is found out.
// InvalidArgument, without a word of `url`'s password, for anything else.
absl::StatusOr<StoreUrl> ParseStoreUrl(absl::string_view url);

// `message` without secrets.
std::string WithoutSecrets(const StoreUrl& url, absl::string_view message);

}  // namespace selfplay

#endif  // SELFPLAY_STORE_URL_H_
