#include "cli/messages.h"

#include <algorithm>
#include <iostream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cli {
namespace {

void PrintLine(absl::string_view kind, absl::string_view text) {
  std::string line = absl::StrCat("muzero-rc: ", kind, ": ", text);
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); },
      ' ');
  // One write, so that lines of several threads do not mix.
  std::cerr << line + "\n" << std::flush;
}

}  // namespace

void PrintError(absl::string_view text) { PrintLine("error", text); }

void PrintWarning(absl::string_view text) { PrintLine("warning", text); }

void PrintNote(absl::string_view text) { PrintLine("note", text); }

}  // namespace cli
