#include "cli/role_flags.h"

#include <CLI/CLI.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/argument_parsers.h"

namespace cli {

void AddRoleFlags(CLI::App& verb, RoleArguments& arguments,
                  const std::string& max_episodes_help) {
  verb.add_option("--max-episodes", arguments.max_episodes, max_episodes_help);
  verb.add_option("--max-time", arguments.max_time,
                  "End after this time, such as 90m or 2h");
  verb.add_option("--device", arguments.device, "Where networks run")
      ->type_name("auto|cpu|cuda")
      ->capture_default_str();
  verb.add_option("--prometheus", arguments.prometheus,
                  "Answer Prometheus at this port of 127.0.0.1, or HOST:PORT");
  verb.add_flag("-q,--quiet", arguments.quiet, "No progress line");
}

absl::StatusOr<RoleLimits> ReadRoleLimits(const RoleArguments& arguments) {
  RoleLimits limits;
  const auto device = muzero::ParseDevice(arguments.device);
  if (!device.ok()) return device.status();
  limits.device = *device;
  limits.max_episodes = arguments.max_episodes.value_or(limits.max_episodes);
  if (limits.max_episodes < 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--max-episodes ", limits.max_episodes, " is not at least 1"));
  }
  if (!arguments.max_time) return limits;
  const auto seconds = ParseDurationSeconds(*arguments.max_time);
  if (!seconds.ok()) return seconds.status();
  limits.max_time = std::chrono::duration<double>(*seconds);
  return limits;
}

}  // namespace cli
