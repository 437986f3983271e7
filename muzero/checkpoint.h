#ifndef MUZERO_CHECKPOINT_H_
#define MUZERO_CHECKPOINT_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "muzero/network_config.h"
#include "muzero/tensor.h"

namespace muzero {

// All that a network is, and all that its training needs to go on.
//
// As a file: safetensors (https://github.com/huggingface/safetensors), that is
// a JSON header and raw numbers, with nothing in it that could run.
// __metadata__ has the format's name and version, the configuration, the step,
// the notes and the SHA-256 of the file, taken with zeros for its own 64
// digits.  Tensors are called weights/NAME and optimizer/NAME.
struct Checkpoint {
  NetworkConfig config;
  NamedTensors weights;    // Feature normalisation among them.
  NamedTensors optimizer;  // Empty in an inference-only export.
  int64_t step = 0;        // Optimiser steps taken.
  // What the program wants remembered, in UTF-8: settings, provenance.
  std::map<std::string, std::string> notes;
};

// The bytes of `checkpoint`; equal for equal checkpoints.
std::string SerializeCheckpoint(const Checkpoint& checkpoint);

// Errors: DataLoss if `bytes` are damaged or cut short; InvalidArgument if they
// are something else, or of a newer version, or have other weights than
// `config` says.  Whatever the bytes, memory is bounded by a small multiple of
// their number.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view bytes);

// Writes beside `path` and renames: `path` has the old file or the new one.
//
// Errors name `path` and the reason: InvalidArgument if LoadCheckpoint() would
// not read it, as with weights that do not fit the configuration.
absl::Status SaveCheckpoint(const Checkpoint& checkpoint,
                            const std::string& path);

// Errors name `path`: NotFound if there is no file; ResourceExhausted if it has
// more than 1 GiB; else as ParseCheckpoint().
absl::StatusOr<Checkpoint> LoadCheckpoint(const std::string& path);

}  // namespace muzero

#endif  // MUZERO_CHECKPOINT_H_
