#include "selfplay/sql_pool.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/store_url.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using testing_support::HasStatus;

constexpr absl::StatusCode kUnavailable = absl::StatusCode::kUnavailable;

absl::Status DoNothing(const SqlCall&) { return absl::OkStatus(); }

// Nobody listens there.
StoreUrl AwayUrl() {
  return ParseStoreUrl("postgresql://127.0.0.1:1/db").value();
}

TEST(SqlPoolTest, GivesUpWhenItsTimeIsOver) {
  SqlPool pool(AwayUrl(), {.retry = absl::Milliseconds(50)});
  const absl::Time start = absl::Now();
  EXPECT_THAT(pool.Write(DoNothing), HasStatus(kUnavailable, "connection"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST(SqlPoolTest, GivesUpWhenItIsToldTo) {
  std::stop_source stop;
  SqlPool pool(AwayUrl(), {.retry = absl::Hours(1), .stop = stop.get_token()});
  std::thread waiting([&pool] {
    EXPECT_THAT(pool.Read(DoNothing), HasStatus(kUnavailable, "connection"));
  });
  stop.request_stop();
  waiting.join();
  EXPECT_THAT(pool.Write(DoNothing), HasStatus(kUnavailable, "connection"));
}

}  // namespace
}  // namespace selfplay
