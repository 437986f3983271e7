#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/selfplay/experience_store_test.h"
#include "tests/selfplay/store_workers.h"

namespace selfplay {
namespace {

TEST_P(ExperienceStoreTest, LosesNothingWhenWorkersAreKilled) {
  StoreWorkers workers(home().url());
  for (int kills = 0; kills < 10; ++kills) {
    workers.Await(5);
    workers.KillOne();
  }
  workers.Await(5);
  const std::set<std::string> acknowledged = workers.KillAll();
  EXPECT_GE(acknowledged.size(), 55u);
  ExpectWholeStore(home().url(), acknowledged);
}

}  // namespace
}  // namespace selfplay
