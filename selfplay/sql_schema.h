#ifndef SELFPLAY_SQL_SCHEMA_H_
#define SELFPLAY_SQL_SCHEMA_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "selfplay/sql_pool.h"

namespace selfplay {

// The statements that lead from one version of the schema to the next, in the
// words of InWordsOf().
using Migration = std::vector<std::string>;

// The first leads from an empty database to version 1.  One that was released
// never changes: what comes later is another one.
std::vector<Migration> Migrations();

// Brings the database to version migrations.size(), whole or not at all;
// programs that do so at the same time wait for each other.
// FailedPrecondition if it is at a higher version.
// REQUIRES: in a transaction.  Throws what SOCI throws.
absl::Status Migrate(const SqlCall& call,
                     absl::Span<const Migration> migrations);

// Whether those who only read know their way in the database: NotFound if it
// has no store, FailedPrecondition for a version above ours.  Lower ones will
// do: version 1 lacks nothing but tickets, which are no reader's business.
// Changes nothing.  Throws what SOCI throws.
absl::Status CheckReadable(const SqlCall& call);

}  // namespace selfplay

#endif  // SELFPLAY_SQL_SCHEMA_H_
