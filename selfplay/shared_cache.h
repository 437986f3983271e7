#ifndef SELFPLAY_SHARED_CACHE_H_
#define SELFPLAY_SHARED_CACHE_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace selfplay {

// Values that are dear to make and that several threads read, by name.  When
// they take more than `max_bytes` together, those not asked for the longest are
// forgotten, all but the newest; who holds one keeps it.
//
// Thread-safe.  A value is made by one of the threads that want it, without
// holding up those that want another.
template <typename Value>
class SharedCache {
 public:
  using Pointer = std::shared_ptr<const Value>;

  // `size_of` tells the bytes that a value takes; it may be 0.
  SharedCache(int64_t max_bytes, std::function<int64_t(const Value&)> size_of)
      : max_bytes_(max_bytes), size_of_(std::move(size_of)) {}

  // The value called `name`; if it is not there, what `make` returns.  While
  // another thread makes it this one waits, and makes it itself if that fails.
  // Errors are those of `make`, and are not kept.
  absl::StatusOr<Pointer> Get(
      const std::string& name,
      const std::function<absl::StatusOr<Pointer>()>& make) {
    std::unique_lock lock(mutex_);
    made_.wait(lock, [&] { return !in_the_making_.contains(name); });
    if (const auto found = entries_.find(name); found != entries_.end()) {
      order_.splice(order_.begin(), order_, found->second.place);
      return found->second.value;
    }
    in_the_making_.insert(name);
    lock.unlock();
    absl::StatusOr<Pointer> value = make();
    lock.lock();
    in_the_making_.erase(name);
    if (value.ok()) Keep(name, *value);
    made_.notify_all();
    return value;
  }

  int64_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  struct Entry {
    Pointer value;
    int64_t bytes = 0;
    std::list<std::string>::iterator place;  // In order_.
  };

  // With mutex_ held.
  void Keep(const std::string& name, const Pointer& value) {
    order_.push_front(name);
    const int64_t size = size_of_(*value);
    entries_[name] = {.value = value, .bytes = size, .place = order_.begin()};
    bytes_ += size;
    while (bytes_ > max_bytes_ && order_.size() > 1) {
      const auto oldest = entries_.find(order_.back());
      bytes_ -= oldest->second.bytes;
      entries_.erase(oldest);
      order_.pop_back();
    }
  }

  const int64_t max_bytes_;
  const std::function<int64_t(const Value&)> size_of_;

  mutable std::mutex mutex_;
  std::condition_variable made_;  // in_the_making_ lost a name.
  // Guarded by mutex_:
  std::map<std::string, Entry> entries_;
  std::list<std::string> order_;  // Names of entries_, asked for last first.
  std::set<std::string> in_the_making_;
  int64_t bytes_ = 0;  // Of all entries.
};

}  // namespace selfplay

#endif  // SELFPLAY_SHARED_CACHE_H_
