#include "selfplay/decoded_clip.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/video_frame.h"

namespace selfplay {

using encoder_bridge::VideoFrame;

absl::StatusOr<std::shared_ptr<const DecodedClip>> DecodedClip::Read(
    encoder_bridge::FrameSource& source, int64_t max_bytes,
    const std::stop_token& stop) {
  const absl::Status status = source.Rewind();
  if (!status.ok()) return status;
  const std::shared_ptr<DecodedClip> clip(new DecodedClip(source.format()));
  while (true) {
    if (stop.stop_requested()) return absl::CancelledError("interrupted");
    const absl::StatusOr<const VideoFrame*> frame = source.Next();
    if (!frame.ok()) return frame.status();
    if (*frame == nullptr) return clip;
    clip->Add(**frame);
    if (clip->bytes_ > max_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("decoded frames take more than ", max_bytes, " bytes"));
    }
  }
}

void DecodedClip::Add(const VideoFrame& frame) {
  const int chroma_width = (frame.width + 1) / 2;
  const int chroma_height = (frame.height + 1) / 2;
  const int bytes = frame.bytes_per_sample();
  const int widths[] = {bytes * frame.width, bytes * chroma_width,
                        bytes * chroma_width};
  const int heights[] = {frame.height, chroma_height, chroma_height};
  std::vector<uint8_t> samples(
      static_cast<size_t>(widths[0]) * static_cast<size_t>(frame.height) +
      2 * static_cast<size_t>(widths[1]) * static_cast<size_t>(chroma_height));
  VideoFrame copy = frame;
  uint8_t* next = samples.data();
  for (size_t plane = 0; plane < frame.planes.size(); ++plane) {
    copy.planes[plane] = next;
    copy.strides[plane] = widths[plane];
    for (int y = 0; y < heights[plane]; ++y) {
      const uint8_t* const row =
          frame.planes[plane] + std::ptrdiff_t{y} * frame.strides[plane];
      next = std::copy(row, row + widths[plane], next);
    }
  }
  bytes_ += static_cast<int64_t>(samples.size());
  samples_.push_back(std::move(samples));  // Its data() stays where it is.
  frames_.push_back(copy);
}

}  // namespace selfplay
