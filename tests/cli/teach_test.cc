// `muzero-rc teach`: searches into a run's store.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "selfplay/experience_store.h"
#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/subprocess.h"
#include "tests/testing/synthetic_file.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using testing::HasSubstr;
using testing_support::IsOk;
using testing_support::ProgramResult;

class TeachTest : public testing::Test {
 protected:
  TeachTest() {
    EXPECT_THAT(testing_support::WriteSyntheticFile(clips_.PathOf("a.webm"),
                                                    {.num_frames = 30}),
                IsOk());
  }

  std::string Run() const { return folder_.PathOf("run"); }
  ProgramResult Teach(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"teach", "--clips", clips_.PathOf(""),
                                          "--run", Run(),     "--rounds=1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return MuzeroRc(arguments);
  }
  std::vector<selfplay::StoredEpisode> Episodes() const {
    const auto store =
        ExperienceStore::Open("sqlite:" + Run() + "/experience.db", {});
    EXPECT_THAT(store, IsOk());
    return (*store)->EpisodesAfter(0, 100).value();
  }

  const testing_support::MediaFolder clips_;
  const testing_support::MediaFolder folder_;
};

TEST_F(TeachTest, PutsTheBestAndItsRivalsIntoTheStore) {
  const auto result = Teach({"--targets=512k,768k", "--jobs=2"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.out, HasSubstr("searched: 2, "));
  const auto episodes = Episodes();
  EXPECT_GE(episodes.size(), 2 * 3);
  int examples = 0;
  for (const auto& stored : episodes) {
    EXPECT_THAT(stored.episode.worker, HasSubstr("teacher: "));
    examples += stored.episode.encode.steps.front().is_example;
  }
  EXPECT_EQ(examples, 2);
}

TEST_F(TeachTest, StoresOnlyTheBestOfItsTriesIfAskedTo) {
  EXPECT_THAT(Teach({"--targets=512k", "--best-only"}), Succeeds());
  std::vector<std::string> kinds;
  for (const auto& stored : Episodes()) {
    const auto& [kind, is_example] = std::pair(
        stored.episode.worker, stored.episode.encode.steps.front().is_example);
    kinds.push_back(is_example ? "best" : kind);
  }
  EXPECT_THAT(
      kinds, testing::AnyOf(testing::UnorderedElementsAre(
                                "teacher: vbr", "teacher: feedback",
                                "teacher: disturbed", "best"),
                            // Nothing was better than feedback.
                            testing::UnorderedElementsAre(
                                "teacher: vbr", "teacher: disturbed", "best")));
}

TEST_F(TeachTest, SearchesNothingTwice) {
  EXPECT_THAT(Teach({"--targets=512k"}), Succeeds());
  const size_t before = Episodes().size();
  const auto again = Teach({"--targets=512k"});
  EXPECT_THAT(again, Succeeds());
  EXPECT_THAT(again.out, HasSubstr("searched: 1, "));
  EXPECT_EQ(Episodes().size(), before);
}

TEST_F(TeachTest, NamesAClipThatItCannotRead) {
  clips_.Write("b.webm", "no video");
  const auto result = Teach({"--targets=512k"});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, HasSubstr("muzero-rc: error: b.webm at 512 kbps: "));
  EXPECT_THAT(result.out, HasSubstr("searched: 1, "));
}

TEST_F(TeachTest, EndsWhenTheTimeIsUp) {
  const auto result = Teach({"--max-time=0.2s"});
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.out, HasSubstr("searched: 0,"));
}

TEST_F(TeachTest, RefusesWhatMakesNoSense) {
  EXPECT_THAT(Teach({"--jobs=0"}), FailsWith(2, "--jobs 0"));
  EXPECT_THAT(Teach({"--targets=x"}), FailsWith(2, "x"));
  EXPECT_THAT(Teach({"--cpu-used=99"}), FailsWith(2, "cpu_used"));
  EXPECT_THAT(Teach({"--max-time=soon"}), FailsWith(2, "soon"));
  EXPECT_THAT(Teach({"--split=night"}), FailsWith(1, "night"));
}

}  // namespace
}  // namespace cli
