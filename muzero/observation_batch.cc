#include "muzero/observation_batch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "muzero/model.h"
#include "muzero/network_config.h"

namespace muzero {
namespace {

absl::Status CheckObservation(const NetworkConfig& config,
                              const Observation& observation, size_t index) {
  const auto error = [index](absl::string_view what, int64_t is,
                             absl::string_view wanted) {
    return absl::InvalidArgumentError(absl::StrCat(
        "observation ", index, ": ", what, " ", is, ", not ", wanted));
  };
  if (observation.num_tokens < 1) {
    return error("num_tokens is", observation.num_tokens, "1 or more");
  }
  const auto num_tokens = static_cast<size_t>(observation.num_tokens);
  const auto token_size = static_cast<size_t>(config.token_size);
  if (observation.tokens.size() != num_tokens * token_size) {
    return error("tokens has", static_cast<int64_t>(observation.tokens.size()),
                 absl::StrCat(num_tokens, " x ", token_size, " entries"));
  }
  if (observation.context.size() != static_cast<size_t>(config.context_size)) {
    return error("context has",
                 static_cast<int64_t>(observation.context.size()),
                 absl::StrCat(config.context_size, " entries"));
  }
  if (observation.focus < 0 || observation.focus >= observation.num_tokens) {
    return error("focus is", observation.focus,
                 absl::StrCat("in [0, ", observation.num_tokens, ")"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ObservationBatch> MakeObservationBatch(
    const NetworkConfig& config,
    absl::Span<const Observation* const> observations) {
  const auto batch = static_cast<int64_t>(observations.size());
  int64_t max_tokens = 1;
  int64_t min_tokens = std::numeric_limits<int64_t>::max();
  for (size_t i = 0; i < observations.size(); ++i) {
    const absl::Status status = CheckObservation(config, *observations[i], i);
    if (!status.ok()) return status;
    max_tokens = std::max<int64_t>(max_tokens, observations[i]->num_tokens);
    min_tokens = std::min<int64_t>(min_tokens, observations[i]->num_tokens);
  }
  ObservationBatch result;
  result.tokens = torch::zeros({batch, max_tokens, config.token_size});
  result.context = torch::empty({batch, config.context_size});
  result.focus = torch::empty({batch}, torch::kInt64);
  if (min_tokens < max_tokens) {
    result.is_padding = torch::zeros({batch, max_tokens}, torch::kBool);
  }
  for (int64_t i = 0; i < batch; ++i) {
    const Observation& observation = *observations[static_cast<size_t>(i)];
    std::copy(
        observation.tokens.begin(), observation.tokens.end(),
        result.tokens.data_ptr<float>() + i * max_tokens * config.token_size);
    std::copy(observation.context.begin(), observation.context.end(),
              result.context.data_ptr<float>() + i * config.context_size);
    result.focus.data_ptr<int64_t>()[i] = observation.focus;
    if (result.is_padding.defined()) {
      bool* row = result.is_padding.data_ptr<bool>() + i * max_tokens;
      std::fill(row + observation.num_tokens, row + max_tokens, true);
    }
  }
  return result;
}

ObservationBatch ToDevice(const ObservationBatch& batch, torch::Device device) {
  ObservationBatch result = {.tokens = batch.tokens.to(device),
                             .context = batch.context.to(device),
                             .focus = batch.focus.to(device)};
  if (batch.is_padding.defined()) {
    result.is_padding = batch.is_padding.to(device);
  }
  return result;
}

}  // namespace muzero
