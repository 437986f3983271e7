// What `wrap` does to Debian's own ffmpeg and vpxenc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "encoder_bridge/hook_session.h"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/policy_file.h"
#include "tests/cli/probe.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::ReadFile;
using testing_support::RunProgram;
using testing_support::Subprocess;
using Arguments = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr int kCannotRun = 126;
constexpr int kNoProgram = 127;

class WrapTest : public testing::Test {
 protected:
  Arguments Vpxenc(const std::string& output,
                   const Arguments& flags = {}) const {
    return Joined({"vpxenc", "--quiet", "--passes=2", "--cpu-used=8",
                   "--threads=1", "--target-bitrate=60", "-o", output, input_},
                  flags);
  }
  // The first or the second pass of a two-pass encode.
  Arguments Ffmpeg(const std::string& pass, const std::string& output,
                   const Arguments& flags = {}) const {
    return Joined(
        Joined({"ffmpeg", "-v", "error", "-nostdin", "-y", "-i", input_, "-c:v",
                "libvpx-vp9", "-cpu-used", "8", "-threads", "1", "-b:v", "60k"},
               flags),
        {"-pass", pass, "-passlogfile", folder_.PathOf("log"), "-f", "webm",
         output});
  }
  // Both passes by ffmpeg, the second with `wrap` before it.
  ProgramResult WrapFfmpeg(const std::string& output,
                           const Arguments& flags = {},
                           const Arguments& wrap_flags = {}) const {
    EXPECT_THAT(RunProgram(Ffmpeg("1", "/dev/null", flags)), Succeeds());
    return Wrap(Ffmpeg("2", output, flags), wrap_flags);
  }
  static ProgramResult Wrap(const Arguments& command,
                            const Arguments& flags = {}) {
    return MuzeroRc(Joined(Joined({"wrap"}, flags), Joined({"--"}, command)));
  }
  // The packets of `encode`.
  std::vector<std::string> EncodeHashes(const Arguments& flags = {}) const {
    const std::string output = folder_.PathOf("encode.webm");
    EXPECT_THAT(MuzeroRc(Joined({"encode", input_, "-o", output, "--cpu-used=8",
                                 "--threads=1", "--target-bitrate=60k"},
                                flags)),
                Succeeds());
    return PacketHashes(output);
  }

  // The filter of hidden frames that libvpx has by default, and ffmpeg has not.
  const Arguments libvpx_filter_ = {"-arnr-maxframes", "7", "-arnr-strength",
                                    "5"};
  const MediaFolder folder_;
  const std::string input_ =
      folder_.MakeVideo("in.y4m", "96x64", "30", 60, {"-pix_fmt", "yuv420p"});
  const std::string output_ = folder_.PathOf("out.webm");
};

TEST_F(WrapTest, VpxencCodesWhatEncodeCodes) {
  const ProgramResult result = Wrap(Vpxenc(output_));
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, HasSubstr("feedback chose the quantizers of "));
  const auto hashes = PacketHashes(output_);
  EXPECT_THAT(hashes, SizeIs(60));
  EXPECT_TRUE(hashes == EncodeHashes());
  ASSERT_THAT(RunProgram(Vpxenc(output_)), Succeeds());
  EXPECT_FALSE(PacketHashes(output_) == hashes) << "libvpx does so anyway";
}

TEST_F(WrapTest, FfmpegCodesWhatEncodeCodes) {
  EXPECT_THAT(WrapFfmpeg(output_, libvpx_filter_), Succeeds());
  const auto hashes = PacketHashes(output_);
  EXPECT_THAT(hashes, SizeIs(60));
  EXPECT_TRUE(hashes == EncodeHashes());
}

TEST_F(WrapTest, APolicyPlansForVpxencAndFfmpegAsForEncode) {
  if (!encoder_bridge::HookSession::TellsDistortion()) {
    GTEST_SKIP() << "this libvpx does not tell what a network wants to know";
  }
  const std::string model =
      SavePolicy(RandomPolicy(1), folder_.PathOf("policy.safetensors"));
  const Arguments flags = {"--controller", "muzero",        "--model",
                           model,          "--simulations", "4"};
  const auto hashes = EncodeHashes(flags);
  EXPECT_THAT(Wrap(Vpxenc(output_), flags), Succeeds());
  EXPECT_TRUE(PacketHashes(output_) == hashes);
  EXPECT_THAT(WrapFfmpeg(output_, libvpx_filter_, flags), Succeeds());
  EXPECT_TRUE(PacketHashes(output_) == hashes);
}

TEST_F(WrapTest, FfmpegsSecondPassIsChangedAndItsFirstIsNot) {
  EXPECT_THAT(RunProgram(Ffmpeg("1", "/dev/null")), Succeeds());
  const std::string log = ReadFile(folder_.PathOf("log-0.log"));
  EXPECT_THAT(RunProgram(Ffmpeg("2", output_)), Succeeds());
  const auto before = PacketHashes(output_);
  const ProgramResult first = Wrap(Ffmpeg("1", "/dev/null"));
  EXPECT_THAT(first, Succeeds());
  EXPECT_THAT(first.err, IsEmpty());
  EXPECT_TRUE(ReadFile(folder_.PathOf("log-0.log")) == log);
  const ProgramResult second = Wrap(Ffmpeg("2", output_));
  EXPECT_THAT(second, Succeeds());
  EXPECT_THAT(second.err, HasSubstr("feedback chose the quantizers of "));
  EXPECT_THAT(PacketHashes(output_), SizeIs(60));
  EXPECT_FALSE(PacketHashes(output_) == before);
}

TEST_F(WrapTest, KeepsToFfmpegsQuantizers) {
  const Arguments limits = {"-qmin", "40", "-qmax", "40"};
  EXPECT_THAT(WrapFfmpeg(output_, limits), Succeeds());
  const auto hashes = PacketHashes(output_);
  // libvpx itself has no choice either.
  EXPECT_THAT(RunProgram(Ffmpeg("2", output_, limits)), Succeeds());
  EXPECT_TRUE(PacketHashes(output_) == hashes);
}

TEST_F(WrapTest, TakesPicturesThatAreShownAgain) {
  if (!encoder_bridge::HookSession::TellsDistortion()) {
    GTEST_SKIP() << "this libvpx's hook does not";
  }
  const ProgramResult result = WrapFfmpeg(output_, {"-auto-alt-ref", "6"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, HasSubstr("feedback chose"));
  EXPECT_THAT(FrameTimes(output_), SizeIs(60));
}

TEST_F(WrapTest, TakesTenBits) {
  const ProgramResult result = WrapFfmpeg(output_, {"-pix_fmt", "yuv420p10le"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, HasSubstr("feedback chose"));
  EXPECT_THAT(FrameTimes(output_), SizeIs(60));
}

TEST_F(WrapTest, LeavesOtherModesAlone) {
  for (const Arguments& flags :
       {Arguments{"-lossless", "1"}, Arguments{"-crf", "40"},
        Arguments{"-b:v", "0", "-crf", "40"},
        Arguments{"-minrate", "60k", "-maxrate", "60k"},
        Arguments{"-c:v", "libvpx"}}) {
    SCOPED_TRACE(testing::PrintToString(flags));
    const ProgramResult result = WrapFfmpeg(output_, flags);
    EXPECT_THAT(result, Succeeds());
    EXPECT_THAT(LinesWith("", result.err), SizeIs(1));
    EXPECT_THAT(result.err, HasSubstr("warning: nothing was changed: the "
                                      "encoder is "));
    const auto hashes = PacketHashes(output_);
    EXPECT_THAT(RunProgram(Ffmpeg("2", output_, flags)), Succeeds());
    EXPECT_TRUE(PacketHashes(output_) == hashes);
  }
}

TEST_F(WrapTest, TakesKeyFramesOnly) {
  const ProgramResult result = WrapFfmpeg(output_, {"-g", "0"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, HasSubstr("feedback chose"));
  EXPECT_THAT(FrameTimes(output_), SizeIs(60));
}

TEST_F(WrapTest, ReachesTheProgramsOfAScript) {
  const std::string script = folder_.Write(
      "script.sh", "#!/bin/sh\nvpxenc --quiet --passes=2 --cpu-used=8 -o '" +
                       output_ + "' --target-bitrate=60 '" + input_ +
                       "'\nexit 5\n");
  fs::permissions(script, fs::perms::owner_all);
  const ProgramResult result = Wrap({script});
  EXPECT_EQ(result.exit_status, 5);
  EXPECT_THAT(result.err, HasSubstr("feedback chose"));
}

TEST_F(WrapTest, IsQuietIfAsked) {
  const ProgramResult result = Wrap(Vpxenc(output_), {"-q"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(WrapTest, WarnsWhereThereIsNothingToDo) {
  const ProgramResult result = Wrap({"false"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(LinesWith("muzero-rc: warning: false opened no encoder of the "
                        "shared libvpx",
                        result.err),
              SizeIs(1));
}

TEST_F(WrapTest, RefusesWhatCannotBeWrapped) {
  EXPECT_THAT(Wrap({"no-such-program"}),
              FailsWith(kNoProgram, "no program no-such-program in PATH"));
  EXPECT_THAT(Wrap({folder_.PathOf("none")}),
              FailsWith(kNoProgram, "there is no program " + folder_.path()));
  EXPECT_THAT(Wrap({input_}), FailsWith(kCannotRun, "not a program"));
  EXPECT_THAT(Wrap({"/sbin/ldconfig"}),
              FailsWith(kCannotRun, "is linked statically"));
}

TEST_F(WrapTest, RefusesWrongCommandLines) {
  EXPECT_THAT(MuzeroRc({"wrap"}), FailsWith(kWrongUsage, "command"));
  EXPECT_THAT(Wrap({"true"}, {"--controller", "libvpx"}),
              FailsWith(kWrongUsage, "wanted feedback or muzero"));
  EXPECT_THAT(Wrap({"true"}, {"--model", input_}),
              FailsWith(kWrongUsage, "--model is for --controller muzero"));
  EXPECT_THAT(Wrap({"true"}, {"--controller", "muzero", "--model", input_}),
              FailsWith(kFailed, input_));
}

// A failure to load is one warning.
TEST_F(WrapTest, LibvpxGoesOnWhereTheLibraryCannotBeLoaded) {
  const ProgramResult result = Wrap(
      Joined({"env", "MUZERO_RC_LIBRARY=/none.so"}, Vpxenc(output_)), {"-q"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(LinesWith("", result.err), SizeIs(1));
  EXPECT_THAT(result.err, HasSubstr("warning: libvpx's own rate control goes "
                                    "on: /none.so"));
  const auto hashes = PacketHashes(output_);
  ASSERT_THAT(RunProgram(Vpxenc(output_)), Succeeds());
  EXPECT_TRUE(PacketHashes(output_) == hashes);
}

TEST_F(WrapTest, HandsSignalsOnAndTheStatusBack) {
  Subprocess wrap(
      MuzeroRcCommand({"wrap", "--", "sh", "-c",
                       "trap 'echo told; exit 9' TERM; echo ready >&2; "
                       "while :; do sleep 0.05; done"}));
  ASSERT_TRUE(wrap.WaitForErrorText("ready", std::chrono::seconds(20)));
  wrap.Send(SIGTERM);
  const ProgramResult result = wrap.Wait(std::chrono::seconds(20));
  EXPECT_EQ(result.exit_status, 9);
  EXPECT_EQ(result.out, "told\n");
}

TEST_F(WrapTest, ASecondSignalEndsBothAtOnce) {
  Subprocess wrap(MuzeroRcCommand(
      {"wrap", "--", "sh", "-c",
       "trap '' TERM; echo ready >&2; echo $$; while :; do sleep 0.05; done"}));
  ASSERT_TRUE(wrap.WaitForErrorText("ready", std::chrono::seconds(20)));
  wrap.Send(SIGTERM);
  std::this_thread::sleep_for(std::chrono::seconds(1));  // Another signal.
  wrap.Send(SIGTERM);
  // Not before the child has closed the pipe, too.
  const ProgramResult result = wrap.Wait(std::chrono::seconds(20));
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_status, 128 + SIGTERM);
}

TEST_F(WrapTest, FindsItsReportFromAnotherFolder) {
  const ProgramResult result =
      RunProgram({"sh", "-c",
                  "cd \"$1\" && mkdir tmp sub && TMPDIR=tmp \"$0\" wrap -- sh "
                  "-c \"cd sub && vpxenc --quiet --passes=2 --cpu-used=8 -o "
                  "o.webm --target-bitrate=60 ../in.y4m\"",
                  MuzeroRcCommand({})[0], folder_.path()});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, HasSubstr("feedback chose"));
}

TEST_F(WrapTest, LeavesNothingInTheTemporaryFolder) {
  const MediaFolder temporary;
  EXPECT_THAT(RunProgram(Joined(
                  {"env", "TMPDIR=" + temporary.path()},
                  MuzeroRcCommand(Joined({"wrap", "--"}, Vpxenc(output_))))),
              Succeeds());
  EXPECT_TRUE(fs::is_empty(temporary.path()));
  EXPECT_THAT(RunProgram(Joined({"env", "TMPDIR=/none"},
                                MuzeroRcCommand({"wrap", "--", "true"}))),
              FailsWith(kFailed, "TMPDIR"));
}

}  // namespace
}  // namespace cli
