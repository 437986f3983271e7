#include "encoder_bridge/read_ahead.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

void ReadAhead::Fill(Slot& slot) {
  const absl::StatusOr<const VideoFrame*> next = source_.Next();
  slot.status = next.status();
  slot.is_end = next.ok() && *next == nullptr;
  if (!next.ok() || slot.is_end) return;
  slot.frame = **next;
  for (size_t plane = 0; plane < slot.planes.size(); ++plane) {
    const int width =
        plane == 0 ? slot.frame.width : (slot.frame.width + 1) / 2;
    const int height =
        plane == 0 ? slot.frame.height : (slot.frame.height + 1) / 2;
    const size_t row = static_cast<size_t>(width) *
                       static_cast<size_t>(slot.frame.bytes_per_sample());
    const std::ptrdiff_t stride = (*next)->strides[plane];
    std::vector<uint8_t>& samples = slot.planes[plane];
    samples.resize(row * static_cast<size_t>(height));
    for (int y = 0; y < height; ++y) {
      std::memcpy(samples.data() + row * static_cast<size_t>(y),
                  (*next)->planes[plane] + y * stride, row);
    }
    slot.frame.planes[plane] = samples.data();
    slot.frame.strides[plane] = static_cast<int>(row);
  }
}

void ReadAhead::Read() {
  for (bool goes_on = true; goes_on;) {
    size_t index = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] {
        return is_stopped_ || num_read_ < num_given_back_ + kNumSlots;
      });
      if (is_stopped_) return;
      index = num_read_ % kNumSlots;
    }
    Slot& slot = slots_[index];
    Fill(slot);
    goes_on = slot.status.ok() && !slot.is_end;
    const std::scoped_lock lock(mutex_);
    ++num_read_;
    changed_.notify_all();
  }
}

absl::StatusOr<const VideoFrame*> ReadAhead::Next() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Read(); });
  std::unique_lock lock(mutex_);
  num_given_back_ = num_taken_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return num_read_ > num_taken_; });
  const Slot& slot = slots_[num_taken_ % kNumSlots];
  if (!slot.status.ok()) return slot.status;
  // Asked again, the end is still there.
  if (slot.is_end) return nullptr;
  ++num_taken_;
  return &slot.frame;
}

void ReadAhead::StopReading() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

absl::Status ReadAhead::Rewind() {
  StopReading();
  thread_ = std::thread();
  num_read_ = 0;
  num_given_back_ = 0;
  num_taken_ = 0;
  is_stopped_ = false;
  return source_.Rewind();
}

}  // namespace encoder_bridge
