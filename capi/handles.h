#ifndef CAPI_HANDLES_H_
#define CAPI_HANDLES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace capi {

// Objects by numbers that are never given twice, so that one that is gone, or
// never was, is told from all others.  Thread-safe.
template <typename Object>
class Handles {
 public:
  // Returns its handle, which is not 0.
  uintptr_t Add(std::shared_ptr<Object> object) {
    const absl::MutexLock lock(&mutex_);
    objects_[++last_] = std::move(object);
    return last_;
  }

  // Returns null if there is none.
  std::shared_ptr<Object> Find(uintptr_t handle) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = objects_.find(handle);
    return found == objects_.end() ? nullptr : found->second;
  }

  // Returns whether there was one.
  bool Remove(uintptr_t handle) {
    const absl::MutexLock lock(&mutex_);
    return objects_.erase(handle) > 0;
  }

 private:
  mutable absl::Mutex mutex_;
  uintptr_t last_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uintptr_t, std::shared_ptr<Object>> objects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace capi

#endif  // CAPI_HANDLES_H_
