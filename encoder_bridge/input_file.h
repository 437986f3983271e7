#ifndef ENCODER_BRIDGE_INPUT_FILE_H_
#define ENCODER_BRIDGE_INPUT_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace encoder_bridge {

// Says whether `path` is worth giving to a demuxer: an existing, readable,
// regular file that is neither empty nor plain text.  FFmpeg alone would wait
// for ever on a pipe, list a directory and render a text as video.
//
// Errors, each naming the path: NotFound, PermissionDenied, InvalidArgument.
absl::Status CheckInputFile(const std::string& path);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_INPUT_FILE_H_
