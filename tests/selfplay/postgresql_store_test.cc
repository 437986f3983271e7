#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "tests/selfplay/experience_store_test.h"
#include "tests/selfplay/private_postgresql.h"
#include "tests/selfplay/store_home.h"
#include "tests/selfplay/store_workers.h"

// The store's tests on PostgreSQL, and what only a server can do: die.

namespace selfplay {
namespace {

using testing_support::PrivatePostgresql;

// Of all tests of this process: it takes seconds to make.
PrivatePostgresql& Server() {
  static PrivatePostgresql server;
  return server;
}

class PostgresqlHome : public StoreHome {
 public:
  ~PostgresqlHome() override { Server().DropDatabase(kName); }

  std::string url() const override { return url_; }

 private:
  static constexpr char kName[] = "store";

  const std::string url_ = Server().MakeDatabase(kName);
};

std::unique_ptr<StoreHome> MakeHome() {
  return std::make_unique<PostgresqlHome>();
}

INSTANTIATE_TEST_SUITE_P(Postgresql, ExperienceStoreTest,
                         testing::Values(&MakeHome));
INSTANTIATE_TEST_SUITE_P(Postgresql, OpenStoreTest, testing::Values(&MakeHome));

TEST(PostgresqlStoreTest, LosesNothingWhenTheServerIsKilled) {
  const PostgresqlHome home;
  StoreWorkers workers(home.url());
  for (int kills = 0; kills < 10; ++kills) {
    workers.Await(5);
    Server().KillAndStart();
  }
  workers.Await(5);
  ExpectWholeStore(home.url(), workers.KillAll());
}

}  // namespace
}  // namespace selfplay
