#ifndef SELFPLAY_STORE_POLICY_SOURCE_H_
#define SELFPLAY_STORE_POLICY_SOURCE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "muzero/model.h"
#include "selfplay/batching_model.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy.h"
#include "selfplay/policy_source.h"

namespace selfplay {

// Makes the network of a checkpoint, on the device of its choice.
using ModelFactory =
    std::function<absl::StatusOr<std::unique_ptr<muzero::Model>>(
        const muzero::Checkpoint& checkpoint)>;

// The newest weights in the store.
class StorePolicySource : public PolicySource {
 public:
  struct Options {
    // For how long the store is not asked again.  0: every call asks.
    std::chrono::milliseconds refresh_interval{1000};
    BatchingConfig batching;
  };

  // `store` must outlive this object.  `make_model` is called by one thread at
  // a time.
  StorePolicySource(ExperienceStore& store, ModelFactory make_model,
                    const Options& options);

  // Errors: the store's; DataLoss or InvalidArgument for weights that are
  // damaged or of another network than this program's; what `make_model`
  // returns.
  absl::StatusOr<std::shared_ptr<Policy>> Newest() override;

 private:
  using Clock = std::chrono::steady_clock;

  absl::StatusOr<std::shared_ptr<Policy>> Fetch(int64_t version);

  ExperienceStore& store_;
  const ModelFactory make_model_;
  const Options options_;

  std::mutex mutex_;
  // Guarded by mutex_:
  std::shared_ptr<Policy> policy_;  // Null until there is one.
  std::optional<Clock::time_point> last_asked_;
};

}  // namespace selfplay

#endif  // SELFPLAY_STORE_POLICY_SOURCE_H_
