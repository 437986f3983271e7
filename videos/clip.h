#ifndef VIDEOS_CLIP_H_
#define VIDEOS_CLIP_H_

#include <string>

namespace videos {

// One entry of a catalogue: a video file and what the catalogue says of it.
// Nobody has looked into the file; 0 and empty mean that nothing is said.
struct Clip {
  std::string name;         // Unique in its catalogue; never empty.
  std::string path;         // Can be opened from the working directory.
  int width = 0;            // Pixels.
  int height = 0;           // Pixels.
  double frame_rate = 0.0;  // Frames per second.
  int frames = 0;           // Shown frames.
  std::string sha256;       // Of the file's bytes: 64 lower-case digits.
  std::string licence;
  std::string source;  // Where the file came from.
  std::string split;   // Such as "train", "validation", "test".
};

}  // namespace videos

#endif  // VIDEOS_CLIP_H_
