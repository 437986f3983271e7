#ifndef VIDEOS_VIDEO_FOLDER_H_
#define VIDEOS_VIDEO_FOLDER_H_

#include <filesystem>
#include <vector>

#include "absl/status/statusor.h"
#include "videos/clip.h"

namespace videos {

// Lists the video files in `folder` and below as clips, sorted by name, which
// is the path relative to `folder`.  A clip's split is the first folder of its
// name if that is train, validation or test.
//
// A video is told by its extension, in either case.  Hidden files and folders,
// and files whose stem ends in .part, .partial, .temp or .tmp (as downloaders
// leave them), are left out.  Links to files are followed, links to folders
// are not.
//
// Returns NotFound if there is no video, and the operating system's error if a
// folder cannot be read.
absl::StatusOr<std::vector<Clip>> ListVideoFolder(
    const std::filesystem::path& folder);

}  // namespace videos

#endif  // VIDEOS_VIDEO_FOLDER_H_
