#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "selfplay/experience_store.h"
#include "tests/selfplay/experience_store_test.h"
#include "tests/selfplay/store_home.h"
#include "tests/testing/status_matchers.h"

// The store's tests on SQLite, and what only a file can do wrong.

namespace selfplay {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

class SqliteHome : public StoreHome {
 public:
  SqliteHome() {
    std::string folder =
        std::filesystem::temp_directory_path() / "muzero-store-XXXXXX";
    folder_ = mkdtemp(folder.data());
  }
  ~SqliteHome() override { std::filesystem::remove_all(folder_); }

  std::string url() const override { return "sqlite:" + path(); }

  // A name that is no easy one.
  std::string path() const { return folder_ / "a run=1.db"; }

 private:
  std::filesystem::path folder_;
};

std::unique_ptr<StoreHome> MakeHome() { return std::make_unique<SqliteHome>(); }

INSTANTIATE_TEST_SUITE_P(Sqlite, ExperienceStoreTest,
                         testing::Values(&MakeHome));
INSTANTIATE_TEST_SUITE_P(Sqlite, OpenStoreTest, testing::Values(&MakeHome));

TEST(SqliteStoreTest, MakesItsFilesForTheOwnerOnly) {
  const SqliteHome home;
  const auto store = ExperienceStore::Open(home.url(), {});
  ASSERT_THAT(store, IsOk());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat info = {};
    ASSERT_EQ(stat((home.path() + suffix).c_str(), &info), 0) << suffix;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << suffix;
  }
}

TEST(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  EXPECT_THAT(
      ExperienceStore::Open("sqlite:" + std::string(__FILE__), {}),
      HasStatus(absl::StatusCode::kFailedPrecondition, "not a database"));
}

}  // namespace
}  // namespace selfplay
