// The manual pages that are installed, as man shows them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/muzero_rc.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::ProgramResult;
using testing_support::RunProgram;

std::string PathOf(const std::string& verb) {
  return MAN_FOLDER "/muzero-rc" + (verb.empty() ? "" : "-" + verb) + ".1.gz";
}

ProgramResult Shown(const std::string& verb) {
  return RunProgram({"env", "MANWIDTH=100", "LC_ALL=C.UTF-8", "man",
                     "--warnings", "-l", PathOf(verb)});
}

std::vector<std::string> WordsOf(std::string text) {
  for (char& c : text) c = c == ',' ? ' ' : c;
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// The program's own word on what verbs there are.
std::vector<std::string> Verbs() {
  const std::string help = MuzeroRc({"--help"}).out;
  std::vector<std::string> verbs;
  for (const std::string& line :
       LinesWith("  ", help.substr(help.find("Subcommands:")))) {
    verbs.push_back(WordsOf(line).front());
  }
  return verbs;
}

// Of a line such as "  -o,--output FILE": both.
std::vector<std::string> FlagsInHelp(const std::string& verb) {
  std::vector<std::string> command = {verb, "--help"};
  if (verb.empty()) command.erase(command.begin());
  std::vector<std::string> flags;
  for (const std::string& line : LinesWith("  -", MuzeroRc(command).out)) {
    for (const std::string& word : WordsOf(line)) {
      if (!word.starts_with("-")) break;
      flags.push_back(word);
    }
  }
  return flags;
}

TEST(ManualTest, HasAPageForEachVerbAndNoOther) {
  std::set<std::string> wanted = {PathOf("")};
  for (const std::string& verb : Verbs()) wanted.insert(PathOf(verb));
  std::set<std::string> pages;
  for (const auto& entry : fs::directory_iterator(MAN_FOLDER)) {
    pages.insert(entry.path().string());
  }
  EXPECT_THAT(pages, AllOf(Contains(PathOf("encode")), SizeIs(testing::Ge(9))));
  EXPECT_EQ(pages, wanted);
}

TEST(ManualTest, HasEveryFlagThatHelpHas) {
  std::vector<std::string> pages = Verbs();
  pages.push_back("");
  for (const std::string& verb : pages) {
    SCOPED_TRACE(verb);
    const std::vector<std::string> words = WordsOf(Shown(verb).out);
    EXPECT_THAT(FlagsInHelp(verb), Contains("--help"));
    for (const std::string& flag : FlagsInHelp(verb)) {
      EXPECT_THAT(words, Contains(flag));
    }
  }
}

TEST(ManualTest, GroffHasNothingToWarnOf) {
  std::vector<std::string> pages = Verbs();
  pages.push_back("");
  for (const std::string& verb : pages) {
    SCOPED_TRACE(verb);
    EXPECT_THAT(Shown(verb), Succeeds());
    EXPECT_THAT(Shown(verb).err, IsEmpty());
  }
}

TEST(ManualTest, ExamplesCanBeCopied) {
  EXPECT_THAT(Shown("encode").out,
              AllOf(HasSubstr("EXAMPLES"),
                    HasSubstr("    muzero-rc encode in.mp4 -o out.webm "
                              "--target-bitrate 512k\n")));
}

TEST(ManualTest, SaysWhatTheExitStatusesAre) {
  EXPECT_THAT(Shown("").out, AllOf(HasSubstr("EXIT STATUS"),
                                   HasSubstr("2 wrong command line")));
}

}  // namespace
}  // namespace cli
