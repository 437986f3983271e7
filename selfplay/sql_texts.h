#ifndef SELFPLAY_SQL_TEXTS_H_
#define SELFPLAY_SQL_TEXTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "selfplay/experience_store.h"
#include "selfplay/sql_pool.h"

// What the store keeps as text, in its tables: settings, lines of metrics.
// All functions throw what SOCI throws; those that write have to be called in
// a transaction.

namespace selfplay {

struct SettingRow {
  std::string name;
  std::string value;
};

void StoreSetting(const SqlCall& call, const SettingRow& row);
// As StoreSetting(), unless there is one of that name.  Returns what is there.
std::string StoreSettingOnce(const SqlCall& call, const SettingRow& row);
std::optional<std::string> ReadSetting(const SqlCall& call,
                                       const std::string& name);

// `delivery` is unique to the line, however often it is stored.
void StoreMetrics(const SqlCall& call, const std::string& delivery,
                  const MetricsLine& line);
// The newest `limit` lines of `role`, oldest first.
std::vector<MetricsLine> ReadMetrics(const SqlCall& call,
                                     const std::string& role, int limit);

}  // namespace selfplay

#endif  // SELFPLAY_SQL_TEXTS_H_
