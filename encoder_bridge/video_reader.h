#ifndef ENCODER_BRIDGE_VIDEO_READER_H_
#define ENCODER_BRIDGE_VIDEO_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/seekable_source.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader_options.h"

namespace encoder_bridge {

// Reads the first video stream of any file that FFmpeg's libraries read, as
// 4:2:0 frames in display order, upright (display rotation applied).
// Streams: memory does not grow with the length of the video.
//
// Time: a video of constant frame rate gets time_base = 1 / frame_rate and
// consecutive pts, but for gaps where frames were lost; one of variable frame
// rate keeps its own timestamps.  The first frame read has pts 0.  A time base
// is what libvpx takes: num <= den <= 10^9.
//
// Errors: NotFound, PermissionDenied and InvalidArgument name the file and
// say what is wrong with it.  Damage in mid-stream is no error: what decodes
// is returned, and notes() tells what was lost.  Where a picture is damaged,
// what FFmpeg fills the holes with may differ after Rewind(); the number of
// frames and their times do not.
//
// Opens regular local files only, and takes `path` literally: no URL, no
// pattern.  Open() reads the whole file once, without decoding, for its
// timestamps; frames before `start_seconds` are decoded and dropped.
//
// FFmpeg's libraries write to stderr; a program that does not want this sets
// av_log_set_level() itself.
class VideoReader : public SeekableSource {
 public:
  static absl::StatusOr<std::unique_ptr<VideoReader>> Open(
      const std::string& path, const VideoReaderOptions& options);

  ~VideoReader() override;
  VideoReader(const VideoReader&) = delete;
  VideoReader& operator=(const VideoReader&) = delete;

  const VideoFormat& format() const override;
  absl::StatusOr<const VideoFrame*> Next() override;
  absl::Status Rewind() override;
  // Decodes from the key frame before, if the file has timestamps and an index.
  // Errors: Unavailable, and those of Open().
  absl::Status StartAt(int64_t index, int64_t pts) override;

  // When the frame with pts 0 is shown, by the clock of the file's timestamps:
  // sound with this timestamp belongs to it.
  double origin_seconds() const;

  // What a user should know: conversions that lose bits, HDR metadata that is
  // left out, interlacing, size changes, damage.  Each is one line without a
  // final stop, said once however often the source is read.  Complete when
  // Next() has returned nullptr.
  const std::vector<std::string>& notes() const;

 private:
  class Impl;
  explicit VideoReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_VIDEO_READER_H_
