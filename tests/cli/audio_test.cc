// What `encode` does with sound, tags and chapters.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/probe.h"
#include "tests/cli/sound.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

using nlohmann::json;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using Arguments = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr double kOpusFrame = 0.02;  // Seconds.

auto Near(double seconds, double error = 0.005) {
  return DoubleNear(seconds, error);
}

class AudioTest : public testing::Test {
 protected:
  // Two seconds of video and sound with beeps at 0.5 and 1.2 s by its own
  // clock.  `before_video` and `before_audio` are options of these inputs.
  std::string MakeClip(const std::string& name, const std::string& format,
                       const Arguments& encoding,
                       const Arguments& before_video = {},
                       const Arguments& before_audio = {}) const {
    Arguments arguments = before_video;
    arguments =
        Joined(arguments, {"-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2"});
    arguments = Joined(arguments, before_audio);
    arguments = Joined(
        arguments, {"-f", "lavfi", "-i", BeepSource({0.5, 1.2}, 2, format)});
    return folder_.Make(name, Joined(arguments, encoding));
  }

  std::string MakeOpus() const {
    return MakeClip("opus.mp4", "s=48000:c=mono", {"-c:a", "libopus"});
  }

  // Encodes `input` to `output`; returns the JSON object that it prints.
  json Encode(const std::string& input, const std::string& output,
              const Arguments& flags = {}) const {
    const ProgramResult result = Run(input, output, flags);
    EXPECT_THAT(result, Succeeds());
    EXPECT_THAT(result.err, IsEmpty());
    return json::parse(result.out);
  }

  ProgramResult Run(const std::string& input, const std::string& output,
                    const Arguments& flags) const {
    return MuzeroRc(Joined({"encode", input, "-o", output, "--cpu-used=8", "-y",
                            "--target-bitrate=50k", "--json", "-q"},
                           flags));
  }

  // Encodes to WebM; returns when the beeps are heard there.
  std::vector<double> BeepsOf(const std::string& input,
                              const Arguments& flags = {}) const {
    const std::string output = folder_.PathOf("out.webm");
    Encode(input, output, flags);
    EXPECT_THAT(FirstFrameTime(output), Near(0, 1e-6));
    return BeepTimes(output);
  }

  const MediaFolder folder_;
};

// The MD5 sums of the packets of an audio stream.
std::string PacketsOf(const std::string& path) {
  const ProgramResult result = testing_support::RunProgram(
      {"ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", "0:a", "-c",
       "copy", "-f", "md5", "-"});
  EXPECT_EQ(result.exit_status, 0) << result;
  return result.out;
}

// What ffprobe tells of a file as JSON.
json Describe(const std::string& path) {
  const ProgramResult result = testing_support::RunProgram(
      {"ffprobe", "-v", "error", "-show_streams", "-show_format",
       "-show_chapters", "-of", "json", path});
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_THAT(result.err, IsEmpty());
  return json::parse(result.out);
}

TEST_F(AudioTest, IsInSyncFromMonoAt44100Hz) {
  EXPECT_THAT(BeepsOf(MakeClip("in.mp4", "s=44100:c=mono", {"-c:a", "aac"})),
              ElementsAre(Near(0.5), Near(1.2)));
}

TEST_F(AudioTest, IsInSyncFrom51OfAc3) {
  const std::string clip = MakeClip(
      "in.mkv", "s=48000:c=mono",
      {"-af", "pan=5.1(side)|FL=c0|FR=c0|FC=c0|SL=c0|SR=c0", "-c:a", "ac3"});
  EXPECT_THAT(BeepsOf(clip), ElementsAre(Near(0.5), Near(1.2)));
  const json audio = Describe(folder_.PathOf("out.webm"))["streams"][1];
  EXPECT_EQ(audio["channels"], 6);
  EXPECT_EQ(audio["channel_layout"], "5.1");
}

TEST_F(AudioTest, KeepsTheChannelsOf51InTheirPlaces) {
  const std::string clip = folder_.Make(
      "in.mkv", {"-f",
                 "lavfi",
                 "-i",
                 "testsrc2=s=64x48:r=25:d=1.5",
                 "-f",
                 "lavfi",
                 "-i",
                 BeepSource({0.2}, 1.5, "s=48000:c=mono"),
                 "-f",
                 "lavfi",
                 "-i",
                 BeepSource({0.6}, 1.5, "s=48000:c=mono"),
                 "-f",
                 "lavfi",
                 "-i",
                 BeepSource({1.0}, 1.5, "s=48000:c=mono"),
                 "-filter_complex",
                 "[1][2][3]amerge=inputs=3,pan=5.1(side)|FR=c0|FC=c1|SL=c2[a]",
                 "-map",
                 "0:v",
                 "-map",
                 "[a]",
                 "-c:a",
                 "flac"});
  const std::string output = folder_.PathOf("out.mkv");
  Encode(clip, output, {"--audio-bitrate=500k"});
  EXPECT_THAT(BeepTimes(output, 0, "pan=mono|c0=FR"), ElementsAre(Near(0.2)));
  EXPECT_THAT(BeepTimes(output, 0, "pan=mono|c0=FC"), ElementsAre(Near(0.6)));
  EXPECT_THAT(BeepTimes(output, 0, "pan=mono|c0=BL"), ElementsAre(Near(1.0)));
  EXPECT_THAT(BeepTimes(output, 0, "pan=mono|c0=FL"), IsEmpty());
}

TEST_F(AudioTest, IsInSyncFromStreamsThatDoNotBeginAtZero) {
  for (const char* name : {"in.ts", "in.mpg"}) {
    EXPECT_THAT(BeepsOf(MakeClip(name, "s=48000:c=stereo",
                                 {"-c:v", "mpeg2video", "-c:a", "mp2"})),
                ElementsAre(Near(0.5), Near(1.2)))
        << name;
  }
}

// Its sound is longer than its pictures, as it is cut into packets.
TEST_F(AudioTest, StaysInSyncWhereStreamsAreJoined) {
  const std::string part = ReadFile(MakeClip(
      "part.ts", "s=48000:c=stereo", {"-c:v", "mpeg2video", "-c:a", "aac"}));
  EXPECT_THAT(BeepsOf(folder_.Write("in.ts", part + part + part)),
              ElementsAre(Near(0.5), Near(1.2), Near(2.5, kOpusFrame),
                          Near(3.2, kOpusFrame), Near(4.5, kOpusFrame),
                          Near(5.2, kOpusFrame)));
}

TEST_F(AudioTest, KeepsTheDelayOfSoundThatBeginsLate) {
  EXPECT_THAT(BeepsOf(MakeClip("in.mkv", "s=48000:c=stereo", {"-c:a", "aac"},
                               {}, {"-itsoffset", "0.5"})),
              ElementsAre(Near(1.0), Near(1.7)));
}

TEST_F(AudioTest, CutsWhatIsHeardBeforeTheFirstFrame) {
  EXPECT_THAT(BeepsOf(MakeClip("in.mkv", "s=48000:c=stereo", {"-c:a", "aac"},
                               {"-itsoffset", "0.8"})),
              ElementsAre(Near(0.4)));
}

TEST_F(AudioTest, BeginsAtStart) {
  const std::string clip =
      MakeClip("in.mp4", "s=44100:c=stereo", {"-c:a", "aac"});
  EXPECT_THAT(BeepsOf(clip, {"--start", "0.4"}),
              ElementsAre(Near(0.1), Near(0.8)));
  EXPECT_THAT(BeepsOf(clip, {"--start", "1.0"}), ElementsAre(Near(0.2)));
}

TEST_F(AudioTest, EndsWithTheLastFrameThatIsAskedFor) {
  const std::string clip =
      MakeClip("in.mp4", "s=44100:c=stereo", {"-c:a", "aac"});
  EXPECT_THAT(BeepsOf(clip, {"--duration", "1"}), ElementsAre(Near(0.5)));
  EXPECT_THAT(SoundEnd(folder_.PathOf("out.webm")), Near(1.0, 0.0015));
  EXPECT_THAT(BeepsOf(clip, {"--start=0.4", "--frames=10"}),
              ElementsAre(Near(0.1)));
  EXPECT_THAT(SoundEnd(folder_.PathOf("out.webm")), Near(0.4, 0.0015));
}

TEST_F(AudioTest, KeepsSoundThatIsLongerThanTheVideo) {
  const std::string clip = MakeClip("in.mp4", "s=48000:c=mono",
                                    {"-c:a", "aac", "-vf", "trim=end_frame=5"});
  EXPECT_THAT(BeepsOf(clip), ElementsAre(Near(0.5), Near(1.2)));
}

TEST_F(AudioTest, IsInSyncInEveryContainer) {
  const std::string clip =
      MakeClip("in.mp4", "s=44100:c=stereo", {"-c:a", "aac"});
  for (const char* name : {"out.webm", "out.mkv", "out.mp4", "out.MP4"}) {
    const std::string output = folder_.PathOf(name);
    Encode(clip, output);
    EXPECT_THAT(BeepTimes(output), ElementsAre(Near(0.5), Near(1.2))) << name;
    EXPECT_EQ(FrameTimes(output).size(), 50) << name;
    EXPECT_THAT(FirstFrameTime(output), Near(0, 1e-6)) << name;
  }
}

TEST_F(AudioTest, CopiesOpusPacketForPacket) {
  const std::string clip = MakeOpus();
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    const std::string output = folder_.PathOf(name);
    const json result = Encode(clip, output);
    EXPECT_EQ(result["audio"][0]["copied"], true);
    EXPECT_EQ(PacketsOf(output), PacketsOf(clip)) << name;
    EXPECT_THAT(BeepTimes(output), ElementsAre(Near(0.5), Near(1.2))) << name;
  }
}

TEST_F(AudioTest, CopiesFromStartOnWithinAPacket) {
  const std::string clip = MakeOpus();
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    const std::string output = folder_.PathOf(name);
    Encode(clip, output, {"--start=0.4", "--duration=1"});
    EXPECT_THAT(BeepTimes(output), ElementsAre(Near(0.1), Near(0.8))) << name;
    EXPECT_THAT(SoundEnd(output), Near(1.0, kOpusFrame + 0.001)) << name;
  }
}

TEST_F(AudioTest, CopiesVorbisInSync) {
  const std::string clip = MakeClip("in.webm", "s=44100:c=stereo",
                                    {"-c:v", "libvpx", "-c:a", "libvorbis"});
  // As ffmpeg muxed it, the video is some milliseconds late.
  const double late = FirstFrameTime(clip);
  EXPECT_THAT(BeepsOf(clip), ElementsAre(Near(0.5 - late), Near(1.2 - late)));
}

TEST_F(AudioTest, CopiesAacInSync) {
  const std::string clip =
      MakeClip("in.mp4", "s=44100:c=stereo", {"-c:a", "aac"});
  for (const char* name : {"out.mkv", "out.mp4"}) {
    const std::string output = folder_.PathOf(name);
    Encode(clip, output, {"--audio=copy"});
    EXPECT_THAT(BeepTimes(output), ElementsAre(Near(0.5), Near(1.2))) << name;
    Encode(clip, output, {"--audio=copy", "--start=0.4"});
    EXPECT_THAT(BeepTimes(output), ElementsAre(Near(0.1), Near(0.8))) << name;
    EXPECT_THAT(FirstFrameTime(output), Near(0, 1e-6)) << name;
  }
}

TEST_F(AudioTest, CopyOfWhatTheContainerDoesNotHoldFailsBeforeTheEncode) {
  const std::string clip =
      MakeClip("in.mp4", "s=44100:c=stereo", {"-c:a", "aac"});
  const ProgramResult result =
      Run(clip, folder_.PathOf("out.webm"), {"--audio=copy"});
  EXPECT_THAT(result, FailsWith(kFailed, "WebM does not hold this codec"));
  EXPECT_EQ(ContentsOf(folder_.PathOf("")).size(), 1);
}

TEST_F(AudioTest, CodesAtTheBitrateThatIsAskedFor) {
  const std::string clip = folder_.Make(
      "in.mkv",
      {"-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-f", "lavfi", "-i",
       "anoisesrc=d=2:r=48000:c=pink", "-ac", "2", "-c:a", "flac"});
  const std::string output = folder_.PathOf("out.webm");
  // Opus's rate is that of usual sound; noise comes out below.
  const json by_itself = Encode(clip, output)["audio"][0];
  EXPECT_NEAR(by_itself["bitrate_kbps"], 100, 30);
  const json asked = Encode(clip, output, {"--audio-bitrate=32k"})["audio"][0];
  EXPECT_NEAR(asked["bitrate_kbps"], 32, 8);
  EXPECT_NEAR(asked["bytes"].get<double>() * 8 / 1000 / 2,
              asked["bitrate_kbps"].get<double>(), 1);
}

TEST_F(AudioTest, KeepsAllStreamsWithLanguageTitleAndTheirDefault) {
  const std::string clip = MakeClip("in.mkv", "s=48000:c=mono",
                                    {"-map",
                                     "0:v",
                                     "-map",
                                     "1:a",
                                     "-map",
                                     "1:a",
                                     "-c:a:0",
                                     "aac",
                                     "-c:a:1",
                                     "libopus",
                                     "-metadata:s:a:0",
                                     "language=eng",
                                     "-metadata:s:a:1",
                                     "language=fre",
                                     "-metadata:s:a:1",
                                     "title=Commentaire",
                                     "-disposition:a:0",
                                     "0",
                                     "-disposition:a:1",
                                     "default"});
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    SCOPED_TRACE(name);
    const json result = Encode(clip, folder_.PathOf(name));
    EXPECT_EQ(result["audio"][0]["language"], "eng");
    EXPECT_EQ(result["audio"][0]["copied"], false);
    EXPECT_EQ(result["audio"][1]["index"], 2);
    EXPECT_EQ(result["audio"][1]["copied"], true);
    const json streams = Describe(folder_.PathOf(name))["streams"];
    ASSERT_EQ(streams.size(), 3);
    EXPECT_EQ(streams[1]["tags"]["language"], "eng");
    EXPECT_EQ(streams[2]["tags"]["language"], "fre");
    EXPECT_EQ(streams[1]["disposition"]["default"], 0);
    EXPECT_EQ(streams[2]["disposition"]["default"], 1);
    EXPECT_THAT(streams[2]["tags"].dump(), HasSubstr("Commentaire"));
  }
}

TEST_F(AudioTest, KeepsTitleAndChaptersOfThePartThatIsCoded) {
  const std::string marks =
      folder_.Write("marks",
                    ";FFMETADATA1\ntitle=Whole\n"
                    "[CHAPTER]\nTIMEBASE=1/10\nSTART=0\nEND=8\ntitle=One\n"
                    "[CHAPTER]\nTIMEBASE=1/10\nSTART=8\nEND=20\ntitle=Two\n");
  const std::string clip = MakeClip("in.mkv", "s=48000:c=mono",
                                    {"-i", marks, "-map", "0", "-map", "1",
                                     "-map_metadata", "2", "-c:a", "flac"});
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    SCOPED_TRACE(name);
    Encode(clip, folder_.PathOf(name), {"--start=0.4", "--duration=1"});
    const json output = Describe(folder_.PathOf(name));
    EXPECT_THAT(output["format"]["tags"].dump(), HasSubstr("Whole"));
    const json& chapters = output["chapters"];
    ASSERT_EQ(chapters.size(), 2);
    EXPECT_EQ(chapters[0]["tags"]["title"], "One");
    EXPECT_EQ(chapters[0]["start_time"], "0.000000");
    EXPECT_EQ(chapters[0]["end_time"], "0.400000");
    EXPECT_EQ(chapters[1]["tags"]["title"], "Two");
    EXPECT_EQ(chapters[1]["end_time"], "1.000000");
  }
}

TEST_F(AudioTest, MakesTheSameFileEachTime) {
  const std::string clip =
      MakeClip("in.mp4", "s=44100:c=stereo", {"-c:a", "aac"});
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    Encode(clip, folder_.PathOf(name));
    const std::string first = ReadFile(folder_.PathOf(name));
    Encode(clip, folder_.PathOf(name));
    EXPECT_TRUE(ReadFile(folder_.PathOf(name)) == first) << name;
  }
}

TEST_F(AudioTest, SoundAndPicturesTakeTurnsInTheFile) {
  const std::string clip =
      MakeClip("in.mp4", "s=44100:c=stereo", {"-c:a", "aac"});
  for (const char* name : {"out.webm", "out.mkv", "out.mp4"}) {
    Encode(clip, folder_.PathOf(name));
    const ProgramResult packets = testing_support::RunProgram(
        {"ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of",
         "default=noprint_wrappers=1:nokey=1", folder_.PathOf(name)});
    double latest = 0;
    for (const std::string& time : LinesWith("", packets.out)) {
      EXPECT_GT(std::stod(time), latest - 0.1) << name;
      latest = std::max(latest, std::stod(time));
    }
    EXPECT_GT(latest, 1.9) << name;
  }
}

TEST_F(AudioTest, NoneLeavesItOut) {
  const std::string output = folder_.PathOf("out.webm");
  const json result = Encode(MakeOpus(), output, {"--audio=none"});
  EXPECT_THAT(result["audio"], IsEmpty());
  EXPECT_EQ(Describe(output)["streams"].size(), 1);
}

TEST_F(AudioTest, LeavesTheVideoAsItIsWithout) {
  const std::string clip = MakeOpus();
  const std::string with = folder_.PathOf("with.webm");
  const std::string without = folder_.PathOf("without.webm");
  const json result = Encode(clip, with);
  EXPECT_EQ(result["bytes"], Encode(clip, without, {"--audio=none"})["bytes"]);
  EXPECT_THAT(FrameTimes(with), testing::ContainerEq(FrameTimes(without)));
}

TEST_F(AudioTest, IvfHoldsVideoOnlyAndSaysSo) {
  const std::string output = folder_.PathOf("out.ivf");
  const ProgramResult result = Run(MakeOpus(), output, {});
  EXPECT_THAT(result, Succeeds());
  EXPECT_EQ(result.err,
            "muzero-rc: warning: IVF holds no audio: 1 stream is left out\n");
  EXPECT_EQ(FrameTimes(output).size(), 50);
  EXPECT_EQ(StreamField(output, "codec_name"), "vp9");
}

TEST_F(AudioTest, IvfRefusesAudioThatIsAskedFor) {
  for (const char* flag : {"--audio=copy", "--audio=opus"}) {
    EXPECT_THAT(Run(MakeOpus(), folder_.PathOf("out.ivf"), {flag}),
                FailsWith(kWrongUsage, "IVF holds no audio"));
  }
}

TEST_F(AudioTest, LeavesOutWhatDoesNotDecodeWithAWarning) {
  const std::string good =
      MakeClip("good.mkv", "s=48000:c=mono", {"-c:a", "flac"});
  const std::string clip = folder_.Make(
      "in.mkv", {"-i", good, "-c", "copy", "-bsf:a", "noise=amount=1"});
  const std::string output = folder_.PathOf("out.webm");
  const ProgramResult result = Run(clip, output, {});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(LinesWith("muzero-rc: warning: audio stream 1 (flac) is left out",
                        result.err),
              testing::SizeIs(1));
  EXPECT_EQ(Describe(output)["streams"].size(), 1);
  EXPECT_THAT(Run(clip, output, {"--audio=opus"}),
              FailsWith(kFailed, "nothing of its start decodes"));
}

TEST_F(AudioTest, DamageInMidStreamBecomesSilenceInSync) {
  const std::string good =
      MakeClip("good.mkv", "s=48000:c=mono", {"-c:a", "flac"});
  // Packets of 96 ms: the second half of the first second is lost, and the
  // beep in it.
  const std::string clip = folder_.Make(
      "in.mkv",
      {"-i", good, "-c", "copy", "-bsf:a", "noise=amount=between(n\\,4\\,9)"});
  EXPECT_THAT(BeepsOf(clip), ElementsAre(Near(1.2)));
}

TEST_F(AudioTest, RefusesWrongFlags) {
  const struct {
    Arguments flags;
    const char* want;
  } kCases[] = {
      {{"--audio=mp3"}, "--audio mp3 is not one of auto, copy, opus, none"},
      {{"--audio-bitrate=5k"}, "--audio-bitrate 5k is not in [6k, 510k]"},
      {{"--audio-bitrate=511k"}, "is not in [6k, 510k]"},
      {{"--audio-bitrate=loud"}, "loud"},
      {{"--audio=copy", "--audio-bitrate=64k"}, "--audio auto or opus"},
      {{"--audio=none", "--audio-bitrate=64k"}, "--audio auto or opus"}};
  const std::string clip = folder_.MakeVideo("in.mkv", "32x32", "10", 2);
  for (const auto& c : kCases) {
    EXPECT_THAT(Run(clip, folder_.PathOf("out.webm"), c.flags),
                FailsWith(kWrongUsage, c.want));
  }
}

}  // namespace
}  // namespace cli
