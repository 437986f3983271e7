#include "selfplay/metrics_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "selfplay/metrics.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::SizeIs;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

class MetricsFileTest : public testing::Test {
 protected:
  MetricsFileTest()
      : path_(absl::StrCat(
            testing::TempDir(), "/metrics_",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::remove(path_.c_str());
  }
  ~MetricsFileTest() override { std::remove(path_.c_str()); }

  // Appends one record in a process of its own, as far as the file knows.
  void Append(int64_t sequence) {
    const auto file = MetricsFile::Open(path_);
    ASSERT_THAT(file, IsOk());
    EXPECT_THAT((*file)->Append(ToLine(WorkerMetrics{.sequence = sequence})),
                IsOk());
  }

  std::string Contents() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const std::string path_;
};

TEST_F(MetricsFileTest, KeepsLinesFromOneOpeningToTheNext) {
  Append(1);
  Append(2);
  const auto lines = ReadMetricsFile(path_);
  ASSERT_THAT(lines, IsOk());
  ASSERT_THAT(*lines, SizeIs(2));
  EXPECT_EQ(ToWorkerMetrics((*lines)[1])->sequence, 2);
}

TEST_F(MetricsFileTest, HasALineAsSoonAsItIsAppended) {
  const auto file = MetricsFile::Open(path_);
  ASSERT_THAT(file, IsOk());
  const MetricsLine line = ToLine(WorkerMetrics{.sequence = 1});
  ASSERT_THAT((*file)->Append(line), IsOk());
  EXPECT_EQ(Contents(), line.json + "\n");
}

TEST_F(MetricsFileTest, SkipsATornLineAtAnyPlace) {
  Append(1);
  const std::string whole = Contents();
  for (size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(path_, std::ios::binary) << whole << whole.substr(0, size);
    const auto lines = ReadMetricsFile(path_);
    ASSERT_THAT(lines, IsOk());
    EXPECT_THAT(*lines, SizeIs(1));
  }
}

TEST_F(MetricsFileTest, CutsOffATornLineWhenItIsOpenedAgain) {
  Append(1);
  const std::string whole = Contents();
  for (size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(path_, std::ios::binary) << whole << whole.substr(0, size);
    ASSERT_THAT(MetricsFile::Open(path_), IsOk());
    EXPECT_EQ(Contents(), whole);
  }
}

TEST_F(MetricsFileTest, CutsOffALongTornLine) {
  Append(1);
  const std::string whole = Contents();
  std::ofstream(path_, std::ios::binary) << whole << std::string(10'000, 'x');
  Append(2);
  EXPECT_THAT(*ReadMetricsFile(path_), SizeIs(2));
}

TEST_F(MetricsFileTest, EmptiesAFileOfATornLineOnly) {
  std::ofstream(path_, std::ios::binary) << "{\"time\":";
  Append(1);
  EXPECT_THAT(*ReadMetricsFile(path_), SizeIs(1));
}

TEST_F(MetricsFileTest, NamesTheLineThatIsNone) {
  Append(1);
  std::ofstream(path_, std::ios::binary | std::ios::app) << "x\n";
  Append(2);
  EXPECT_THAT(ReadMetricsFile(path_),
              HasStatus(absl::StatusCode::kDataLoss, path_ + ":2: "));
}

TEST_F(MetricsFileTest, HasOneWriterAtATime) {
  const auto file = MetricsFile::Open(path_);
  ASSERT_THAT(file, IsOk());
  EXPECT_THAT(MetricsFile::Open(path_),
              HasStatus(absl::StatusCode::kFailedPrecondition, path_));
}

TEST_F(MetricsFileTest, NamesAFileThatCannotBeOpened) {
  EXPECT_THAT(MetricsFile::Open("/no/such/metrics.jsonl"),
              HasStatus(absl::StatusCode::kNotFound, "/no/such/metrics"));
  EXPECT_THAT(ReadMetricsFile("/no/such/metrics.jsonl"),
              HasStatus(absl::StatusCode::kNotFound, "/no/such/metrics"));
}

TEST_F(MetricsFileTest, KeepsLinesOfManyThreadsApart) {
  const auto file = MetricsFile::Open(path_);
  ASSERT_THAT(file, IsOk());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&file] {
      for (int line = 0; line < 100; ++line) {
        EXPECT_THAT((*file)->Append(ToLine(WorkerMetrics())), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(*ReadMetricsFile(path_), SizeIs(400));
}

}  // namespace
}  // namespace selfplay
