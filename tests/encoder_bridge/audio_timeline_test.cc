#include "encoder_bridge/audio_timeline.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

namespace encoder_bridge {
namespace {

// What was done with one run of samples.
void ExpectPlacement(const AudioTimeline::Placement& placement, int64_t silence,
                     int64_t skip, int64_t take) {
  EXPECT_EQ(placement.silence, silence);
  EXPECT_EQ(placement.skip, skip);
  EXPECT_EQ(placement.take, take);
}

TEST(AudioTimelineTest, KeepsSoundThatFollowsWithoutAHole) {
  AudioTimeline timeline(/*tolerance=*/10, std::nullopt);
  ExpectPlacement(timeline.Place(0, 100), 0, 0, 100);
  ExpectPlacement(timeline.Place(100, 100), 0, 0, 100);
  EXPECT_EQ(timeline.start(), 0);
}

TEST(AudioTimelineTest, CutsWhatComesBeforeTheStart) {
  AudioTimeline timeline(10, std::nullopt);
  ExpectPlacement(timeline.Place(-150, 100), 0, 100, 0);
  EXPECT_FALSE(timeline.start().has_value());
  ExpectPlacement(timeline.Place(-50, 100), 0, 50, 50);
  EXPECT_EQ(timeline.start(), 0);
}

TEST(AudioTimelineTest, LetsLateSoundBeginLate) {
  AudioTimeline timeline(10, std::nullopt);
  ExpectPlacement(timeline.Place(5000, 100), 0, 0, 100);
  EXPECT_EQ(timeline.start(), 5000);
}

TEST(AudioTimelineTest, FillsAHoleWithSilence) {
  AudioTimeline timeline(10, std::nullopt);
  timeline.Place(0, 100);
  ExpectPlacement(timeline.Place(150, 100), 50, 0, 100);
  ExpectPlacement(timeline.Place(250, 100), 0, 0, 100);
}

TEST(AudioTimelineTest, DropsWhatWasHeardBefore) {
  AudioTimeline timeline(10, std::nullopt);
  timeline.Place(0, 100);
  ExpectPlacement(timeline.Place(60, 100), 0, 40, 60);
  ExpectPlacement(timeline.Place(20, 100), 0, 100, 0);
  ExpectPlacement(timeline.Place(160, 100), 0, 0, 100);
}

TEST(AudioTimelineTest, TakesSmallErrorsForRounding) {
  AudioTimeline timeline(10, std::nullopt);
  timeline.Place(3, 100);
  ExpectPlacement(timeline.Place(110, 100), 0, 0, 100);
  ExpectPlacement(timeline.Place(195, 100), 0, 0, 100);
  // Errors do not add up unseen: these samples should begin at 303.
  ExpectPlacement(timeline.Place(314, 100), 11, 0, 100);
}

TEST(AudioTimelineTest, ContinuesWithoutTimestamps) {
  AudioTimeline timeline(10, std::nullopt);
  ExpectPlacement(timeline.Place(std::nullopt, 100), 0, 0, 100);
  ExpectPlacement(timeline.Place(std::nullopt, 100), 0, 0, 100);
  ExpectPlacement(timeline.Place(200, 100), 0, 0, 100);
}

TEST(AudioTimelineTest, EndsAtTheEnd) {
  AudioTimeline timeline(10, /*end=*/250);
  timeline.Place(0, 200);
  EXPECT_FALSE(timeline.is_at_end());
  ExpectPlacement(timeline.Place(200, 100), 0, 0, 50);
  EXPECT_TRUE(timeline.is_at_end());
  ExpectPlacement(timeline.Place(300, 100), 0, 0, 0);
}

TEST(AudioTimelineTest, FillsAHoleOverTheEndOnlyToTheEnd) {
  AudioTimeline timeline(10, 250);
  timeline.Place(0, 200);
  ExpectPlacement(timeline.Place(1000, 100), 50, 0, 0);
  EXPECT_TRUE(timeline.is_at_end());
}

TEST(AudioTimelineTest, IsEmptyWhereAllIsAfterTheEnd) {
  AudioTimeline timeline(10, 250);
  ExpectPlacement(timeline.Place(300, 100), 0, 0, 0);
  EXPECT_TRUE(timeline.is_at_end());
  EXPECT_FALSE(timeline.start().has_value());
}

}  // namespace
}  // namespace encoder_bridge
