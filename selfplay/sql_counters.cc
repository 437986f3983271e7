#include "selfplay/sql_counters.h"

#include <cstdint>
#include <string>

#include "selfplay/experience_store.h"
#include "selfplay/sql_pool.h"
#include "soci/soci.h"

namespace selfplay {
namespace {

std::string NameOf(Counter counter) {
  switch (counter) {
    case Counter::kTickets:
      return "tickets";
    case Counter::kRefused:
      return "refused";
    case Counter::kPruned:
      return "pruned";
  }
  return "";
}

}  // namespace

int64_t Increment(const SqlCall& call, Counter counter) {
  const std::string name = NameOf(counter);
  int64_t value = 0;
  call.session << "UPDATE counters SET value = value + 1 WHERE name = :name"
                  " RETURNING value",
      soci::use(name), soci::into(value);
  return value;
}

int64_t Locked(const SqlCall& call, Counter counter) {
  const std::string name = NameOf(counter);
  int64_t value = 0;
  call.session << "UPDATE counters SET value = value WHERE name = :name"
                  " RETURNING value",
      soci::use(name), soci::into(value);
  return value;
}

void Set(const SqlCall& call, Counter counter, int64_t value) {
  const std::string name = NameOf(counter);
  call.session << "UPDATE counters SET value = :value WHERE name = :name",
      soci::use(value), soci::use(name);
}

int64_t CountEpisode(const SqlCall& call, int64_t steps) {
  int64_t episodes = 0;
  call.session << "UPDATE totals SET episodes = episodes + 1,"
                  " steps = steps + :steps RETURNING episodes",
      soci::use(steps), soci::into(episodes);
  return episodes;
}

int64_t NewestSequence(const SqlCall& call) {
  int64_t episodes = 0;
  call.session << "SELECT episodes FROM totals", soci::into(episodes);
  return episodes;
}

StoreCounts ReadCounts(const SqlCall& call) {
  StoreCounts counts;
  int64_t pruned = 0;
  call.session << "SELECT episodes, steps,"
                  " (SELECT value FROM counters WHERE name = 'pruned'),"
                  " (SELECT value FROM counters WHERE name = 'tickets'),"
                  " (SELECT value FROM counters WHERE name = 'refused'),"
                  " (SELECT COALESCE(MAX(version), 0) FROM weights)"
                  " FROM totals",
      soci::into(counts.episodes), soci::into(counts.steps), soci::into(pruned),
      soci::into(counts.tickets), soci::into(counts.refused),
      soci::into(counts.weights_version);
  counts.kept_episodes = counts.episodes - pruned;
  return counts;
}

}  // namespace selfplay
