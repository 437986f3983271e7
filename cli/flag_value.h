#ifndef CLI_FLAG_VALUE_H_
#define CLI_FLAG_VALUE_H_

#include <string>
#include <vector>

namespace CLI {
class Option;
}

namespace cli {

// What may follow a flag, as its type_name says: FILE, DIR and CSV are paths,
// words of small letters are choices, "|" stands between alternatives.
struct FlagValue {
  bool is_wanted = false;  // All others are flags that stand alone.
  std::string name;        // As in --help.
  std::vector<std::string> choices;
  bool is_path = false;
  bool is_folder = false;  // A path of nothing but a folder.
};

FlagValue ValueOf(const CLI::Option& option);

// "-o" and "--output", the short ones first; none of a positional argument.
std::vector<std::string> FlagsOf(const CLI::Option& option);

}  // namespace cli

#endif  // CLI_FLAG_VALUE_H_
