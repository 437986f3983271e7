#ifndef CLI_ENCODER_FLAGS_H_
#define CLI_ENCODER_FLAGS_H_

#include "encoder_bridge/encoder_settings.h"

namespace CLI {
class App;
}

namespace cli {

// Adds libvpx's own settings as flags with libvpx's names to `verb`; they are
// stored in `settings` when the command line is parsed.
void AddEncoderFlags(CLI::App& verb, encoder_bridge::EncoderSettings& settings);

}  // namespace cli

#endif  // CLI_ENCODER_FLAGS_H_
