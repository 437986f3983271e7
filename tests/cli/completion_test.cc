// What bash and zsh complete, asked as Tab asks them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/testing/subprocess.h"
#include "tests/testing/test_folder.h"

namespace cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;
using testing_support::RunProgram;

class CompletionTest : public testing::TestWithParam<std::string> {
 protected:
  CompletionTest() {
    std::filesystem::create_directory(folder_.PathOf("deep folder"));
    std::ofstream(folder_.PathOf("a clip.mp4"));
  }

  // What may stand in place of the last word of `line`, which begins with
  // "muzero-rc " and may end with a blank.
  std::vector<std::string> Completed(const std::string& line) const {
    const std::string ask = GetParam() == "zsh"
                                ? R"(exec "$ZSH_SCRIPT" "$DOCUMENTS/zsh" "$1")"
                                : R"(source "$DOCUMENTS/bash/muzero-rc" || exit
                 line=${1//=/ = }
                 read -ra COMP_WORDS <<<"$line"
                 [[ $line != *' ' || $line == *'= ' ]] || COMP_WORDS+=('')
                 COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                 _muzero_rc
                 ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}")";
    const auto result =
        RunProgram({"env", "-C", folder_.path(), "DOCUMENTS=" DOCUMENTS,
                    "ZSH_SCRIPT=" ZSH_SCRIPT, "bash", "-c", ask, "bash", line});
    EXPECT_THAT(result, Succeeds());
    EXPECT_THAT(result.err, IsEmpty());
    std::vector<std::string> words;
    for (const std::string& word : LinesWith("", result.out)) {
      if (!word.empty()) words.push_back(word);
    }
    return words;
  }

 private:
  testing_support::TestFolder folder_;
};

TEST_P(CompletionTest, Verbs) {
  EXPECT_THAT(Completed("muzero-rc "),
              IsSupersetOf({"encode", "evaluate", "train", "export"}));
  EXPECT_THAT(Completed("muzero-rc en"), UnorderedElementsAre("encode"));
}

TEST_P(CompletionTest, FlagsOfTheVerb) {
  EXPECT_THAT(Completed("muzero-rc encode in.mp4 --tile"),
              UnorderedElementsAre("--tile-columns", "--tile-rows"));
  EXPECT_THAT(Completed("muzero-rc status --"),
              AllOf(Contains("--watch"), Not(Contains("--threads"))));
}

TEST_P(CompletionTest, ChoicesOfAFlag) {
  EXPECT_THAT(Completed("muzero-rc encode --audio "),
              UnorderedElementsAre("auto", "copy", "opus", "none"));
  EXPECT_THAT(Completed("muzero-rc encode --controller libvpx"),
              UnorderedElementsAre("libvpx", "libvpx-q"));
  EXPECT_THAT(Completed("muzero-rc export --which=b"),
              UnorderedElementsAre("best"));
}

TEST_P(CompletionTest, FilesWhereAPathIsWanted) {
  EXPECT_THAT(Completed("muzero-rc encode "),
              IsSupersetOf({"a clip.mp4", "deep folder"}));
  EXPECT_THAT(Completed("muzero-rc encode --stats a"),
              UnorderedElementsAre("a clip.mp4"));
}

TEST_P(CompletionTest, FoldersAloneWhereAFolderIsWanted) {
  EXPECT_THAT(Completed("muzero-rc evaluate --out "),
              AllOf(Contains("deep folder"), Not(Contains("a clip.mp4"))));
}

TEST_P(CompletionTest, NothingWhereANumberIsWanted) {
  EXPECT_THAT(Completed("muzero-rc encode --frames "), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Shells, CompletionTest, testing::Values("bash", "zsh"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace cli
