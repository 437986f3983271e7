#include "selfplay/clip_shelf.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <stop_token>

#include "absl/status/status.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "tests/selfplay/self_play.h"
#include "tests/testing/read_video.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::encoder_bridge::VideoReader;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::ReadAll;

const EpisodeConfig kEpisode = {.max_height = 32, .max_frames = 10};

TEST(ClipShelfTest, CutsAndScalesAsAnOrdinaryEncodeDoes) {
  SelfPlay play;
  ClipShelf shelf(kEpisode, {});
  auto clip = shelf.Take(play.clips[0], std::stop_token());
  ASSERT_THAT(clip, IsOk());
  auto reader =
      VideoReader::Open(play.clips[0].path,
                        {.height = 32, .only_shrink = true, .max_frames = 10});
  ASSERT_THAT(clip->source->Rewind(), IsOk());
  EXPECT_EQ(ReadAll(*clip->source), ReadAll(**reader));
  EXPECT_EQ(clip->source->format().height, 32);
  EXPECT_EQ(clip->first_pass->num_frames, 10);
}

TEST(ClipShelfTest, KeepsTheFirstPassThatItMade) {
  SelfPlay play;
  ClipShelf shelf(kEpisode, {});
  const auto first = shelf.Take(play.clips[0], std::stop_token());
  const auto second = shelf.Take(play.clips[0], std::stop_token());
  EXPECT_EQ(first->first_pass, second->first_pass);
  EXPECT_NE(first->source, second->source);
}

TEST(ClipShelfTest, GivesTheSameFramesWhereTheyDoNotFitInMemory) {
  SelfPlay play;
  ClipShelf roomy(kEpisode, {});
  ClipShelf tight(kEpisode, {.max_frame_bytes = 1});
  auto kept = roomy.Take(play.clips[1], std::stop_token());
  auto streamed = tight.Take(play.clips[1], std::stop_token());
  ASSERT_THAT(streamed, IsOk());
  EXPECT_EQ(kept->first_pass->stats, streamed->first_pass->stats);
  ASSERT_THAT(kept->source->Rewind(), IsOk());
  ASSERT_THAT(streamed->source->Rewind(), IsOk());
  EXPECT_EQ(ReadAll(*kept->source), ReadAll(*streamed->source));
}

TEST(ClipShelfTest, SeesThatAFileHasChanged) {
  SelfPlay play;
  ClipShelf shelf(kEpisode, {});
  const auto before = shelf.Take(play.clips[0], std::stop_token());
  std::filesystem::copy_file(play.clips[1].path, play.clips[0].path,
                             std::filesystem::copy_options::overwrite_existing);
  const auto after = shelf.Take(play.clips[0], std::stop_token());
  EXPECT_NE(before->first_pass->stats, after->first_pass->stats);
}

TEST(ClipShelfTest, SaysWhatIsWrongWithAClip) {
  SelfPlay play;
  ClipShelf shelf(kEpisode, {});
  EXPECT_THAT(shelf.Take({.name = "none", .path = "/nowhere/none.webm"},
                         std::stop_token()),
              HasStatus(absl::StatusCode::kNotFound, "none.webm"));
}

TEST(ClipShelfTest, StopsWhenItIsTold) {
  SelfPlay play;
  ClipShelf shelf(kEpisode, {});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(shelf.Take(play.clips[0], stop.get_token()),
              HasStatus(absl::StatusCode::kCancelled, ""));
}

}  // namespace
}  // namespace selfplay
