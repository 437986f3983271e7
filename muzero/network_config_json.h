#ifndef MUZERO_NETWORK_CONFIG_JSON_H_
#define MUZERO_NETWORK_CONFIG_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "muzero/network_config.h"

namespace muzero {

// A JSON object with the fields of `config` under their own names.
std::string NetworkConfigToJson(const NetworkConfig& config);

// The inverse.  InvalidArgument, naming the field, unless every field is there,
// nothing else is, and the whole is valid.
absl::StatusOr<NetworkConfig> NetworkConfigFromJson(absl::string_view text);

}  // namespace muzero

#endif  // MUZERO_NETWORK_CONFIG_JSON_H_
