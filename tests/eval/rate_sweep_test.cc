#include "eval/rate_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/constant_q_controller.h"
#include "eval/sweep_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_file.h"
#include "tests/testing/test_folder.h"

namespace eval {
namespace {

using ::encoder_bridge::RateControlMode;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::TestFolder;

SweepController Vbr() { return {.name = "libvpx"}; }

SweepController CqLadder() {
  return {.name = "libvpx-q",
          .mode = RateControlMode::kConstantQuality,
          .levels = {30, 50}};
}

class RateSweepTest : public testing::Test {
 protected:
  void SetUp() override {
    options_ = {.clips = {},
                .controllers = {Vbr()},
                .targets_kbps = {30, 90},
                .settings = {.cpu_used = 8},
                .jobs = 2,
                .work_folder = folder_.path(),
                .on_progress = [this](const SweepProgress& p) { last_ = p; },
                .should_stop = [] { return false; }};
  }

  void AddClip(const std::string& name, uint32_t seed) {
    const std::string path = folder_.PathOf(name);
    ASSERT_THAT(testing_support::WriteSyntheticFile(
                    path, {.num_frames = 12, .seed = seed}),
                IsOk());
    options_.clips.push_back({.name = name, .path = path});
  }
  std::unique_ptr<SweepStore> OpenStore() {
    return SweepStore::Open(folder_.PathOf("out"), "{}").value();
  }

  const TestFolder folder_;
  RateSweepOptions options_;
  SweepProgress last_;
};

TEST_F(RateSweepTest, MeasuresEveryClipWithEveryControllerAtEveryTarget) {
  AddClip("a.webm", 1);
  AddClip("b.webm", 2);
  options_.controllers.push_back(CqLadder());
  auto store = OpenStore();
  const auto failures = RunRateSweep(options_, *store);
  ASSERT_THAT(failures, IsOk());
  EXPECT_TRUE(failures->empty());
  EXPECT_EQ(store->points().size(), 8u);
  for (const char* clip : {"a.webm", "b.webm"}) {
    EXPECT_NE(store->FindPoint(clip, "libvpx", 30, {}), nullptr);
    EXPECT_NE(store->FindPoint(clip, "libvpx", 90, {}), nullptr);
    EXPECT_NE(store->FindPoint(clip, "libvpx-q", 0, 30), nullptr);
    EXPECT_NE(store->FindPoint(clip, "libvpx-q", 0, 50), nullptr);
  }
  EXPECT_EQ(last_.done, 8);
  EXPECT_EQ(last_.total, 8);
  EXPECT_FALSE(last_.clip.empty());
}

TEST_F(RateSweepTest, FillsInWhatAPointSays) {
  AddClip("a.webm", 1);
  auto store = OpenStore();
  ASSERT_THAT(RunRateSweep(options_, *store), IsOk());
  const SweepPoint point = *store->FindPoint("a.webm", "libvpx", 90, {});
  EXPECT_EQ(point.frames, 12);
  EXPECT_EQ(point.width, 96);
  EXPECT_NEAR(point.frame_rate, 30, 1e-9);
  EXPECT_NEAR(point.bitrate_kbps,
              static_cast<double>(point.bytes) * 8 / 1000 / (12.0 / 30), 1e-9);
  EXPECT_GT(point.psnr, 20);
  EXPECT_GT(point.ssim, 0.5);
  EXPECT_GT(point.seconds, 0);
  EXPECT_EQ(store->traces().front().frames.size(),
            static_cast<size_t>(store->points().front().coded_frames));
}

TEST_F(RateSweepTest, RunsNothingAgainThatIsDone) {
  AddClip("a.webm", 1);
  auto store = OpenStore();
  ASSERT_THAT(RunRateSweep(options_, *store), IsOk());
  options_.targets_kbps.push_back(150);
  ASSERT_THAT(RunRateSweep(options_, *store), IsOk());
  EXPECT_EQ(last_.done, 1);
  EXPECT_EQ(store->points().size(), 3u);
}

TEST_F(RateSweepTest, GivesTheSameNumbersForAnyNumberOfJobs) {
  AddClip("a.webm", 1);
  AddClip("b.webm", 2);
  std::vector<double> bitrates[2];
  for (const int jobs : {1, 2}) {
    options_.jobs = jobs;
    auto store =
        SweepStore::Open(folder_.PathOf(absl::StrCat("jobs", jobs)), "{}")
            .value();
    ASSERT_THAT(RunRateSweep(options_, *store), IsOk());
    for (const char* clip : {"a.webm", "b.webm"}) {
      for (const int target : {30, 90}) {
        bitrates[jobs - 1].push_back(
            store->FindPoint(clip, "libvpx", target, {})->bitrate_kbps);
      }
    }
  }
  EXPECT_EQ(bitrates[0], bitrates[1]);
}

TEST_F(RateSweepTest, GoesOnAfterAClipThatFails) {
  AddClip("a.webm", 1);
  options_.clips.insert(options_.clips.begin(),
                        {.name = "gone", .path = folder_.PathOf("gone")});
  auto store = OpenStore();
  const auto failures = RunRateSweep(options_, *store);
  ASSERT_THAT(failures, IsOk());
  ASSERT_EQ(failures->size(), 1u);
  EXPECT_EQ(failures->front().clip, "gone");
  EXPECT_EQ(store->points().size(), 2u);
}

TEST_F(RateSweepTest, StopsWhenToldTo) {
  AddClip("a.webm", 1);
  options_.should_stop = [] { return true; };
  auto store = OpenStore();
  EXPECT_THAT(RunRateSweep(options_, *store),
              HasStatus(absl::StatusCode::kCancelled, "interrupted"));
  EXPECT_TRUE(store->points().empty());
}

TEST_F(RateSweepTest, FindsTheFloorOfATargetThatCannotBeMet) {
  AddClip("a.webm", 1);
  options_.targets_kbps = {1, 400};
  auto store = OpenStore();
  ASSERT_THAT(RunRateSweep(options_, *store), IsOk());
  const FloorPoint* floor = store->FindFloor("a.webm", 1);
  ASSERT_NE(floor, nullptr);
  EXPECT_TRUE(floor->is_infeasible());
  EXPECT_LE(floor->floor_kbps,
            store->FindPoint("a.webm", "libvpx", 1, {})->bitrate_kbps * 1.05);
  EXPECT_EQ(store->FindFloor("a.webm", 400), nullptr);
}

TEST_F(RateSweepTest, LeavesNothingInTheWorkFolder) {
  AddClip("a.webm", 1);
  options_.work_folder = folder_.PathOf("work");
  std::filesystem::create_directories(options_.work_folder);
  auto store = OpenStore();
  ASSERT_THAT(RunRateSweep(options_, *store), IsOk());
  EXPECT_TRUE(std::filesystem::is_empty(options_.work_folder));
}

}  // namespace
}  // namespace eval
