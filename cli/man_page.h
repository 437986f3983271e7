#ifndef CLI_MAN_PAGE_H_
#define CLI_MAN_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace CLI {
class App;
}

namespace cli {

// "muzero-rc-encode" of the verb encode, "muzero-rc" of the program itself:
// the name of its page, in section 1.
std::string ManPageName(const CLI::App& app);

// The manual page of a verb, or of the program, as man(7) source.  It has all
// that --help has; of its footer, what follows a line "Example:" or
// "Examples:" are examples, what follows "Exit status: " is a section.
std::string ManPage(const CLI::App& app, absl::string_view version);

}  // namespace cli

#endif  // CLI_MAN_PAGE_H_
