#include "encoder_bridge/audio_tracks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/container.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

class AudioTracksTest : public testing::Test {
 protected:
  // Half a second of video and a tone, coded as `encoding` says.
  std::string MakeClip(const std::string& name,
                       const std::vector<std::string>& encoding) const {
    std::vector<std::string> arguments = {
        "-f", "lavfi", "-i", "testsrc2=s=32x32:r=10:d=0.5",
        "-f", "lavfi", "-i", "sine=d=0.5"};
    arguments.insert(arguments.end(), encoding.begin(), encoding.end());
    return folder_.Make(name, arguments);
  }

  // The codec of the one track of `path`, with "copied" where it is.
  static std::string Choice(const std::string& path,
                            const AudioOptions& options) {
    const auto opened = OpenAudioTracks(path, options);
    if (!opened.ok()) return std::string(opened.status().message());
    if (opened->tracks.size() != 1) return "not one track";
    const OpenAudioTrack& track = opened->tracks[0];
    return track.codec + (track.is_copied ? " copied" : "");
  }

  const testing_support::MediaFolder folder_;
};

TEST_F(AudioTracksTest, AutoCopiesWhatTheContainerIsMadeFor) {
  const std::string opus = MakeClip("opus.mkv", {"-c:a", "libopus"});
  const std::string vorbis = MakeClip("vorbis.mkv", {"-c:a", "libvorbis"});
  const std::string aac = MakeClip("aac.mkv", {"-c:a", "aac"});
  const struct {
    std::string path;
    Container container;
    const char* want;
  } kCases[] = {{opus, Container::kWebm, "opus copied"},
                {opus, Container::kMatroska, "opus copied"},
                {opus, Container::kMp4, "opus copied"},
                {vorbis, Container::kWebm, "vorbis copied"},
                {vorbis, Container::kMatroska, "vorbis copied"},
                {vorbis, Container::kMp4, "opus"},
                {aac, Container::kWebm, "opus"},
                {aac, Container::kMatroska, "opus"},
                {aac, Container::kMp4, "opus"}};
  for (const auto& c : kCases) {
    EXPECT_EQ(Choice(c.path, {.container = c.container}), c.want)
        << c.path << " in " << NameOf(c.container);
  }
}

TEST_F(AudioTracksTest, OpusCodesEvenOpusAnew) {
  EXPECT_EQ(Choice(MakeClip("in.mkv", {"-c:a", "libopus"}),
                   {.mode = AudioMode::kOpus}),
            "opus");
}

TEST_F(AudioTracksTest, CopyTakesWhatTheContainerHolds) {
  const std::string aac = MakeClip("in.mkv", {"-c:a", "aac"});
  for (const Container container : {Container::kMatroska, Container::kMp4}) {
    EXPECT_EQ(Choice(aac, {.mode = AudioMode::kCopy, .container = container}),
              "aac copied");
  }
}

TEST_F(AudioTracksTest, CopyPutsWhatWavHoldsIntoMatroska) {
  EXPECT_EQ(
      Choice(MakeClip("in.mkv", {"-c:a", "wmav2"}),
             {.mode = AudioMode::kCopy, .container = Container::kMatroska}),
      "wmav2 copied");
}

TEST_F(AudioTracksTest, CopyRefusesWhatTheContainerDoesNotHold) {
  EXPECT_THAT(
      OpenAudioTracks(MakeClip("aac.mkv", {"-c:a", "aac"}),
                      {.mode = AudioMode::kCopy}),
      HasStatus(absl::StatusCode::kInvalidArgument,
                "audio stream 1 (aac): cannot be copied: WebM does not hold"));
  EXPECT_THAT(
      OpenAudioTracks(MakeClip("wma.mkv", {"-c:a", "wmav2"}),
                      {.mode = AudioMode::kCopy, .container = Container::kMp4}),
      HasStatus(absl::StatusCode::kInvalidArgument,
                "audio stream 1 (wmav2): cannot be copied: MP4 does not"));
}

TEST_F(AudioTracksTest, NoneOpensNothing) {
  const auto opened = OpenAudioTracks(MakeClip("in.mkv", {"-c:a", "aac"}),
                                      {.mode = AudioMode::kNone});
  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT(opened->tracks, IsEmpty());
  EXPECT_THAT(opened->notes, IsEmpty());
}

TEST_F(AudioTracksTest, IvfLeavesAllOutAndSaysSo) {
  const auto opened = OpenAudioTracks(MakeClip("in.mkv", {"-c:a", "aac"}),
                                      {.container = Container::kIvf});
  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT(opened->tracks, IsEmpty());
  EXPECT_THAT(opened->notes,
              ElementsAre("IVF holds no audio: 1 stream is left out"));
}

TEST_F(AudioTracksTest, AVideoWithoutSoundHasNoTracks) {
  const auto opened =
      OpenAudioTracks(folder_.MakeVideo("in.mkv", "32x32", "10", 5), {});
  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT(opened->tracks, IsEmpty());
}

TEST_F(AudioTracksTest, LeavesOutWhatDoesNotDecode) {
  const std::string good = MakeClip("good.mkv", {"-c:a", "flac"});
  const std::string damaged = folder_.Make(
      "in.mkv", {"-i", good, "-c", "copy", "-bsf:a", "noise=amount=1"});
  const auto opened = OpenAudioTracks(damaged, {});
  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT(opened->tracks, IsEmpty());
  EXPECT_THAT(opened->notes,
              ElementsAre("audio stream 1 (flac) is left out: nothing of its "
                          "start decodes"));
  EXPECT_THAT(OpenAudioTracks(damaged, {.mode = AudioMode::kOpus}),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "audio stream 1 (flac): nothing of its start decodes"));
}

TEST_F(AudioTracksTest, OpensAllStreamsWithLanguageAndTitle) {
  const auto opened = OpenAudioTracks(
      MakeClip("in.mkv",
               {"-map", "0:v", "-map", "1:a", "-map", "1:a", "-c:a", "aac",
                "-metadata:s:a:0", "language=eng", "-metadata:s:a:1",
                "language=fre", "-metadata:s:a:1", "title=Commentaire"}),
      {});
  ASSERT_THAT(opened, IsOk());
  ASSERT_THAT(opened->tracks, SizeIs(2));
  EXPECT_EQ(LanguageOf(opened->tracks[0].tags), "eng");
  EXPECT_EQ(LanguageOf(opened->tracks[1].tags), "fre");
  EXPECT_THAT(opened->tracks[1].tags.tags,
              testing::Contains(testing::Pair("title", "Commentaire")));
}

}  // namespace
}  // namespace encoder_bridge
