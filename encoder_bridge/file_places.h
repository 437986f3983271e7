#ifndef ENCODER_BRIDGE_FILE_PLACES_H_
#define ENCODER_BRIDGE_FILE_PLACES_H_

#include <sys/types.h>

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace encoder_bridge {

// Where this process is in the files that it reads.  A forked copy shares that
// place with the process it was copied from: what one reads, the other misses.
//
//   before fork()         auto places = FilePlaces::Now();
//   after it, in the copy places->Reopen();
//
// All regular files open for reading alone count, but for the standard streams,
// which others may have opened for this process and it may not open.  The
// process that forks must not read them in between.
class FilePlaces {
 public:
  // Internal if /proc cannot be read.
  static absl::StatusOr<FilePlaces> Now();

  // Gives this process the same files at the same places, for itself, under the
  // same descriptors.  Unknown if one cannot be opened again.
  absl::Status Reopen() const;

 private:
  struct Place {
    int fd = -1;
    off_t offset = 0;
  };

  std::vector<Place> places_;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FILE_PLACES_H_
