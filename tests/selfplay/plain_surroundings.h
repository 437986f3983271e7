#ifndef TESTS_SELFPLAY_PLAIN_SURROUNDINGS_H_
#define TESTS_SELFPLAY_PLAIN_SURROUNDINGS_H_

#include <memory>
#include <stop_token>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "selfplay/policy.h"
#include "selfplay/policy_source.h"
#include "selfplay/rollout_gate.h"

namespace selfplay {

// What lets workers play without a learner.

class OpenGate : public RolloutGate {
 public:
  absl::Status WaitToBegin(const std::stop_token&) override {
    return absl::OkStatus();
  }
};

class FixedPolicy : public PolicySource {
 public:
  explicit FixedPolicy(std::shared_ptr<Policy> policy)
      : policy_(std::move(policy)) {}

  absl::StatusOr<std::shared_ptr<Policy>> Newest() override { return policy_; }

 private:
  const std::shared_ptr<Policy> policy_;
};

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_PLAIN_SURROUNDINGS_H_
