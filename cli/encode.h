#ifndef CLI_ENCODE_H_
#define CLI_ENCODE_H_

#include "cli/encode_arguments.h"
#include "cli/stop_signal.h"

namespace CLI {
class App;
}

namespace cli {

// Adds the verb to `app`; parsing fills `arguments`, which must outlive it.
CLI::App& AddEncodeVerb(CLI::App& app, EncodeArguments& arguments);

// Encodes one video to one file, or several to a folder: results on stdout,
// progress, warnings and errors on stderr.
int RunEncode(const EncodeArguments& arguments, StopSignal& stop);

}  // namespace cli

#endif  // CLI_ENCODE_H_
