#ifndef CLI_EXIT_STATUS_H_
#define CLI_EXIT_STATUS_H_

namespace cli {

// What the program's exit status says; documented in docs/cli.md.
enum ExitStatus {
  kSuccess = 0,
  kFailure = 1,         // The input, the output or the encoder failed.
  kUsage = 2,           // The command line is wrong; nothing was done.
  kPartialFailure = 3,  // evaluate: some clips failed, the rest is reported.
  kSignalBase = 128,    // Plus the signal's number: interrupted.
};

}  // namespace cli

#endif  // CLI_EXIT_STATUS_H_
