#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "selfplay/experience_store.h"
#include "tests/selfplay/experience_store_test.h"
#include "tests/selfplay/store_home.h"
#include "tests/testing/status_matchers.h"

// The store's tests on SQLite, and what only a file can do wrong.

namespace selfplay {
namespace {

using testing::ElementsAre;
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

  std::vector<std::string> files() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      files.push_back(entry.path());
    }
    return files;
  }

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

TEST(SqliteStoreTest, LeavesNoTraceOfThoseWhoOnlyRead) {
  const SqliteHome home;
  const auto read = [&home] {
    return ExperienceStore::Open(home.url(), {.is_read_only = true}).status();
  };
  EXPECT_THAT(read(), HasStatus(absl::StatusCode::kNotFound, "no file "));
  EXPECT_FALSE(std::filesystem::exists(home.path()));
  std::ofstream(home.path()).close();
  EXPECT_THAT(read(), HasStatus(absl::StatusCode::kNotFound, "store in /"));
  EXPECT_EQ(std::filesystem::file_size(home.path()), 0);
  std::filesystem::remove(home.path());
  ASSERT_THAT(ExperienceStore::Open(home.url(), {}), IsOk());
  EXPECT_THAT(read(), IsOk());
  EXPECT_THAT(home.files(), ElementsAre(home.path()));
}

TEST(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  const SqliteHome home;
  std::ofstream(home.path()) << std::string(10'000, 'x');
  EXPECT_THAT(
      ExperienceStore::Open(home.url(), {}),
      HasStatus(absl::StatusCode::kFailedPrecondition, "not a database"));
}

}  // namespace
}  // namespace selfplay
