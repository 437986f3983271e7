#include "eval/sweep_store.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/test_folder.h"

namespace eval {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::TestFolder;

constexpr char kSettings[] = "{\"cpu-used\": 4}\n";

class SweepStoreTest : public testing::Test {
 protected:
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
    std::ofstream(sweep_ + "/" + file, std::ios::app) << text;
  }

  const TestFolder folder_;
  const std::string sweep_ = folder_.PathOf("sweep");  // Not there yet.
};

TEST_F(SweepStoreTest, RemembersWhatWasAppended) {
  {
    auto store = SweepStore::Open(sweep_, kSettings).value();
    ASSERT_THAT(store->Append(Point(100), Trace(100)), IsOk());
    ASSERT_THAT(store->AppendFloor({"a, b.mp4", 100, 120}), IsOk());
  }
  const auto store = SweepStore::Open(sweep_, kSettings).value();
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
  auto store = SweepStore::Open(sweep_, kSettings).value();
  ASSERT_THAT(store->Append(Point(100), Trace(100)), IsOk());
  EXPECT_EQ(store->FindPoint("a, b.mp4", "libvpx", 200, {}), nullptr);
  EXPECT_EQ(store->FindPoint("a, b.mp4", "feedback", 100, {}), nullptr);
  EXPECT_EQ(store->FindPoint("c.mp4", "libvpx", 100, {}), nullptr);
  EXPECT_EQ(store->FindPoint("a, b.mp4", "libvpx", 100, 32), nullptr);
}

TEST_F(SweepStoreTest, DropsRowsThatWereCutOff) {
  {
    auto store = SweepStore::Open(sweep_, kSettings).value();
    ASSERT_THAT(store->Append(Point(100), Trace(100)), IsOk());
  }
  AppendRaw("points.csv", "a.mp4,libvpx,20");
  AppendRaw("frames.jsonl", "{\"clip\": ");
  AppendRaw("floors.csv", "a.mp4");
  {
    auto store = SweepStore::Open(sweep_, kSettings).value();
    EXPECT_EQ(store->points().size(), 1u);
    ASSERT_THAT(store->Append(Point(200), Trace(200)), IsOk());
    ASSERT_THAT(store->AppendFloor({"a.mp4", 1, 2}), IsOk());
  }
  const auto store = SweepStore::Open(sweep_, kSettings);
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ((*store)->points().size(), 2u);
  EXPECT_EQ((*store)->traces().size(), 2u);
  EXPECT_EQ((*store)->floors().size(), 1u);
}

TEST_F(SweepStoreTest, RefusesRowsMadeWithOtherSettings) {
  ASSERT_THAT(SweepStore::Open(sweep_, kSettings), IsOk());
  EXPECT_THAT(SweepStore::Open(sweep_, "{\"cpu-used\": 2}\n"),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        "made with other settings"));
}

TEST_F(SweepStoreTest, RefusesFilesThatAreNotItsOwn) {
  ASSERT_THAT(SweepStore::Open(sweep_, kSettings), IsOk());
  AppendRaw("frames.jsonl", "hello\n");
  EXPECT_THAT(SweepStore::Open(sweep_, kSettings),
              HasStatus(absl::StatusCode::kInvalidArgument, "frames.jsonl:1"));
}

TEST_F(SweepStoreTest, RefusesAFileInPlaceOfTheFolder) {
  std::ofstream(sweep_) << "a file";
  EXPECT_THAT(SweepStore::Open(sweep_, kSettings),
              HasStatus(absl::StatusCode::kFailedPrecondition, "cannot make"));
}

}  // namespace
}  // namespace eval
