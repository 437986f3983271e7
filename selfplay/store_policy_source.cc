#include "selfplay/store_policy_source.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "muzero/checkpoint.h"
#include "muzero/model.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy.h"
#include "selfplay/policy_network.h"

namespace selfplay {
namespace {

// How often weights may be pruned between being the newest and being fetched.
constexpr int kMaxAttempts = 5;

absl::Status Explain(const absl::Status& status, int64_t version) {
  return absl::Status(
      status.code(), absl::StrCat("weights ", version, ": ", status.message()));
}

}  // namespace

StorePolicySource::StorePolicySource(ExperienceStore& store,
                                     ModelFactory make_model,
                                     const Options& options)
    : store_(store), make_model_(std::move(make_model)), options_(options) {}

absl::StatusOr<std::shared_ptr<Policy>> StorePolicySource::Newest() {
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (policy_ != nullptr && last_asked_ &&
      now - *last_asked_ < options_.refresh_interval) {
    return policy_;
  }
  for (int attempt = 1;; ++attempt) {
    const absl::StatusOr<int64_t> version = store_.NewestWeightsVersion();
    if (!version.ok()) return version.status();
    last_asked_ = now;
    if (*version == 0) return nullptr;
    if (policy_ != nullptr && policy_->version() == *version) return policy_;
    absl::StatusOr<std::shared_ptr<Policy>> policy = Fetch(*version);
    if (policy.ok()) return policy_ = *std::move(policy);
    if (!absl::IsNotFound(policy.status()) || attempt == kMaxAttempts) {
      return policy.status();
    }
  }
}

absl::StatusOr<std::shared_ptr<Policy>> StorePolicySource::Fetch(
    int64_t version) {
  const absl::StatusOr<std::string> bytes = store_.Weights(version);
  if (!bytes.ok()) return bytes.status();
  const auto checkpoint = muzero::ParseCheckpoint(*bytes);
  if (!checkpoint.ok()) return Explain(checkpoint.status(), version);
  const absl::Status fits = CheckModelFits(*checkpoint);
  if (!fits.ok()) return Explain(fits, version);
  absl::StatusOr<std::unique_ptr<muzero::Model>> network =
      make_model_(*checkpoint);
  if (!network.ok()) return Explain(network.status(), version);
  return std::make_shared<Policy>(*std::move(network), version,
                                  options_.batching);
}

}  // namespace selfplay
