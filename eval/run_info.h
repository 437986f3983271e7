#ifndef EVAL_RUN_INFO_H_
#define EVAL_RUN_INFO_H_

#include <map>
#include <string>
#include <vector>

namespace eval {

// What a reader needs to repeat an evaluation, as text to be shown.
struct RunInfo {
  std::string anchor = "libvpx";
  // In the order to show them.  Controllers found in the points but not here
  // follow by name; empty is fine.
  std::vector<std::string> controllers;
  std::map<std::string, std::string> settings;  // Of the encoder; by name.
  std::string revision;                         // Of this program.
  std::map<std::string, std::string> versions;  // Of the libraries; by name.
  std::string machine;
  std::string date;
  std::string command_line;
  std::string targets;
};

}  // namespace eval

#endif  // EVAL_RUN_INFO_H_
