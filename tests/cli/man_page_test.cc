#include "cli/man_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ManPageTest : public testing::Test {
 protected:
  CLI::App program_ = CLI::App("A program.", "muzero-rc");
  CLI::App& verb_ = *program_.add_subcommand("sing", "Sing a song");
  std::optional<std::string> text_;
  int number_ = 7;
};

TEST_F(ManPageTest, IsNamedAfterTheVerb) {
  EXPECT_EQ(ManPageName(program_), "muzero-rc");
  EXPECT_EQ(ManPageName(verb_), "muzero-rc-sing");
}

TEST_F(ManPageTest, WhatRoffWouldReadAsItsOwnIsText) {
  verb_.add_option("--song", text_, ".mid or a\\b, 'best'");
  EXPECT_THAT(ManPage(verb_, "1"),
              HasSubstr("\n\\&.mid or a\\eb, \\(aqbest\\(aq.\n"));
}

TEST_F(ManPageTest, SaysWhatIsRequiredAndWhatIsTheDefault) {
  verb_.add_option("--song", text_, "Which")->required()->type_name("FILE");
  verb_.add_option("--times", number_, "How often")->capture_default_str();
  EXPECT_THAT(ManPage(verb_, "1"),
              AllOf(HasSubstr("\\fB\\-\\-song\\fR \\fIFILE\\fR\n"
                              "Which (required).\n"),
                    HasSubstr("How often (default: \\fB7\\fR).\n"),
                    HasSubstr("sing\\fR \\fB\\-\\-song\\fR \\fIFILE\\fR [")));
}

TEST_F(ManPageTest, ChoicesAreTypedAndPlaceholdersAreNot) {
  verb_.add_option("--voice", text_, "Whose")->type_name("alto|bass");
  EXPECT_THAT(ManPage(verb_, "1"),
              HasSubstr("\\fB\\-\\-voice\\fR \\fBalto\\fR|\\fBbass\\fR\n"));
}

TEST_F(ManPageTest, TheFooterIsInTheSectionsItIsAbout) {
  verb_.footer("Loud.\nExit status: 0 done.\nExamples:\n  muzero-rc sing");
  EXPECT_THAT(
      ManPage(verb_, "1"),
      AllOf(HasSubstr(".PP\nLoud.\n"), HasSubstr(".SH EXIT STATUS\n0 done.\n"),
            HasSubstr(".EX\nmuzero\\-rc sing\n.EE\n"),
            Not(HasSubstr("Examples:"))));
}

TEST_F(ManPageTest, NamesTheFlagsThatExcludeOneAnotherInOrder) {
  CLI::Option* const song = verb_.add_option("--song", text_, "Which");
  verb_.add_flag("--hum")->excludes(song);
  verb_.add_flag("--babble")->excludes(song);
  EXPECT_THAT(ManPage(verb_, "1"),
              HasSubstr("; not with \\fB\\-\\-babble\\fR or \\fB\\-\\-hum"));
}

}  // namespace
}  // namespace cli
