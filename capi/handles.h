#ifndef CAPI_HANDLES_H_
#define CAPI_HANDLES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace capi {

// Objects by numbers that are never given twice, so that one that is gone, or
// never was, is told from all others.  Thread-safe.
template <typename Object>
class Handles {
 public:
  // Returns its handle, which is not 0.
  uintptr_t Add(std::shared_ptr<Object> object) {
    const std::lock_guard lock(mutex_);
    objects_[++last_] = std::move(object);
    return last_;
  }

  // Returns null if there is none.
  std::shared_ptr<Object> Find(uintptr_t handle) const {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(handle);
    return found == objects_.end() ? nullptr : found->second;
  }

  // Returns whether there was one.
  bool Remove(uintptr_t handle) {
    const std::lock_guard lock(mutex_);
    return objects_.erase(handle) > 0;
  }

 private:
  mutable std::mutex mutex_;  // Guards the following.
  uintptr_t last_ = 0;
  std::map<uintptr_t, std::shared_ptr<Object>> objects_;
};

}  // namespace capi

#endif  // CAPI_HANDLES_H_
