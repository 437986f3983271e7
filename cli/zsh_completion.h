#ifndef CLI_ZSH_COMPLETION_H_
#define CLI_ZSH_COMPLETION_H_

#include <string>

namespace CLI {
class App;
}

namespace cli {

// The file _muzero-rc that zsh finds in a folder of $fpath to complete
// `program`'s command line: verbs, flags, choices and, where a path is wanted,
// names of files, each with its explanation.
std::string ZshCompletion(const CLI::App& program);

}  // namespace cli

#endif  // CLI_ZSH_COMPLETION_H_
