#ifndef TESTS_TESTING_READ_VIDEO_H_
#define TESTS_TESTING_READ_VIDEO_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader.h"

namespace testing_support {

// A frame kept beyond the life of its source.
struct KeptFrame {
  std::string bytes;  // Y, U and V without padding, as in a raw video file.
  int width = 0;
  int height = 0;
  int bytes_per_sample = 1;
  int64_t pts = 0;
  int64_t duration = 0;

  int luma(int x, int y) const {
    const auto place = static_cast<size_t>((y * width + x) * bytes_per_sample);
    const int low = static_cast<uint8_t>(bytes[place]);
    if (bytes_per_sample == 1) return low;
    return low + 256 * static_cast<uint8_t>(bytes[place + 1]);
  }
  friend bool operator==(const KeptFrame&, const KeptFrame&) = default;
};

inline KeptFrame Keep(const encoder_bridge::VideoFrame& frame) {
  KeptFrame kept = {.width = frame.width,
                    .height = frame.height,
                    .bytes_per_sample = frame.bytes_per_sample(),
                    .pts = frame.pts,
                    .duration = frame.duration};
  for (size_t plane = 0; plane < 3; ++plane) {
    const int width = plane == 0 ? frame.width : (frame.width + 1) / 2;
    const int height = plane == 0 ? frame.height : (frame.height + 1) / 2;
    for (int y = 0; y < height; ++y) {
      const uint8_t* row = frame.planes[plane] + y * frame.strides[plane];
      kept.bytes.append(row, row + width * frame.bytes_per_sample());
    }
  }
  return kept;
}

// All frames from the next one on; fails the test on an error.
inline std::vector<KeptFrame> ReadAll(encoder_bridge::FrameSource& source) {
  std::vector<KeptFrame> frames;
  while (true) {
    const absl::StatusOr<const encoder_bridge::VideoFrame*> frame =
        source.Next();
    EXPECT_TRUE(frame.ok()) << frame.status();
    if (!frame.ok() || *frame == nullptr) return frames;
    frames.push_back(Keep(**frame));
  }
}

// A video and all its frames, read once.
struct ReadVideo {
  std::unique_ptr<encoder_bridge::VideoReader> reader;
  std::vector<KeptFrame> frames;

  const encoder_bridge::VideoFormat& format() const { return reader->format(); }
  const std::vector<std::string>& notes() const { return reader->notes(); }
};

// Opens `path` and reads it; throws, which fails the test, if it cannot.
inline ReadVideo Read(const std::string& path,
                      const encoder_bridge::VideoReaderOptions& options = {}) {
  ReadVideo video = {
      .reader = encoder_bridge::VideoReader::Open(path, options).value()};
  video.frames = ReadAll(*video.reader);
  return video;
}

}  // namespace testing_support

#endif  // TESTS_TESTING_READ_VIDEO_H_
