#include "selfplay/sql_texts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "selfplay/experience_store.h"
#include "selfplay/sql_pool.h"
#include "soci/soci.h"

namespace selfplay {

void StoreSetting(const SqlCall& call, const SettingRow& row) {
  call.session << "INSERT INTO settings (name, value) VALUES (:name, :value)"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      soci::use(row.name), soci::use(row.value);
}

std::string StoreSettingOnce(const SqlCall& call, const SettingRow& row) {
  // The update changes nothing; it waits for whoever is about to insert, and
  // returns what that was.
  std::string value;
  call.session << "INSERT INTO settings (name, value) VALUES (:name, :value)"
                  " ON CONFLICT (name) DO UPDATE SET value = settings.value"
                  " RETURNING value",
      soci::use(row.name), soci::use(row.value), soci::into(value);
  return value;
}

std::optional<std::string> ReadSetting(const SqlCall& call,
                                       const std::string& name) {
  std::string value;
  call.session << "SELECT value FROM settings WHERE name = :name",
      soci::use(name), soci::into(value);
  if (!call.session.got_data()) return std::nullopt;
  return value;
}

void StoreMetrics(const SqlCall& call, const std::string& delivery,
                  const MetricsLine& line) {
  call.session << "INSERT INTO metrics (delivery, time, role, json)"
                  " VALUES (:delivery, :time, :role, :json)"
                  " ON CONFLICT (delivery) DO NOTHING",
      soci::use(delivery), soci::use(line.time), soci::use(line.role),
      soci::use(line.json);
}

std::vector<MetricsLine> ReadMetrics(const SqlCall& call,
                                     const std::string& role, int limit) {
  MetricsLine line = {.role = role};
  soci::statement statement =
      (call.session.prepare << "SELECT time, json FROM metrics"
                               " WHERE role = :role"
                               " ORDER BY time DESC, number DESC LIMIT :count",
       soci::use(role), soci::use(limit), soci::into(line.time),
       soci::into(line.json));
  std::vector<MetricsLine> lines;
  statement.execute();
  while (statement.fetch()) lines.push_back(line);
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace selfplay
