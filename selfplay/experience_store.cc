#include "selfplay/experience_store.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "selfplay/sql_store.h"
#include "selfplay/store_url.h"

namespace selfplay {

absl::StatusOr<std::unique_ptr<ExperienceStore>> ExperienceStore::Open(
    const std::string& url, const OpenOptions& options) {
  const absl::StatusOr<StoreUrl> parsed = ParseStoreUrl(url);
  if (!parsed.ok()) return parsed.status();
  absl::StatusOr<std::unique_ptr<SqlStore>> store =
      SqlStore::Open(*parsed, options);
  if (!store.ok()) return store.status();
  return *std::move(store);
}

}  // namespace selfplay
