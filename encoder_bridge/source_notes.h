#ifndef ENCODER_BRIDGE_SOURCE_NOTES_H_
#define ENCODER_BRIDGE_SOURCE_NOTES_H_

#include <string>
#include <vector>

#include "encoder_bridge/display_geometry.h"
#include "encoder_bridge/video_frame.h"

struct AVFrame;

namespace encoder_bridge {

// What a user should know of a video that is read: one line each, without a
// final stop, said once however often it comes up.
class SourceNotes {
 public:
  void Add(std::string note);

  // What there is to say of a decoded picture that becomes one of `format`;
  // `first` is the shape of the video's first one.
  void AddPicture(const AVFrame& picture, const PictureShape& first,
                  const VideoFormat& format);

  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::vector<std::string> notes_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_SOURCE_NOTES_H_
