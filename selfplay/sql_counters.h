#ifndef SELFPLAY_SQL_COUNTERS_H_
#define SELFPLAY_SQL_COUNTERS_H_

#include <cstdint>

#include "selfplay/experience_store.h"
#include "selfplay/sql_pool.h"

namespace selfplay {

// Numbers that count up.  One that is taken stays locked until the transaction
// ends: transactions that take from the same commit one after another, in the
// order of their numbers.  Take it last.  All functions throw what SOCI throws.

// Rows of the table `counters`.
enum class Counter {
  kTickets,  // Ever taken.
  kRefused,  // Deliveries that were no episodes.
  kPruned,   // The newest sequence whose payload was pruned.
};

// REQUIRES: in a transaction.
int64_t Increment(const SqlCall& call, Counter counter);

// The counter's value, locked.  REQUIRES: in a transaction.
int64_t Locked(const SqlCall& call, Counter counter);
void Set(const SqlCall& call, Counter counter, int64_t value);

// Counts one more episode, of that many steps, in the table `totals`.  Returns
// how many there are now: its sequence.
// REQUIRES: in a transaction.
int64_t CountEpisode(const SqlCall& call, int64_t steps);

int64_t NewestSequence(const SqlCall& call);  // 0: none.

// Of one moment, in one SELECT.
StoreCounts ReadCounts(const SqlCall& call);

}  // namespace selfplay

#endif  // SELFPLAY_SQL_COUNTERS_H_
