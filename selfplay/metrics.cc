#include "selfplay/metrics.h"

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "selfplay/experience_store.h"

namespace selfplay {
namespace {

using Json = nlohmann::ordered_json;

// A record of kind `Metrics`, const or not.
template <typename T, typename Metrics>
concept Is = std::same_as<std::remove_const_t<T>, Metrics>;

// Calls visit(name, field) for each field of a record, in the order in which
// they stand in a line.

template <Is<LearnerMetrics> Metrics, typename Visitor>
void VisitFields(Metrics& metrics, Visitor visit) {
  visit("learner_step", metrics.learner_step);
  visit("weights_version", metrics.weights_version);
  visit("episodes", metrics.episodes);
  visit("loss", metrics.loss);
  visit("policy_loss", metrics.policy_loss);
  visit("value_loss", metrics.value_loss);
  visit("auxiliary_losses", metrics.auxiliary_losses);
  visit("gradient_norm", metrics.gradient_norm);
  visit("learning_rate", metrics.learning_rate);
  visit("samples_per_second", metrics.samples_per_second);
  visit("samples_per_insert", metrics.samples_per_insert);
  visit("replay_episodes", metrics.replay_episodes);
  visit("replay_steps", metrics.replay_steps);
  visit("replay_age_seconds", metrics.replay_age_seconds);
  visit("reanalysed_steps", metrics.reanalysed_steps);
  visit("busy_share", metrics.busy_share);
}

template <Is<WorkerMetrics> Metrics, typename Visitor>
void VisitFields(Metrics& metrics, Visitor visit) {
  visit("worker", metrics.worker);
  visit("episode", metrics.episode);
  visit("sequence", metrics.sequence);
  visit("clip", metrics.clip);
  visit("target_bitrate_kbps", metrics.target_bitrate_kbps);
  visit("weights_version", metrics.weights_version);
  visit("reward", metrics.reward);
  visit("quality_db", metrics.quality_db);
  visit("overshoot", metrics.overshoot);
  visit("frames", metrics.frames);
  visit("seconds", metrics.seconds);
  visit("planning_seconds", metrics.planning_seconds);
  visit("simulations", metrics.simulations);
  visit("guard_overrides", metrics.guard_overrides);
  visit("fallback_frames", metrics.fallback_frames);
  visit("store_seconds", metrics.store_seconds);
}

template <Is<EvaluationMetrics> Metrics, typename Visitor>
void VisitFields(Metrics& metrics, Visitor visit) {
  visit("weights_version", metrics.weights_version);
  visit("learner_step", metrics.learner_step);
  visit("episodes", metrics.episodes);
  visit("bd_rate_percent", metrics.bd_rate_percent);
  visit("share_over_2pct", metrics.share_over_2pct);
  visit("mean_overshoot", metrics.mean_overshoot);
  visit("clips", metrics.clips);
  visit("encodes", metrics.encodes);
  visit("seconds", metrics.seconds);
  visit("is_best", metrics.is_best);
}

// Each of the following takes `value` into `field`; false if it is none.

bool Take(const Json& value, double& field) {
  if (!value.is_number() && !value.is_null()) return false;
  field = value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                          : value.get<double>();
  return true;
}

bool Take(const Json& value, int64_t& field) {
  if (!value.is_number_integer()) return false;
  field = value.get<int64_t>();
  return true;
}

bool Take(const Json& value, int& field) {
  int64_t number = 0;
  if (!Take(value, number) || !std::in_range<int>(number)) return false;
  field = static_cast<int>(number);
  return true;
}

bool Take(const Json& value, bool& field) {
  if (!value.is_boolean()) return false;
  field = value.get<bool>();
  return true;
}

bool Take(const Json& value, std::string& field) {
  if (!value.is_string()) return false;
  field = value.get<std::string>();
  return true;
}

bool Take(const Json& value, std::map<std::string, double>& field) {
  if (!value.is_object()) return false;
  for (const auto& [name, number] : value.items()) {
    if (!Take(number, field[name])) return false;
  }
  return true;
}

template <typename Metrics>
MetricsLine Write(const Metrics& metrics) {
  Json json = {{"time", metrics.time}, {"role", Metrics::kRole}};
  VisitFields(metrics, [&json](const char* name, const auto& field) {
    json[name] = field;
  });
  // What is no finite number is written as null.
  return {.time = metrics.time,
          .role = Metrics::kRole,
          .json = json.dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                            Json::error_handler_t::replace)};
}

template <typename Metrics>
absl::StatusOr<Metrics> Read(const MetricsLine& line) {
  if (line.role != Metrics::kRole) {
    return absl::InvalidArgumentError(absl::StrCat(
        "metrics of role '", line.role, "', wanted '", Metrics::kRole, "'"));
  }
  const Json json = Json::parse(line.json, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return absl::InvalidArgumentError("metrics that are no JSON object");
  }
  absl::Status status;
  const auto take = [&](const char* name, auto& field) {
    const auto found = json.find(name);
    if (found != json.end() && Take(*found, field)) return;
    status.Update(absl::InvalidArgumentError(
        absl::StrCat(Metrics::kRole, " metrics: '", name, "' is ",
                     found == json.end() ? "missing" : found->dump())));
  };
  Metrics metrics;
  take("time", metrics.time);
  VisitFields(metrics, take);
  if (!status.ok()) return status;
  return metrics;
}

}  // namespace

MetricsLine ToLine(const LearnerMetrics& metrics) { return Write(metrics); }
MetricsLine ToLine(const WorkerMetrics& metrics) { return Write(metrics); }
MetricsLine ToLine(const EvaluationMetrics& metrics) { return Write(metrics); }

absl::StatusOr<LearnerMetrics> ToLearnerMetrics(const MetricsLine& line) {
  return Read<LearnerMetrics>(line);
}

absl::StatusOr<WorkerMetrics> ToWorkerMetrics(const MetricsLine& line) {
  return Read<WorkerMetrics>(line);
}

absl::StatusOr<EvaluationMetrics> ToEvaluationMetrics(const MetricsLine& line) {
  return Read<EvaluationMetrics>(line);
}

absl::StatusOr<MetricsLine> ParseMetricsLine(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return absl::InvalidArgumentError("no JSON object");
  }
  MetricsLine line = {.json = text};
  if (!json.contains("time") || !Take(json["time"], line.time) ||
      !json.contains("role") || !Take(json["role"], line.role)) {
    return absl::InvalidArgumentError("a line without \"time\" and \"role\"");
  }
  return line;
}

}  // namespace selfplay
