#include "cli/run_description.h"

#include <sys/stat.h>
#include <sys/utsname.h>

#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/evaluate.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/libraries.h"
#include "eval/rate_sweep.h"
#include "eval/run_info.h"
#include "nlohmann/json.hpp"
#include "revision.h"

namespace cli {
namespace {

using Settings = std::map<std::string, std::string>;

Settings AllSettings(const EvaluateArguments& arguments,
                     const eval::RateSweepOptions& sweep) {
  Settings settings = EncoderSettingsByName(sweep.settings);
  const ControllerOptions& options = arguments.controller_options;
  if (options.key_offset != 0 || options.alt_ref_offset != 0 ||
      options.golden_offset != 0) {
    settings["constant-q offsets (key, arf, golden)"] =
        absl::StrCat(options.key_offset, ", ", options.alt_ref_offset, ", ",
                     options.golden_offset);
  }
  for (const eval::SweepController& controller : sweep.controllers) {
    if (!controller.variant.empty()) {
      settings[controller.name] = controller.variant;
    }
  }
  if (sweep.reader.max_frames) {
    settings["frames"] = absl::StrCat(*sweep.reader.max_frames);
  }
  if (sweep.reader.height > 0) {
    settings["max-height"] = absl::StrCat(sweep.reader.height);
  }
  if (sweep.reader.bit_depth) {
    settings["bit-depth"] = absl::StrCat(*sweep.reader.bit_depth);
  }
  return settings;
}

std::string TargetsText(const eval::RateSweepOptions& sweep) {
  std::string text =
      absl::StrCat(absl::StrJoin(sweep.targets_kbps, ", "), " kbps");
  if (sweep.scale_targets) {
    absl::StrAppend(&text,
                    " for 854x480 at 30 fps, scaled with pixels x frame rate");
  }
  return text;
}

// The processor's name as Linux tells it.
std::string Processor() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (!absl::StartsWith(line, "model name")) continue;
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (parts.size() == 2) {
      return std::string(absl::StripAsciiWhitespace(parts[1]));
    }
  }
  return "unknown processor";
}

std::string Machine() {
  utsname system = {};
  uname(&system);
  return absl::StrCat(Processor(), ", ", std::thread::hardware_concurrency(),
                      " cores, ", system.sysname, " ", system.machine);
}

}  // namespace

std::map<std::string, std::string> EncoderSettingsByName(
    const encoder_bridge::EncoderSettings& s) {
  std::map<std::string, std::string> by_name = {
      {"cpu-used", absl::StrCat(s.cpu_used)},
      {"lag-in-frames", absl::StrCat(s.lag_in_frames)},
      {"auto-alt-ref", absl::StrCat(s.auto_alt_ref)},
      {"enable-tpl", absl::StrCat(s.enable_tpl ? 1 : 0)},
      {"row-mt", absl::StrCat(s.row_mt ? 1 : 0)},
      {"threads", absl::StrCat(s.threads)},
  };
  const struct {
    const char* name;
    std::optional<int> value;
  } kOptional[] = {
      {"tile-columns", s.tile_columns},     {"tile-rows", s.tile_rows},
      {"kf-max-dist", s.kf_max_dist},       {"kf-min-dist", s.kf_min_dist},
      {"frame-parallel", s.frame_parallel}, {"aq-mode", s.aq_mode},
      {"arnr-maxframes", s.arnr_maxframes}, {"arnr-strength", s.arnr_strength},
      {"tune-content", s.tune_content}};
  for (const auto& o : kOptional) {
    if (o.value) by_name[o.name] = absl::StrCat(*o.value);
  }
  return by_name;
}

eval::RunInfo DescribeRun(const EvaluateArguments& arguments,
                          const eval::RateSweepOptions& sweep) {
  eval::RunInfo run;
  run.anchor = arguments.anchor;
  for (const eval::SweepController& controller : sweep.controllers) {
    run.controllers.push_back(controller.name);
  }
  run.settings = AllSettings(arguments, sweep);
  run.revision = absl::StrCat(kVersion, " (", kRevision, ")");
  run.versions = encoder_bridge::LibraryVersions();
  run.machine = Machine();
  run.date =
      absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone());
  run.command_line = arguments.command_line;
  run.targets = TargetsText(sweep);
  return run;
}

std::string SettingsText(const EvaluateArguments& arguments,
                         const eval::RateSweepOptions& sweep) {
  std::string build = kRevision;
  if (absl::EndsWith(build, "-dirty")) {
    // Two builds of changed sources are not the same program.
    struct stat program = {};
    if (stat("/proc/self/exe", &program) == 0) {
      absl::StrAppend(&build, " built ", program.st_mtime);
    }
  }
  const nlohmann::json json = {{"clips", arguments.clips},
                               {"settings", AllSettings(arguments, sweep)},
                               {"versions", encoder_bridge::LibraryVersions()},
                               {"revision", build}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

}  // namespace cli
