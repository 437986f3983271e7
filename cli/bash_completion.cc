#include "cli/bash_completion.h"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "cli/flag_value.h"

namespace cli {
namespace {

// `words` are what may stand at the cursor; `paths` is what names of files it
// may be, as compgen calls them, unless it begins with a hyphen.
constexpr char kScript[] =
    R"(# Completes muzero-rc in bash; made from the program's own command line.

_muzero_rc() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local words='' paths=''
  # --flag=value is three words.
  if [[ $word == = ]]; then
    word=''
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    words='@VERBS@'
  else
    case "${COMP_WORDS[1]} $previous" in
@CASES@    esac
  fi
  COMPREPLY=()
  if [[ -n $paths && $word != -* ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -A "$paths" -- "$word")
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  fi
}

complete -F _muzero_rc muzero-rc
)";

std::string Words(const std::vector<std::string>& words) {
  return absl::StrCat(" words='", absl::StrJoin(words, " "), "'");
}

std::string Paths(const FlagValue& value) {
  if (!value.is_path) return "";
  return value.is_folder ? " paths=directory" : " paths=file";
}

std::string Case(const std::string& pattern, const std::string& action) {
  return absl::StrCat("      ", pattern, ")", action, " ;;\n");
}

// After a flag that wants a value, that; otherwise any flag, or the positional
// argument.
std::string CasesOf(const CLI::App& verb) {
  std::string cases;
  std::vector<std::string> all_flags;
  std::string positional;
  for (const CLI::Option* option : verb.get_options()) {
    const std::vector<std::string> flags = FlagsOf(*option);
    const FlagValue value = ValueOf(*option);
    all_flags.insert(all_flags.end(), flags.begin(), flags.end());
    if (option->get_positional()) {
      positional = Paths(value);
      continue;
    }
    if (!value.is_wanted) continue;
    const std::string pattern = absl::StrJoin(
        flags, " | ", [&](std::string* out, const std::string& flag) {
          absl::StrAppend(out, "'", verb.get_name(), " ", flag, "'");
        });
    absl::StrAppend(
        &cases, Case(pattern, value.choices.empty() ? Paths(value)
                                                    : Words(value.choices)));
  }
  return cases + Case(absl::StrCat("'", verb.get_name(), " '*"),
                      Words(all_flags) + positional);
}

}  // namespace

std::string BashCompletion(const CLI::App& program) {
  std::vector<std::string> first_words;
  std::string cases;
  for (const CLI::App* verb :
       program.get_subcommands([](const CLI::App*) { return true; })) {
    first_words.push_back(verb->get_name());
    cases += CasesOf(*verb);
  }
  for (const CLI::Option* option : program.get_options()) {
    for (const std::string& flag : FlagsOf(*option)) {
      first_words.push_back(flag);
    }
  }
  return absl::StrReplaceAll(
      kScript,
      {{"@VERBS@", absl::StrJoin(first_words, " ")}, {"@CASES@", cases}});
}

}  // namespace cli
