#include "selfplay/sql_tickets.h"

#include <cstdint>

#include "selfplay/sql_counters.h"
#include "selfplay/sql_pool.h"
#include "soci/soci.h"

namespace selfplay {

int64_t TakeTicket(const SqlCall& call) {
  // Of two that want the same one at once, the later gets none, and a new one.
  int64_t ticket = 0;
  call.session << "DELETE FROM returned_tickets WHERE number ="
                  " (SELECT MIN(number) FROM returned_tickets)"
                  " RETURNING number",
      soci::into(ticket);
  if (call.session.got_data()) return ticket;
  return Increment(call, Counter::kTickets) - 1;
}

void ReturnTicket(const SqlCall& call, int64_t ticket) {
  call.session << "INSERT INTO returned_tickets (number) VALUES (:number)"
                  " ON CONFLICT (number) DO NOTHING",
      soci::use(ticket);
}

}  // namespace selfplay
