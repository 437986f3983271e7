#ifndef ENCODER_BRIDGE_MEDIA_TAGS_H_
#define ENCODER_BRIDGE_MEDIA_TAGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace encoder_bridge {

// Names and values, such as {"title", "Sintel"}, in the order of the file.
using Tags = std::vector<std::pair<std::string, std::string>>;

// What a file says of one stream.
struct StreamTags {
  Tags tags;            // "language" (ISO 639-2) and "title", where known.
  int disposition = 0;  // FFmpeg's AV_DISPOSITION_* flags.
};

// "language" of `stream`; empty: not known.
std::string LanguageOf(const StreamTags& stream);

// A part of a video with a name.
struct Chapter {
  int64_t start_ns = 0;  // Nanoseconds.
  int64_t end_ns = 0;    // Nanoseconds.
  Tags tags;             // "title".

  friend bool operator==(const Chapter&, const Chapter&) = default;
};

// What a video says besides pictures and sound.
struct MediaTags {
  Tags tags;
  StreamTags video;
  std::vector<Chapter> chapters;  // By the clock of the file's timestamps.
};

// Reads them from any file that VideoReader reads.  What describes the file
// rather than the work (the program that wrote it, its brand, statistics) is
// left out.
//
// Errors are those of VideoReader::Open().
absl::StatusOr<MediaTags> ReadMediaTags(const std::string& path);

// The chapters as a part of the video has them: the part begins at
// `origin_seconds` and lasts `duration_seconds`, or to the end.  Chapters that
// begin or end outside are cut, those wholly outside left out.
std::vector<Chapter> CutChapters(const std::vector<Chapter>& chapters,
                                 double origin_seconds,
                                 std::optional<double> duration_seconds);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_MEDIA_TAGS_H_
