#ifndef MUZERO_SAFETENSORS_H_
#define MUZERO_SAFETENSORS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "muzero/tensor.h"

namespace muzero {

// The safetensors file format (https://github.com/huggingface/safetensors),
// 32-bit floats only: the length of a JSON header as 8 bytes, little-endian;
// the header, which says each tensor's shape and place; the numbers.
struct Safetensors {
  NamedTensors tensors;
  std::map<std::string, std::string> metadata;
};

// The bytes of `file`; equal for equal contents.
// REQUIRES: every tensor has as many values as its shape says.
std::string SerializeSafetensors(const Safetensors& file);

// Takes nothing on trust: memory is bounded by a small multiple of the size of
// `bytes`, whatever they say.  Reads only what the format's rules allow: no
// name given twice, tensors that follow each other without gap or overlap and
// end where the file ends.
//
// Errors: InvalidArgument if `bytes` are of another format; DataLoss if they
// break its rules, as when cut short.
absl::StatusOr<Safetensors> ParseSafetensors(absl::string_view bytes);

}  // namespace muzero

#endif  // MUZERO_SAFETENSORS_H_
