#ifndef VIDEOS_CATALOGUE_CSV_H_
#define VIDEOS_CATALOGUE_CSV_H_

#include <filesystem>
#include <vector>

#include "absl/status/statusor.h"
#include "videos/clip.h"

namespace videos {

// Reads the clips of the catalogue `file`, a CSV file with a header line that
// names its columns; docs/clips.md has them.  Paths in it are relative to the
// folder it is in.
//
// Returns InvalidArgument, beginning with "file:line: ", for whatever is
// malformed; NotFound for a clip without a file, and for a catalogue without
// a clip; the operating system's error if `file` cannot be read.
absl::StatusOr<std::vector<Clip>> ReadCatalogueCsv(
    const std::filesystem::path& file);

}  // namespace videos

#endif  // VIDEOS_CATALOGUE_CSV_H_
