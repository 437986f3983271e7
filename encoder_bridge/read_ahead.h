#ifndef ENCODER_BRIDGE_READ_AHEAD_H_
#define ENCODER_BRIDGE_READ_AHEAD_H_

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// The frames of a source, read on a thread of its own a few frames before they
// are asked for: reading and decoding need not wait for the encoder, nor it for
// them.  Otherwise as FrameSource: not thread-safe, and what the source returns
// comes in the same order, errors with it.
class ReadAhead : public FrameSource {
 public:
  // `source` must outlive this object, and is nobody else's as long as it
  // lives.  It begins where the source is.
  explicit ReadAhead(FrameSource& source) : source_(source) {}
  // Waits for the frame that is being read.
  ~ReadAhead() override { StopReading(); }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  const VideoFormat& format() const override { return source_.format(); }
  absl::StatusOr<const VideoFrame*> Next() override;
  absl::Status Rewind() override;

 private:
  // What the source returned, with samples of its own.
  struct Slot {
    absl::Status status;
    bool is_end = false;
    VideoFrame frame;
    std::array<std::vector<uint8_t>, 3> planes;
  };
  // One that the caller has, one that is ready, one that is being read into.
  static constexpr size_t kNumSlots = 3;

  void Read();
  // Of the thread; fills `slot` with the source's next frame.
  void Fill(Slot& slot);
  void StopReading();

  FrameSource& source_;
  std::array<Slot, kNumSlots> slots_;
  std::mutex mutex_;  // Guards the following four.
  std::condition_variable changed_;
  size_t num_read_ = 0;
  size_t num_given_back_ = 0;  // Slots that may be read into again.
  bool is_stopped_ = false;
  size_t num_taken_ = 0;
  std::thread thread_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_READ_AHEAD_H_
