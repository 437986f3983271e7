#ifndef CLI_BASH_COMPLETION_H_
#define CLI_BASH_COMPLETION_H_

#include <string>

namespace CLI {
class App;
}

namespace cli {

// What bash sources to complete `program`'s command line: verbs, flags, choices
// and, where a path is wanted, names of files.  Needs nothing but bash.
std::string BashCompletion(const CLI::App& program);

}  // namespace cli

#endif  // CLI_BASH_COMPLETION_H_
