#include "selfplay/store_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "selfplay/experience_store.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_support::HasStatus;
using testing_support::IsOk;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

TEST(StoreUrlTest, TakesTheRestOfSqlitesAsAPath) {
  const auto url = ParseStoreUrl("sqlite:/tmp/a run/b=c.db");
  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->engine, SqlEngine::kSqlite);
  EXPECT_EQ(url->target, "/tmp/a run/b=c.db");
}

TEST(StoreUrlTest, ReadsPostgresqlsAsLibpqDoes) {
  const auto url =
      ParseStoreUrl("postgresql://me:p%27w@host:77/db?connect_timeout=3");
  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->engine, SqlEngine::kPostgresql);
  EXPECT_THAT(url->target, HasSubstr("user='me'"));
  EXPECT_THAT(url->target, HasSubstr("password='p\\'w'"));
  EXPECT_THAT(url->target, HasSubstr("port='77'"));
  EXPECT_THAT(url->target, HasSubstr("dbname='db'"));
  EXPECT_THAT(url->target, HasSubstr("connect_timeout='3'"));
  EXPECT_THAT(url->target, HasSubstr("tcp_user_timeout='20000'"));
}

TEST(StoreUrlTest, RefusesEverythingElse) {
  for (const char* url :
       {"", "run.db", "mysql://host/db",
        "sqlite:", "sqlite::memory:", "sqlite:a\"b", "postgresql://[bad/db",
        "postgresql://h/db?nonsense=1"}) {
    EXPECT_THAT(ParseStoreUrl(url), HasStatus(kInvalid, "URL")) << url;
  }
}

TEST(StoreUrlTest, TellsNoPasswordOfAUrlThatIsNone) {
  for (const char* url : {"postgresql://me:hun%ter2@host/db", "me:hunter2@host",
                          "postgresql://me:hunter2@[host/db"}) {
    const auto parsed = ParseStoreUrl(url);
    ASSERT_FALSE(parsed.ok());
    EXPECT_THAT(parsed.status().ToString(), Not(HasSubstr("ter2"))) << url;
  }
}

TEST(StoreUrlTest, TakesSecretsOutOfMessages) {
  const auto url = ParseStoreUrl("postgresql://me:hunter2@host/db");
  EXPECT_EQ(WithoutSecrets(*url, "no hunter2 here"), "no *** here");
}

TEST(StoreUrlTest, IsUnavailableWhereNoServerIs) {
  const auto store = ExperienceStore::Open(
      "postgresql://me:hunter2@127.0.0.1:1/db", {.retry_seconds = 0.05});
  EXPECT_THAT(store, HasStatus(absl::StatusCode::kUnavailable, "connection"));
  EXPECT_THAT(store.status().ToString(), Not(HasSubstr("hunter2")));
}

TEST(StoreUrlTest, IsUnavailableWhereNoFolderIs) {
  EXPECT_THAT(ExperienceStore::Open("sqlite:/no/such/folder/run.db", {}),
              HasStatus(absl::StatusCode::kUnavailable, "database"));
}

}  // namespace
}  // namespace selfplay
