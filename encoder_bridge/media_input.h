#ifndef ENCODER_BRIDGE_MEDIA_INPUT_H_
#define ENCODER_BRIDGE_MEDIA_INPUT_H_

#include <string>

#include "absl/status/statusor.h"
#include "encoder_bridge/ffmpeg_handles.h"

struct AVFormatContext;
struct AVStream;

namespace encoder_bridge {

// Opens a local file to demux.  Takes `path` literally and opens no other
// file, whatever the name or the contents ask for.
//
// Errors, each naming the path: NotFound, PermissionDenied, InvalidArgument.
absl::StatusOr<InputHandle> OpenMediaInput(const std::string& path);

// The stream that is the video of the file; cover art is none.  nullptr if
// there is none.
AVStream* FirstVideoStream(const AVFormatContext& input);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_MEDIA_INPUT_H_
