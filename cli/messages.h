#ifndef CLI_MESSAGES_H_
#define CLI_MESSAGES_H_

#include "absl/strings/string_view.h"

namespace cli {

// One line on stderr each: "muzero-rc: error: TEXT".  Line ends in `text`
// (file names may have them) become blanks.
void PrintError(absl::string_view text);
void PrintWarning(absl::string_view text);

// Something that is as it should be, but that a user may want to know.
void PrintNote(absl::string_view text);

}  // namespace cli

#endif  // CLI_MESSAGES_H_
