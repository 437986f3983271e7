#include "eval/sweep_store.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace eval {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr char kSettings[] = "{\"cpu-used\": 4}\n";

class SweepStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static SweepPoint Point(double target_kbps) {
    return {.clip = "a, b.mp4",
            .controller = "libvpx",
            .target_kbps = target_kbps,
            .bitrate_kbps = target_kbps * 1.01,
            .psnr = 40.25};
  }
  static FrameTrace Trace(double target_kbps) {
    FrameTrace trace = {
        .clip = "a, b.mp4", .controller = "libvpx", .target_kbps = target_kbps};
    trace.frames.push_back({.type = encoder_bridge::FrameType::kAltRef,
                            .is_shown = false,
                            .show_index = 7,
                            .q_index = 33,
                            .bits = 1234});
    return trace;
  }
  void AppendRaw(const char* file, const std::string& text) {
    std::ofstream(folder_ / file, std::ios::app) << text;
  }

  std::filesystem::path folder_;
};

TEST_F(SweepStoreTest, RemembersWhatWasAppended) {
  {
    auto store = SweepStore::Open(folder_.string(), kSettings).value();
    ASSERT_THAT(store->Append(Point(100), Trace(100)), IsOk());
    ASSERT_THAT(store->AppendFloor({"a, b.mp4", 100, 120}), IsOk());
  }
  const auto store = SweepStore::Open(folder_.string(), kSettings).value();
  ASSERT_NE(store->FindPoint("a, b.mp4", "libvpx", 100, {}), nullptr);
  EXPECT_EQ(*store->FindPoint("a, b.mp4", "libvpx", 100, {}), Point(100));
  EXPECT_EQ(store->FindFloor("a, b.mp4", 100)->floor_kbps, 120);
  ASSERT_EQ(store->traces().size(), 1u);
  const auto& frame = store->traces()[0].frames[0];
  EXPECT_EQ(frame.type, encoder_bridge::FrameType::kAltRef);
  EXPECT_FALSE(frame.is_shown);
  EXPECT_EQ(frame.q_index, 33);
  EXPECT_EQ(frame.bits, 1234);
  EXPECT_FALSE(frame.psnr_db.has_value());
}

TEST_F(SweepStoreTest, TellsPointsApart) {
  auto store = SweepStore::Open(folder_.string(), kSettings).value();
  ASSERT_THAT(store->Append(Point(100), Trace(100)), IsOk());
  EXPECT_EQ(store->FindPoint("a, b.mp4", "libvpx", 200, {}), nullptr);
  EXPECT_EQ(store->FindPoint("a, b.mp4", "feedback", 100, {}), nullptr);
  EXPECT_EQ(store->FindPoint("c.mp4", "libvpx", 100, {}), nullptr);
  EXPECT_EQ(store->FindPoint("a, b.mp4", "libvpx", 100, 32), nullptr);
}

TEST_F(SweepStoreTest, DropsRowsThatWereCutOff) {
  {
    auto store = SweepStore::Open(folder_.string(), kSettings).value();
    ASSERT_THAT(store->Append(Point(100), Trace(100)), IsOk());
  }
  AppendRaw("points.csv", "a.mp4,libvpx,20");
  AppendRaw("frames.jsonl", "{\"clip\": ");
  AppendRaw("floors.csv", "a.mp4");
  {
    auto store = SweepStore::Open(folder_.string(), kSettings).value();
    EXPECT_EQ(store->points().size(), 1u);
    ASSERT_THAT(store->Append(Point(200), Trace(200)), IsOk());
    ASSERT_THAT(store->AppendFloor({"a.mp4", 1, 2}), IsOk());
  }
  const auto store = SweepStore::Open(folder_.string(), kSettings);
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ((*store)->points().size(), 2u);
  EXPECT_EQ((*store)->traces().size(), 2u);
  EXPECT_EQ((*store)->floors().size(), 1u);
}

TEST_F(SweepStoreTest, RefusesRowsMadeWithOtherSettings) {
  ASSERT_THAT(SweepStore::Open(folder_.string(), kSettings), IsOk());
  EXPECT_THAT(SweepStore::Open(folder_.string(), "{\"cpu-used\": 2}\n"),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        "made with other settings"));
}

TEST_F(SweepStoreTest, RefusesFilesThatAreNotItsOwn) {
  ASSERT_THAT(SweepStore::Open(folder_.string(), kSettings), IsOk());
  AppendRaw("frames.jsonl", "hello\n");
  EXPECT_THAT(SweepStore::Open(folder_.string(), kSettings),
              HasStatus(absl::StatusCode::kInvalidArgument, "frames.jsonl:1"));
}

TEST_F(SweepStoreTest, RefusesAFileInPlaceOfTheFolder) {
  std::ofstream(folder_.string()) << "a file";
  EXPECT_THAT(SweepStore::Open(folder_.string(), kSettings),
              HasStatus(absl::StatusCode::kFailedPrecondition, "cannot make"));
}

}  // namespace
}  // namespace eval
