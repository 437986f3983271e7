#ifndef ENCODER_BRIDGE_LIBRARIES_H_
#define ENCODER_BRIDGE_LIBRARIES_H_

#include <map>
#include <string>

namespace encoder_bridge {

// Versions of the libraries in use, as they report themselves, by name.
std::map<std::string, std::string> LibraryVersions();

// Stops FFmpeg's libraries from writing to stderr, for the whole process: what
// matters comes as a Status or a note.  Call once, before other threads run.
void SilenceLibraries();

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_LIBRARIES_H_
