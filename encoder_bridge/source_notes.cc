#include "encoder_bridge/source_notes.h"

extern "C" {
#include <libavutil/frame.h>
}

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "encoder_bridge/display_geometry.h"
#include "encoder_bridge/ffmpeg_versions.h"
#include "encoder_bridge/frame_converter.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

void SourceNotes::Add(std::string note) {
  if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) {
    notes_.push_back(std::move(note));
  }
}

void SourceNotes::AddPicture(const AVFrame& picture, const PictureShape& first,
                             const VideoFormat& format) {
  const std::string conversion = ConversionNote(picture, format.bit_depth);
  if (!conversion.empty()) Add(conversion);
  if (IsInterlaced(picture)) {
    Add("interlaced source: coded as frames, not deinterlaced");
  }
  if (picture.width != first.width || picture.height != first.height) {
    Add(absl::StrCat("size changes to ", picture.width, "x", picture.height,
                     " in mid-stream: scaled to ", format.width, "x",
                     format.height));
  }
}

}  // namespace encoder_bridge
