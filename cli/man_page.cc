#include "cli/man_page.h"

#include <CLI/CLI.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/flag_value.h"

namespace cli {
namespace {

// Text that roff shows as it is.  Hyphens are those of commands: they can be
// copied into a shell.
std::string Escaped(absl::string_view text) {
  std::string escaped = absl::StrReplaceAll(text, {{"\\", "\\e"},
                                                   {"-", "\\-"},
                                                   {"'", "\\(aq"},
                                                   {"`", "\\(ga"},
                                                   {"^", "\\(ha"},
                                                   {"~", "\\(ti"}});
  if (absl::StartsWith(escaped, ".")) escaped.insert(0, "\\&");
  return escaped;
}

std::string Bold(absl::string_view text) {
  return absl::StrCat("\\fB", Escaped(text), "\\fR");
}

std::string Italic(absl::string_view text) {
  return absl::StrCat("\\fI", Escaped(text), "\\fR");
}

std::string Heading(absl::string_view name) {
  return absl::StrCat(".SH ", absl::AsciiStrToUpper(name), "\n");
}

// A heading within a section; the line may have blanks.
std::string Subheading(absl::string_view name) {
  return absl::StrCat(".SS ", Escaped(name), "\n");
}

// What a choice looks like is what is typed, what a placeholder looks like is
// not.
std::string ValueText(const FlagValue& value) {
  if (value.choices.empty()) return Italic(value.name);
  return absl::StrJoin(value.choices, "|",
                       [](std::string* out, const std::string& choice) {
                         absl::StrAppend(out, Bold(choice));
                       });
}

std::string Names(const CLI::Option& option) {
  const FlagValue value = ValueOf(option);
  if (option.get_positional()) return Italic(option.get_name(true, false));
  std::string names = absl::StrJoin(
      FlagsOf(option), ", ", [](std::string* out, const std::string& flag) {
        absl::StrAppend(out, Bold(flag));
      });
  if (value.is_wanted) absl::StrAppend(&names, " ", ValueText(value));
  return names;
}

std::string Entry(const CLI::Option& option) {
  std::string text =
      absl::StrCat(".TP\n", Names(option), "\n",
                   Escaped(absl::StripSuffix(option.get_description(), ".")));
  if (option.get_required()) absl::StrAppend(&text, " (required)");
  if (ValueOf(option).is_wanted && !option.get_default_str().empty()) {
    absl::StrAppend(&text, " (default: ", Bold(option.get_default_str()), ")");
  }
  // By name, as --help has them in no order.
  std::set<std::string> others;
  for (const CLI::Option* other : option.get_excludes()) {
    others.insert(Bold(other->get_name()));
  }
  if (!others.empty()) {
    absl::StrAppend(&text, "; not with ", absl::StrJoin(others, " or "));
  }
  return absl::StrCat(text, ".\n");
}

std::string Options(const CLI::App& app) {
  std::string text;
  for (const std::string& group : app.get_groups()) {
    const auto options = app.get_options([&](const CLI::Option* option) {
      return option->get_group() == group && !group.empty();
    });
    if (options.empty()) continue;
    absl::StrAppend(&text,
                    group == "Options" ? Heading(group) : Subheading(group));
    for (const CLI::Option* option : options) {
      absl::StrAppend(&text, Entry(*option));
    }
  }
  return text;
}

std::vector<const CLI::App*> Verbs(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string Commands(const CLI::App& app) {
  if (Verbs(app).empty()) return "";
  std::string text = Heading("Commands");
  for (const CLI::App* verb : Verbs(app)) {
    absl::StrAppend(&text, ".TP\n", Bold(verb->get_name()), "\n",
                    Escaped(verb->get_description()), ".  See ",
                    Bold(ManPageName(*verb)), "(1).\n");
  }
  return text;
}

std::string Synopsis(const CLI::App& app) {
  std::string text = absl::StrCat(Heading("Synopsis"), "\\fBmuzero\\-rc\\fR");
  if (!Verbs(app).empty()) {
    return absl::StrCat(text, " ", Italic("VERB"), " [", Italic("OPTION"),
                        "]...\n");
  }
  absl::StrAppend(&text, " ", Bold(app.get_name()));
  const auto needed = app.get_options(
      [](const CLI::Option* option) { return option->get_required(); });
  for (const CLI::Option* option : needed) {
    absl::StrAppend(&text, " ");
    if (option->get_positional()) {
      absl::StrAppend(&text, Names(*option));
    } else {
      absl::StrAppend(&text, Bold(FlagsOf(*option).front()), " ",
                      ValueText(ValueOf(*option)));
    }
  }
  return absl::StrCat(text, " [", Italic("OPTION"), "]...\n");
}

// The footer of --help, in the sections that it is about.
struct Footer {
  std::string notes;
  std::string exit_status;
  std::string examples;
};

Footer SplitFooter(const std::string& footer) {
  Footer parts;
  std::string* part = &parts.notes;
  for (absl::string_view line : absl::StrSplit(footer, '\n')) {
    if (line == "Example:" || line == "Examples:") {
      part = &parts.examples;
      continue;
    }
    if (absl::ConsumePrefix(&line, "Exit status: ")) part = &parts.exit_status;
    absl::StrAppend(part, Escaped(absl::StripLeadingAsciiWhitespace(line)),
                    "\n");
  }
  return parts;
}

std::string Related(const CLI::App& app) {
  const CLI::App& program =
      app.get_parent() == nullptr ? app : *app.get_parent();
  std::vector<const CLI::App*> pages = Verbs(program);
  pages.insert(pages.begin(), &program);
  std::erase(pages, &app);
  return absl::StrJoin(
      pages, ",\n", [](std::string* out, const CLI::App* page) {
        absl::StrAppend(out, ".BR ", Escaped(ManPageName(*page)), " (1)");
      });
}

}  // namespace

std::string ManPageName(const CLI::App& app) {
  if (app.get_parent() == nullptr) return app.get_name();
  return absl::StrCat(ManPageName(*app.get_parent()), "-", app.get_name());
}

std::string ManPage(const CLI::App& app, absl::string_view version) {
  const std::string name = ManPageName(app);
  const std::string description = app.get_description();
  const absl::string_view about = absl::StripSuffix(description, ".");
  const Footer footer = SplitFooter(app.get_footer());
  std::string page = absl::StrCat(
      ".TH ", absl::AsciiStrToUpper(Escaped(name)), " 1 \"\" \"muzero\\-rc ",
      version, "\" \"User Commands\"\n.nh\n.ad l\n", Heading("Name"),
      Escaped(name), " \\- ", Escaped(about), "\n", Synopsis(app),
      Heading("Description"), Escaped(about), ".\n");
  if (!absl::StripAsciiWhitespace(footer.notes).empty()) {
    absl::StrAppend(&page, ".PP\n", footer.notes);
  }
  absl::StrAppend(&page, Commands(app), Options(app));
  if (!footer.exit_status.empty()) {
    absl::StrAppend(&page, Heading("Exit status"), footer.exit_status);
  }
  if (!footer.examples.empty()) {
    absl::StrAppend(&page, Heading("Examples"), ".EX\n", footer.examples,
                    ".EE\n");
  }
  return absl::StrCat(page, Heading("See also"), Related(app), "\n");
}

}  // namespace cli
