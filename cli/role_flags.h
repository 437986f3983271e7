#ifndef CLI_ROLE_FLAGS_H_
#define CLI_ROLE_FLAGS_H_

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "muzero/device.h"

namespace CLI {
class App;
}

namespace cli {

// What people can ask of each role of a training run.
struct RoleArguments {
  std::optional<int64_t> max_episodes;
  std::optional<std::string> max_time;
  std::string device = "auto";
  std::optional<std::string> prometheus;  // PORT or HOST:PORT
  bool quiet = false;
};

// The same, understood.
struct RoleLimits {
  muzero::Device device = muzero::Device::kAuto;
  int64_t max_episodes = std::numeric_limits<int64_t>::max();
  std::chrono::duration<double> max_time{
      std::numeric_limits<double>::infinity()};
};

// Adds the flags to `verb`; `max_episodes_help` says whose episodes count.
void AddRoleFlags(CLI::App& verb, RoleArguments& arguments,
                  const std::string& max_episodes_help);

// InvalidArgument for what makes no sense.
absl::StatusOr<RoleLimits> ReadRoleLimits(const RoleArguments& arguments);

}  // namespace cli

#endif  // CLI_ROLE_FLAGS_H_
