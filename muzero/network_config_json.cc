#include "muzero/network_config_json.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "muzero/network_config.h"
#include "muzero/strict_json.h"

namespace muzero {
namespace {

using nlohmann::json;

// Calls visitor(name, field) for every field that is not a list.
void VisitFields(auto& config, auto&& visitor) {
  visitor("token_size", config.token_size);
  visitor("context_size", config.context_size);
  visitor("num_actions", config.num_actions);
  visitor("support_min", config.support.min);
  visitor("support_max", config.support.max);
  visitor("support_size", config.support.size);
  visitor("token_width", config.token_width);
  visitor("num_attention_heads", config.num_attention_heads);
  visitor("num_layers", config.num_layers);
  visitor("feed_forward_width", config.feed_forward_width);
  visitor("hidden_size", config.hidden_size);
  visitor("num_dynamics_blocks", config.num_dynamics_blocks);
  visitor("num_prediction_blocks", config.num_prediction_blocks);
  visitor("num_action_knots", config.num_action_knots);
}

// The same for one auxiliary head.
void VisitHeadFields(auto& head, auto&& visitor) {
  visitor("name", head.name);
  visitor("weight", head.weight);
  visitor("scale", head.scale);
  visitor("offset", head.offset);
}

// Moves the fields of one JSON object into variables, and keeps the first
// thing that was wrong.
class FieldReader {
 public:
  explicit FieldReader(json object) : object_(std::move(object)) {
    if (!object_.is_object()) Fail("it is not a JSON object");
  }

  void operator()(absl::string_view name, int& field) {
    const json value = Take(name);
    if (!value.is_number_integer() || value.is_number_float()) {
      return Fail(absl::StrCat(name, " is not a whole number"));
    }
    constexpr int kMax = std::numeric_limits<int>::max();
    const bool is_large = value.is_number_unsigned()
                              ? value.get<uint64_t>() > uint64_t{kMax}
                              : value.get<int64_t>() < -int64_t{kMax};
    if (is_large) return Fail(absl::StrCat(name, " is too large"));
    field = value.get<int>();
  }

  void operator()(absl::string_view name, double& field) {
    const json value = Take(name);
    if (!value.is_number()) {
      return Fail(absl::StrCat(name, " is not a number"));
    }
    field = value.get<double>();
  }

  void operator()(absl::string_view name, std::string& field) {
    const json value = Take(name);
    if (!value.is_string()) return Fail(absl::StrCat(name, " is no string"));
    field = value.get<std::string>();
  }

  // Null if there is no such field.
  json Take(absl::string_view name) {
    const std::string key(name);
    if (!object_.is_object() || !object_.contains(key)) return json();
    json value = std::move(object_[key]);
    object_.erase(key);
    return value;
  }

  absl::Status Finish() {
    if (status_.ok() && !object_.empty()) {
      Fail(absl::StrCat(object_.begin().key(), " is unknown"));
    }
    return status_;
  }

 private:
  void Fail(const std::string& reason) {
    status_.Update(absl::InvalidArgumentError(
        absl::StrCat("network configuration: ", reason)));
  }

  json object_;  // What has not been taken yet.
  absl::Status status_;
};

}  // namespace

std::string NetworkConfigToJson(const NetworkConfig& config) {
  json object = json::object();
  VisitFields(config, [&object](const char* name, const auto& field) {
    object[name] = field;
  });
  object["auxiliary_heads"] = json::array();
  for (const AuxiliaryHead& head : config.auxiliary_heads) {
    json& entry = object["auxiliary_heads"].emplace_back();
    VisitHeadFields(head, [&entry](const char* name, const auto& field) {
      entry[name] = field;
    });
  }
  return object.dump(/*indent=*/-1, /*indent_char=*/' ',
                     /*ensure_ascii=*/false, json::error_handler_t::replace);
}

absl::StatusOr<NetworkConfig> NetworkConfigFromJson(absl::string_view text) {
  const absl::StatusOr<json> object = ParseStrictJson(text);
  if (!object.ok()) return object.status();
  NetworkConfig config;
  FieldReader reader(*object);
  VisitFields(config, reader);
  const json heads = reader.Take("auxiliary_heads");
  absl::Status status = reader.Finish();
  if (!status.ok()) return status;
  if (!heads.is_array()) {
    return absl::InvalidArgumentError(
        "network configuration: auxiliary_heads is not a list");
  }
  for (const json& entry : heads) {
    FieldReader head_reader(entry);
    VisitHeadFields(config.auxiliary_heads.emplace_back(), head_reader);
    status = head_reader.Finish();
    if (!status.ok()) return status;
  }
  status = config.Validate();
  if (!status.ok()) return status;
  return config;
}

}  // namespace muzero
