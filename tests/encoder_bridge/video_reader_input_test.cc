#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "encoder_bridge/video_reader.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/read_video.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::MediaFolder;
using ::testing_support::Read;
using ::testing_support::ReadFile;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

class VideoReaderInputTest : public testing::Test {
 protected:
  static std::string RandomBytes(size_t count, unsigned seed) {
    std::mt19937_64 random(seed);
    std::string bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
  }

  MediaFolder folder_;
};

TEST_F(VideoReaderInputTest, RefusesAMissingFile) {
  EXPECT_THAT(VideoReader::Open("/no/such/clip.mp4", {}),
              HasStatus(absl::StatusCode::kNotFound,
                        "/no/such/clip.mp4: no such file"));
}

TEST_F(VideoReaderInputTest, RefusesATextWhateverItsNameSays) {
  const std::string text(10000, 'x');
  for (const char* name : {"a.txt", "a.mp4", "a.ts", "a.ans"}) {
    EXPECT_THAT(VideoReader::Open(folder_.Write(name, text), {}),
                HasStatus(kInvalid, "is a text file, not a video"));
  }
}

TEST_F(VideoReaderInputTest, RefusesTerminalArt) {
  const std::string art =
      "\x1b[31mhello \xdb\xdb\xb2\xb1 \x1a" + std::string(1, '\0');
  EXPECT_THAT(VideoReader::Open(folder_.Write("art.ans", art), {}),
              HasStatus(kInvalid, "art.ans: is not a video"));
}

TEST_F(VideoReaderInputTest, DoesNotFollowAPlaylist) {
  const std::string clip =
      folder_.MakeVideo("clip.ts", "96x64", "25", 5, {"-c:v", "mpeg2video"});
  const std::string list =
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + clip + "\n";
  for (const std::string& contents : {list, list + std::string(1, '\0')}) {
    EXPECT_THAT(VideoReader::Open(folder_.Write("list.m3u8", contents), {}),
                HasStatus(kInvalid, "list.m3u8: "));
  }
}

TEST_F(VideoReaderInputTest, RefusesRandomBytesWhateverTheirNameSays) {
  unsigned seed = 0;
  for (const char* name : {"a", "a.mp4", "a.webm", "a.mkv", "a.avi", "a.y4m",
                           "a.ts", "a.mpg", "a.mp3", "a.jpg", "a.ogv"}) {
    const std::string path = folder_.Write(name, RandomBytes(50000, ++seed));
    EXPECT_THAT(VideoReader::Open(path, {}), HasStatus(kInvalid, path + ": "));
  }
}

TEST_F(VideoReaderInputTest, RefusesSoundWithoutPicture) {
  for (const char* name : {"sound.m4a", "sound.wav", "sound.mp3"}) {
    EXPECT_THAT(VideoReader::Open(
                    folder_.Make(name, {"-f", "lavfi", "-i", "sine=d=1"}), {}),
                HasStatus(kInvalid, "has no video stream"));
  }
}

TEST_F(VideoReaderInputTest, DoesNotTakeCoverArtForVideo) {
  const std::string cover = folder_.MakeVideo("cover.png", "96x64", "25", 1);
  const std::string path =
      folder_.Make("song.mp3", {"-f", "lavfi", "-i", "sine=d=1", "-i", cover,
                                "-map", "0", "-map", "1", "-c:v", "copy"});
  EXPECT_THAT(VideoReader::Open(path, {}),
              HasStatus(kInvalid, "song.mp3: has no video stream"));
}

TEST_F(VideoReaderInputTest, RefusesAFileCutSoShortThatNothingDecodes) {
  for (const char* name : {"cut.mp4", "cut.webm", "cut.mkv", "cut.y4m"}) {
    const std::string whole =
        ReadFile(folder_.MakeVideo(name, "96x64", "25", 25));
    for (const size_t bytes : {20, 100, 500}) {
      EXPECT_THAT(
          VideoReader::Open(folder_.Write(name, whole.substr(0, bytes)), {}),
          HasStatus(kInvalid, std::string(name) + ": "));
    }
  }
}

TEST_F(VideoReaderInputTest, TakesAnyNameLiterally) {
  const std::string clip =
      folder_.MakeVideo("clip.mp4", "96x64", "25", 2, {"-c:v", "libx264"});
  for (const char* name : {"http:a:b.mp4", "concat:a|b.mp4", "-x.mp4",
                           "a%03d*?.mp4", "subfile,,start,1,,:a.mp4"}) {
    const std::string path = folder_.Write(name, ReadFile(clip));
    EXPECT_EQ(Read(path).frames.size(), 2) << name;
  }
}

TEST_F(VideoReaderInputTest, TakesAPercentSignInAPicturesNameLiterally) {
  const std::string still = folder_.MakeVideo("1.png", "96x64", "25", 1);
  EXPECT_EQ(Read(folder_.Write("%d.png", ReadFile(still))).frames.size(), 1);
}

TEST_F(VideoReaderInputTest, TakesARelativeNameThatStartsWithADash) {
  const std::string clip =
      folder_.MakeVideo("-x.mp4", "96x64", "25", 2, {"-c:v", "libx264"});
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.PathOf(""));
  EXPECT_EQ(Read("-x.mp4").frames.size(), 2);
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace encoder_bridge
