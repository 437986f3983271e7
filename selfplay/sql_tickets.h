#ifndef SELFPLAY_SQL_TICKETS_H_
#define SELFPLAY_SQL_TICKETS_H_

#include <cstdint>

#include "selfplay/sql_pool.h"

// The numbers of episodes that are to be played: a counter, and the table
// `returned_tickets` of those that were taken in vain.  All functions throw
// what SOCI throws, and have to be called in a transaction.

namespace selfplay {

// The lowest ticket that was returned; else the counter's next one.
int64_t TakeTicket(const SqlCall& call);

// Lets `ticket` be taken again.
void ReturnTicket(const SqlCall& call, int64_t ticket);

}  // namespace selfplay

#endif  // SELFPLAY_SQL_TICKETS_H_
