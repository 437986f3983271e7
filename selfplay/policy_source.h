#ifndef SELFPLAY_POLICY_SOURCE_H_
#define SELFPLAY_POLICY_SOURCE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "selfplay/policy.h"

namespace selfplay {

// Where workers get the policy to play with.  Thread-safe.
class PolicySource {
 public:
  virtual ~PolicySource() = default;

  // The newest policy, shared by all who ask; nullptr if there is none yet.
  // It stays as it is for as long as somebody holds it.
  virtual absl::StatusOr<std::shared_ptr<Policy>> Newest() = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_POLICY_SOURCE_H_
