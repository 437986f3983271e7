#ifndef TESTS_ENCODER_BRIDGE_JOINED_CLIP_H_
#define TESTS_ENCODER_BRIDGE_JOINED_CLIP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/seekable_source.h"
#include "encoder_bridge/video_frame.h"
#include "tests/testing/synthetic_clip.h"

namespace encoder_bridge {

// Synthetic scenes of some lengths, one after the other.
class JoinedClip : public SeekableSource {
 public:
  enum class Index {
    kGood,
    kNone,   // StartAt() refuses.
    kWrong,  // StartAt() leads to the frame behind the wanted one.
  };

  explicit JoinedClip(const std::vector<int>& lengths,
                      Index index = Index::kGood)
      : index_(index) {
    uint32_t seed = 1;
    for (const int length : lengths) {
      scenes_.push_back({testing_support::SyntheticClip(
                             {.num_frames = length + 1, .seed = seed++}),
                         length});
    }
  }

  const VideoFormat& format() const override {
    return scenes_.front().clip.format();
  }

  absl::StatusOr<const VideoFrame*> Next() override {
    if (scene_ == scenes_.size()) return nullptr;
    const auto frame = scenes_[scene_].clip.Next();
    frame_ = **frame;
    frame_.pts = next_++;
    if (++in_scene_ == scenes_[scene_].length) {
      ++scene_;
      in_scene_ = 0;
    }
    return &frame_;
  }

  absl::Status Rewind() override {
    for (Scene& scene : scenes_) {
      if (!scene.clip.Rewind().ok()) return absl::InternalError("no way back");
    }
    ++num_rewinds_;
    scene_ = 0;
    in_scene_ = 0;
    next_ = 0;
    return absl::OkStatus();
  }

  absl::Status StartAt(int64_t index, int64_t pts) override {
    if (index_ == Index::kNone) return absl::UnavailableError("no index");
    absl::Status status = Rewind();
    --num_rewinds_;
    const int64_t skipped = index + (index_ == Index::kWrong ? 1 : 0);
    for (int64_t i = 0; i < skipped && status.ok(); ++i) {
      status = Next().status();
    }
    next_ = pts;
    return status;
  }

  int num_rewinds() const { return num_rewinds_; }

 private:
  struct Scene {
    testing_support::SyntheticClip clip;
    int length = 0;
  };

  const Index index_;
  std::vector<Scene> scenes_;
  size_t scene_ = 0;
  int in_scene_ = 0;  // Frames of it that were returned.
  int64_t next_ = 0;
  int num_rewinds_ = 0;
  VideoFrame frame_;
};

// The frames that a source has left.
inline std::vector<LoggedFrame> RestOf(FrameSource& source) {
  FrameLog log(source);
  while (*log.Next() != nullptr) continue;
  return log.frames();
}

}  // namespace encoder_bridge

#endif  // TESTS_ENCODER_BRIDGE_JOINED_CLIP_H_
