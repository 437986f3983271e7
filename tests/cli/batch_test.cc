// `encode` of several inputs to a folder.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/probe.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::Subprocess;
using Arguments = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

class BatchTest : public testing::Test {
 protected:
  BatchTest() { fs::create_directory(coded_); }

  ProgramResult Encode(const Arguments& inputs,
                       const Arguments& flags = {}) const {
    return MuzeroRc(Command(inputs, flags));
  }

  Arguments Command(const Arguments& inputs, const Arguments& flags) const {
    Arguments arguments = {"encode"};
    arguments.insert(arguments.end(), inputs.begin(), inputs.end());
    for (const std::string& word :
         {std::string("--out-dir"), coded_, std::string("--cpu-used=8"),
          std::string("--target-bitrate=100k")}) {
      arguments.push_back(word);
    }
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return arguments;
  }

  std::string MakeClip(const std::string& name, int frames = 10) const {
    return folder_.MakeVideo(name, "64x48", "25", frames);
  }

  std::string Coded(const std::string& name) const {
    return coded_ + "/" + name;
  }

  std::vector<std::string> NamesOfCoded() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(coded_)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  const MediaFolder folder_;
  const std::string coded_ = folder_.PathOf("coded");
};

TEST_F(BatchTest, CodesEachInputUnderItsName) {
  const ProgramResult result =
      Encode({MakeClip("a.mp4", 5), MakeClip("b.b.mkv", 7)});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(NamesOfCoded(), UnorderedElementsAre("a.webm", "b.b.webm"));
  EXPECT_THAT(FrameTimes(Coded("a.webm")), SizeIs(5));
  EXPECT_THAT(FrameTimes(Coded("b.b.webm")), SizeIs(7));
}

TEST_F(BatchTest, EndsWithATableOfAll) {
  const ProgramResult result =
      Encode({MakeClip("a.mp4"), folder_.Write("text.mp4", "no video"),
              MakeClip("c.mp4")},
             {"-q"});
  EXPECT_EQ(result.exit_status, kFailed);
  EXPECT_THAT(
      LinesWith("", result.out),
      ElementsAre(MatchesRegex("input +kbit/s +PSNR dB +bytes  status"),
                  MatchesRegex(".*/a.mp4 +[0-9.]+ +[0-9.]+ +[0-9]+  done"),
                  MatchesRegex(".*/text.mp4 +- +- +-  failed"),
                  MatchesRegex(".*/c.mp4 +[0-9.]+ +[0-9.]+ +[0-9]+  done")));
}

TEST_F(BatchTest, GoesOnAfterAFailureAndSaysWhich) {
  for (const char* jobs : {"1", "3"}) {
    const std::string missing = folder_.PathOf("missing.mp4");
    const ProgramResult result =
        Encode({missing, MakeClip("b.mp4"),
                folder_.Write("text.mp4", "no video"), MakeClip("d.mp4")},
               {"-q", "-y", "--jobs", jobs});
    EXPECT_EQ(result.exit_status, kFailed);
    EXPECT_THAT(LinesWith("", result.err),
                UnorderedElementsAre(
                    "muzero-rc: error: " + missing + ": no such file",
                    HasSubstr("/text.mp4: is a text file, not a video")));
    EXPECT_THAT(NamesOfCoded(), UnorderedElementsAre("b.webm", "d.webm"));
  }
}

TEST_F(BatchTest, PrintsAJsonArrayInTheOrderOfTheInputs) {
  const std::string clip = MakeClip("a.mp4");
  const std::string missing = folder_.PathOf("missing.mp4");
  const ProgramResult result =
      Encode({missing, clip}, {"--json", "--jobs=2", "--verify"});
  EXPECT_EQ(result.exit_status, kFailed);
  const json all = json::parse(result.out);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0]["input"], missing);
  EXPECT_EQ(all[0]["status"], "failed");
  EXPECT_EQ(all[0]["output"], Coded("missing.webm"));
  EXPECT_THAT(all[0]["error"].get<std::string>(), HasSubstr("no such file"));
  EXPECT_EQ(all[1]["input"], clip);
  EXPECT_EQ(all[1]["status"], "done");
  EXPECT_EQ(all[1]["output"], Coded("a.webm"));
  EXPECT_EQ(all[1]["frames"], 10);
  EXPECT_EQ(all[1]["verified"], true);
}

TEST_F(BatchTest, MakesTheSameFilesWithAnyNumberOfJobs) {
  const Arguments clips = {MakeClip("a.mp4", 20), MakeClip("b.mp4", 15),
                           MakeClip("c.mp4", 10)};
  EXPECT_THAT(Encode(clips, {"--jobs=1"}), Succeeds());
  const auto before = ContentsOf(coded_);
  EXPECT_THAT(before, SizeIs(3));
  EXPECT_THAT(Encode(clips, {"--jobs=3", "-y"}), Succeeds());
  EXPECT_TRUE(ContentsOf(coded_) == before);
}

TEST_F(BatchTest, WarnsWithTheNameOfTheInput) {
  const std::string clip = folder_.MakeVideo(
      "deep.mkv", "64x48", "25", 5, {"-c:v", "ffv1", "-pix_fmt", "yuv422p"});
  const ProgramResult result = Encode({clip}, {"-q"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err,
              MatchesRegex("muzero-rc: warning: .*/deep.mkv: .*\n"));
}

TEST_F(BatchTest, ShowsHowManyAreDone) {
  Subprocess encode(
      MuzeroRcCommand(
          Command({MakeClip("a.mp4"), folder_.PathOf("missing.mp4")}, {})),
      Subprocess::ErrorsTo::kTerminal);
  const ProgramResult result = encode.Wait(seconds(60));
  EXPECT_THAT(result.err, HasSubstr("\r0/2 done"));
  EXPECT_THAT(result.err, HasSubstr("\r1/2 done"));
  EXPECT_THAT(result.err, HasSubstr("\r2/2 done  1 failed"));
}

TEST_F(BatchTest, RefusesAtOnceWhatCannotBe) {
  const std::string clip = MakeClip("a.mp4");
  const std::string other = MakeClip("b.mp4");
  const std::string same_stem = MakeClip("a.mkv");
  folder_.Write("coded/b.webm", "precious");
  const std::string own = Coded("own.webm");
  fs::copy_file(MakeClip("own.webm"), own);
  const std::string out = folder_.PathOf("out.webm");
  const struct {
    Arguments arguments;
    const char* want;
  } kCases[] = {
      {{clip, other, "-o", out}, "--out-dir, not -o"},
      {{clip, other}, "--out-dir"},
      {{clip, "-o", out, "--out-dir", coded_}, "--out-dir"},
      {{clip, same_stem, "--out-dir", coded_}, "would both become"},
      {{clip, clip, "--out-dir", coded_}, "would both become"},
      {{clip, other, "--out-dir", coded_}, "b.webm exists: pass -y"},
      {{own, "--out-dir", coded_, "-y"}, "is the input"},
      {{clip, "--out-dir", folder_.PathOf("nowhere/coded")},
       "there is no folder"},
      {{clip, "--out-dir", clip}, "is no folder"},
      {{"-", "--out-dir", coded_}, "has no name to call its output"},
      {{clip, "--out-dir", coded_, "--stats", folder_.PathOf("s.jsonl")},
       "--stats is of one encode"},
      {{clip, "--out-dir", coded_, "--jobs=0"}, "--jobs 0 is not in"},
      {{clip, "--out-dir", coded_, "--jobs=x"}, "--jobs"},
      {{clip, "-o", out, "--jobs=2"}, "--out-dir"},
  };
  const auto before = ContentsOf(folder_.PathOf(""));
  for (const auto& c : kCases) {
    SCOPED_TRACE(testing::PrintToString(c.arguments));
    Arguments arguments = {"encode", "--target-bitrate=100k"};
    arguments.insert(arguments.end(), c.arguments.begin(), c.arguments.end());
    EXPECT_THAT(MuzeroRc(arguments), FailsWith(kWrongUsage, c.want));
  }
  EXPECT_TRUE(ContentsOf(folder_.PathOf("")) == before);
}

TEST_F(BatchTest, MakesTheFolder) {
  const std::string clip = MakeClip("a.mp4");
  for (const std::string name : {"new", "newer/"}) {
    EXPECT_THAT(MuzeroRc({"encode", clip, "--target-bitrate=100k", "--out-dir",
                          folder_.PathOf(name)}),
                Succeeds());
    EXPECT_TRUE(fs::exists(folder_.PathOf(name) + "/a.webm"));
  }
}

TEST_F(BatchTest, LeavesNoFolderThatItMadeForNothing) {
  const std::string broken = folder_.Write("broken.mp4", "no video");
  EXPECT_THAT(MuzeroRc({"encode", broken, "--target-bitrate=100k", "--out-dir",
                        folder_.PathOf("new")}),
              testing::Field(&testing_support::ProgramResult::exit_status, 1));
  EXPECT_FALSE(fs::exists(folder_.PathOf("new")));
}

// The first input's output is another name of the second input.
TEST_F(BatchTest, RefusesToReplaceAnotherInput) {
  const std::string first = MakeClip("a.mkv");
  const std::string second = folder_.MakeVideo("b.webm", "64x48", "25", 5);
  fs::create_symlink("../b.webm", Coded("a.webm"));
  EXPECT_THAT(Encode({first, second}, {"-y"}),
              FailsWith(kWrongUsage, "a.webm is one of the inputs"));
}

TEST_F(BatchTest, LeavesWholeFilesOnlyWhenInterrupted) {
  const std::string small = MakeClip("small.mp4", 3);
  const std::string large =
      folder_.MakeVideo("large.mp4", "640x360", "25", 500, {"-c:v", "mpeg4"});
  for (const int signal : {SIGINT, SIGTERM}) {
    Subprocess encode(MuzeroRcCommand(Command(
                          {small, large, folder_.PathOf("never.mp4")}, {"-y"})),
                      Subprocess::ErrorsTo::kTerminal);
    ASSERT_TRUE(encode.WaitForErrorText("1/3 done", seconds(60)));
    encode.WaitForErrorText("never said", seconds(1));
    encode.Send(signal);
    const ProgramResult result = encode.Wait(seconds(10));
    EXPECT_EQ(result.exit_status, 128 + signal) << result;
    EXPECT_THAT(result.err,
                HasSubstr("interrupted: 1 of 3 files were written"));
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(NamesOfCoded(), ElementsAre("small.webm"));
  }
}

}  // namespace
}  // namespace cli
