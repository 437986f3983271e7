#ifndef SELFPLAY_SQL_WEIGHTS_H_
#define SELFPLAY_SQL_WEIGHTS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "selfplay/sql_pool.h"

// Weights in their table.  All functions throw what SOCI throws; those that
// write have to be called in a transaction.

namespace selfplay {

// A version of the weights; `sha256` is that of `bytes`.
struct WeightsRow {
  int64_t version = 0;
  std::string sha256;
  absl::string_view bytes;
  double time = 0;  // Seconds since 1970.
};

// AlreadyExists if there are, or were, others of that version.
absl::Status StoreWeights(const SqlCall& call, const WeightsRow& row);

int64_t ReadNewestVersion(const SqlCall& call);  // 0: none.

// NotFound if there are none, or no more; DataLoss if they are damaged.
absl::StatusOr<std::string> ReadWeights(const SqlCall& call, int64_t version);

// Drops the bytes of all but the newest `keep` versions.
void PruneWeights(const SqlCall& call, int64_t keep);

}  // namespace selfplay

#endif  // SELFPLAY_SQL_WEIGHTS_H_
