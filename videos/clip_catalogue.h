#ifndef VIDEOS_CLIP_CATALOGUE_H_
#define VIDEOS_CLIP_CATALOGUE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "videos/clip.h"

namespace videos {

// The clips that an evaluation or a training run works on: at least one, with
// unique names, whose files were all there when the catalogue was opened.  No
// file is decoded, and no sha256 is computed.  docs/clips.md has the format.
//
// Immutable, so any number of threads may read it.
class ClipCatalogue {
 public:
  // Opens one of:
  // - a CSV file (`path` ends in ".csv"), clips in the order of its rows;
  // - a folder with a catalogue.csv in it: that file;
  // - any other folder: the video files in it and below, sorted by their path
  //   relative to the folder, which is their name.  Those below a subfolder
  //   train, validation or test are in the split of that name.  Hidden and
  //   temporary files are left out, links to folders are not followed;
  // - any other file: a catalogue of this one clip.
  //
  // Returns NotFound if `path`, or a file that the CSV names, is not there or
  // the catalogue has no clip; InvalidArgument ("file:line: ...") if the CSV is
  // malformed; the operating system's error if something cannot be read.
  static absl::StatusOr<ClipCatalogue> Open(const std::string& path);

  // Never empty.
  const std::vector<Clip>& clips() const { return clips_; }

  // The clips of `split`, in the same order.  Returns NotFound, listing the
  // splits there are, if there is none.
  absl::StatusOr<ClipCatalogue> Select(absl::string_view split) const;

 private:
  ClipCatalogue(std::string path, std::vector<Clip> clips)
      : path_(std::move(path)), clips_(std::move(clips)) {}

  std::string path_;
  std::vector<Clip> clips_;
};

}  // namespace videos

#endif  // VIDEOS_CLIP_CATALOGUE_H_
