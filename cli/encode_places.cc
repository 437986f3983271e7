#include "cli/encode_places.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/encode_arguments.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

std::string CanonicalPath(const std::string& path) {
  std::error_code error;
  return fs::weakly_canonical(fs::absolute(path, error), error).string();
}

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || fs::equivalent(a, b, error) ||
         CanonicalPath(a) == CanonicalPath(b);
}

absl::Status CheckNotInput(const std::string& output,
                           const std::string& input) {
  if (!IsSameFile(output, input)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("output ", output, " is the input: choose another name"));
}

absl::Status CheckFree(const std::vector<std::string>& outputs,
                       bool overwrite) {
  if (overwrite) return absl::OkStatus();
  std::vector<std::string> existing;
  std::copy_if(outputs.begin(), outputs.end(), std::back_inserter(existing),
               [](const std::string& path) {
                 std::error_code error;
                 return fs::is_regular_file(path, error) ||
                        fs::is_symlink(path, error);
               });
  if (existing.empty()) return absl::OkStatus();
  const std::string others = existing.size() > 1
                                 ? absl::StrCat(", and ", existing.size() - 1,
                                                " more of these outputs")
                                 : "";
  return absl::InvalidArgumentError(
      absl::StrCat("output ", existing[0], " exists", others,
                   ": pass -y to replace ", others.empty() ? "it" : "them"));
}

// Standard output takes neither a second look nor another word.
absl::Status CheckStandardOutput(const EncodeArguments& arguments) {
  const struct {
    bool is_asked_for;
    const char* flag;
  } kRefused[] = {{arguments.print_json, "--json"},
                  {arguments.verify, "--verify"},
                  {arguments.target_size.has_value(), "--target-size"}};
  for (const auto& refused : kRefused) {
    if (!refused.is_asked_for) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(refused.flag,
                     " needs an output that is a file, not - (standard "
                     "output)"));
  }
  if (isatty(STDOUT_FILENO) != 0) {
    return absl::InvalidArgumentError(
        "standard output is a terminal, which is no place for a video: wanted "
        "a pipe, or the name of a file after -o");
  }
  return absl::OkStatus();
}

// A file beside the video.
absl::Status CheckExtra(const char* flag,
                        const std::optional<std::string>& path,
                        const EncodePlace& place, bool overwrite) {
  if (!path) return absl::OkStatus();
  if (IsSameFile(*path, place.output)) {
    return absl::InvalidArgumentError(
        absl::StrCat(flag, " is the output: choose another"));
  }
  const absl::Status status = CheckNotInput(*path, place.input);
  if (!status.ok()) return status;
  return CheckFree({*path}, overwrite);
}

absl::Status CheckExtras(const EncodePlace& place,
                         const EncodeArguments& arguments) {
  absl::Status status =
      CheckExtra("--stats", arguments.stats, place, arguments.overwrite);
  if (!status.ok()) return status;
  status = CheckExtra("--report", arguments.report, place, arguments.overwrite);
  if (status.ok() && arguments.stats && arguments.report &&
      IsSameFile(*arguments.stats, *arguments.report)) {
    return absl::InvalidArgumentError(
        "--report is the file of --stats: choose another");
  }
  return status;
}

absl::StatusOr<EncodePlace> NameOnePlace(const EncodeArguments& arguments) {
  if (arguments.inputs.size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        arguments.inputs.size(), " inputs (", arguments.inputs[0], ", ",
        arguments.inputs[1], arguments.inputs.size() > 2 ? ", ..." : "",
        ") need a folder for their outputs: --out-dir",
        arguments.output ? ", not -o" : ""));
  }
  if (!arguments.output) {
    return absl::InvalidArgumentError(
        "--output is missing: wanted -o and the name of a file, or --out-dir "
        "and a folder");
  }
  return EncodePlace{.input = arguments.inputs[0], .output = *arguments.output};
}

absl::Status CheckBatchFlags(const EncodeArguments& arguments) {
  if (arguments.stats || arguments.report) {
    return absl::InvalidArgumentError(
        absl::StrCat(arguments.stats ? "--stats" : "--report",
                     " is of one encode: it goes with -o, not with "
                     "--out-dir"));
  }
  std::error_code error;
  const fs::path folder = fs::absolute(*arguments.out_dir, error);
  if (fs::is_directory(folder, error)) return absl::OkStatus();
  if (fs::exists(folder, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--out-dir ", *arguments.out_dir, " is no folder"));
  }
  const fs::path parent = (folder / "").parent_path().parent_path();
  if (!fs::is_directory(parent, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no folder ", parent.string(),
                     " to make --out-dir ", *arguments.out_dir, " in"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<EncodePlace>> NamePlaces(
    const EncodeArguments& arguments) {
  if (!arguments.out_dir) {
    const absl::StatusOr<EncodePlace> place = NameOnePlace(arguments);
    if (!place.ok()) return place.status();
    return std::vector<EncodePlace>{*place};
  }
  const absl::Status status = CheckBatchFlags(arguments);
  if (!status.ok()) return status;
  std::vector<EncodePlace> places;
  std::map<std::string, std::string> inputs_by_output;
  for (const std::string& input : arguments.inputs) {
    const std::string stem = fs::path(input).stem().string();
    if (input == kStandardStream || stem.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("input '", input,
                       "' has no name to call its output in --out-dir by: "
                       "wanted a file, or -o"));
    }
    const std::string output =
        (fs::path(*arguments.out_dir) / absl::StrCat(stem, ".webm")).string();
    const auto [other, is_new] = inputs_by_output.emplace(output, input);
    if (!is_new) {
      return absl::InvalidArgumentError(
          absl::StrCat("inputs ", other->second, " and ", input,
                       " would both become ", output));
    }
    places.push_back({.input = input, .output = output});
  }
  return places;
}

absl::Status CheckPlaces(const std::vector<EncodePlace>& places,
                         const EncodeArguments& arguments) {
  if (places[0].input == kStandardStream && isatty(STDIN_FILENO) != 0) {
    return absl::InvalidArgumentError(
        "standard input is a terminal: wanted a YUV4MPEG2 (y4m) stream, or the "
        "name of a file");
  }
  absl::Status status = CheckExtras(places[0], arguments);
  if (!status.ok()) return status;
  if (places[0].output == kStandardStream) {
    return CheckStandardOutput(arguments);
  }
  std::set<std::string> inputs;
  for (const EncodePlace& place : places) {
    inputs.insert(CanonicalPath(place.input));
  }
  std::vector<std::string> outputs;
  for (const EncodePlace& place : places) {
    status = CheckNotInput(place.output, place.input);
    if (status.ok() && inputs.count(CanonicalPath(place.output)) > 0) {
      status = absl::InvalidArgumentError(
          absl::StrCat("output ", place.output,
                       " is one of the inputs: choose another folder"));
    }
    if (!status.ok()) return status;
    outputs.push_back(place.output);
  }
  return CheckFree(outputs, arguments.overwrite);
}

}  // namespace cli
