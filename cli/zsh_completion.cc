#include "cli/zsh_completion.h"

#include <CLI/CLI.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "cli/flag_value.h"

namespace cli {
namespace {

constexpr char kScript[] =
    R"(#compdef muzero-rc
# Completes muzero-rc in zsh; made from the program's own command line.

_muzero-rc() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \
@OPTIONS@    '1: :->verb' \
    '*:: :->arguments' && return
  case $state in
    verb)
      local -a verbs=(
@VERBS@      )
      _describe -t verbs verb verbs
      ;;
    arguments)
      case $words[1] in
@CASES@      esac
      ;;
  esac
}

_muzero-rc "$@"
)";

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// As _arguments wants it between brackets.
std::string Explanation(const CLI::Option& option) {
  return absl::StrReplaceAll(option.get_description(),
                             {{"\\", "\\\\"}, {"[", "\\["}, {"]", "\\]"}});
}

std::string Action(const FlagValue& value) {
  if (!value.choices.empty()) {
    return absl::StrCat("(", absl::StrJoin(value.choices, " "), ")");
  }
  if (value.is_folder) return "_files -/";
  return value.is_path ? "_files" : " ";
}

// Flags that make no sense beside this one: itself, by all its names, and
// those that it excludes.
std::string Excluded(const CLI::Option& option) {
  if (option.check_name("--help") || option.check_name("--version")) {
    return "(- *)";
  }
  std::set<std::string> flags;
  for (const std::string& flag : FlagsOf(option)) flags.insert(flag);
  for (const CLI::Option* other : option.get_excludes()) {
    for (const std::string& flag : FlagsOf(*other)) flags.insert(flag);
  }
  return absl::StrCat("(", absl::StrJoin(flags, " "), ")");
}

// One line for each name.
std::string Specs(const CLI::Option& option, const std::string& indent) {
  const FlagValue value = ValueOf(option);
  if (option.get_positional()) {
    return absl::StrCat(
        indent,
        Quoted(absl::StrCat(option.get_items_expected_max() > 1 ? "*:" : "1:",
                            option.get_name(true, false), ":", Action(value))),
        " \\\n");
  }
  std::string specs;
  for (const std::string& flag : FlagsOf(option)) {
    std::string spec = absl::StrCat(Excluded(option), flag);
    if (value.is_wanted) spec += flag.starts_with("--") ? "=" : "+";
    absl::StrAppend(&spec, "[", Explanation(option), "]");
    if (value.is_wanted) {
      absl::StrAppend(&spec, ":", value.name, ":", Action(value));
    }
    absl::StrAppend(&specs, indent, Quoted(spec), " \\\n");
  }
  return specs;
}

std::string AllSpecs(const CLI::App& app, const std::string& indent) {
  std::string specs;
  for (const CLI::Option* option : app.get_options()) {
    specs += Specs(*option, indent);
  }
  return specs;
}

// The arguments of _arguments end with the last line.
std::string CaseOf(const CLI::App& verb) {
  std::string specs = AllSpecs(verb, "            ");
  specs.resize(specs.size() - std::string(" \\\n").size());
  return absl::StrCat("        ", verb.get_name(), ")\n",
                      "          _arguments \\\n", specs, "\n          ;;\n");
}

}  // namespace

std::string ZshCompletion(const CLI::App& program) {
  std::string verbs;
  std::string cases;
  for (const CLI::App* verb :
       program.get_subcommands([](const CLI::App*) { return true; })) {
    absl::StrAppend(
        &verbs, "        ",
        Quoted(absl::StrCat(verb->get_name(), ":", verb->get_description())),
        "\n");
    cases += CaseOf(*verb);
  }
  return absl::StrReplaceAll(kScript, {{"@OPTIONS@", AllSpecs(program, "    ")},
                                       {"@VERBS@", verbs},
                                       {"@CASES@", cases}});
}

}  // namespace cli
