#include "cli/flag_value.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace cli {
namespace {

bool IsChoice(const std::string& word) {
  return std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) || c == '-';
  });
}

}  // namespace

FlagValue ValueOf(const CLI::Option& option) {
  FlagValue value = {.is_wanted = option.get_items_expected_max() > 0};
  if (!value.is_wanted) return value;
  value.name = option.get_type_name();
  const std::vector<std::string> words = absl::StrSplit(value.name, '|');
  for (const std::string& word : words) {
    if (IsChoice(word)) value.choices.push_back(word);
    if (word == "FILE" || word == "DIR" || word == "CSV") value.is_path = true;
  }
  value.is_folder = value.name == "DIR";
  return value;
}

std::vector<std::string> FlagsOf(const CLI::Option& option) {
  std::vector<std::string> flags;
  for (const std::string& name : option.get_snames()) {
    flags.push_back(absl::StrCat("-", name));
  }
  for (const std::string& name : option.get_lnames()) {
    flags.push_back(absl::StrCat("--", name));
  }
  return flags;
}

}  // namespace cli
