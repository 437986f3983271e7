#include "muzero/checkpoint.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "muzero/network_config.h"
#include "muzero/network_config_json.h"
#include "muzero/network_shapes.h"
#include "muzero/safetensors.h"
#include "muzero/sha256.h"
#include "muzero/strict_json.h"
#include "muzero/tensor.h"
#include "muzero/whole_file.h"

namespace muzero {
namespace {

using nlohmann::json;
using Strings = std::map<std::string, std::string>;

constexpr char kFormat[] = "muzero checkpoint";
constexpr int kVersion = 1;
constexpr int64_t kMaxFileBytes = int64_t{1} << 30;
constexpr char kWeightsPrefix[] = "weights/";
constexpr char kOptimizerPrefix[] = "optimizer/";

// As it stands in the file just before the digits.  Within a name or a value of
// the header its quotes would be escaped, so that it is there only once.
constexpr absl::string_view kShaMark = "\"sha256\":\"";
constexpr size_t kShaDigits = 64;

// Where the digits of the SHA-256 are in `bytes`; npos if nowhere.
size_t FindShaDigits(absl::string_view bytes) {
  const size_t mark = bytes.find(kShaMark);
  if (mark == absl::string_view::npos ||
      bytes.size() - mark - kShaMark.size() < kShaDigits) {
    return absl::string_view::npos;
  }
  return mark + kShaMark.size();
}

absl::StatusOr<std::string> Get(const Strings& metadata,
                                const std::string& name) {
  const auto it = metadata.find(name);
  if (it == metadata.end()) {
    return absl::DataLossError(
        absl::StrCat("the checkpoint does not say its ", name));
  }
  return it->second;
}

absl::Status CheckFormat(const Strings& metadata) {
  const auto format = metadata.find("format");
  if (format == metadata.end() || format->second != kFormat) {
    return absl::InvalidArgumentError(
        "it is a safetensors file, but not a checkpoint of this program");
  }
  const absl::StatusOr<std::string> version = Get(metadata, "format_version");
  if (!version.ok()) return version.status();
  int number = 0;
  if (!absl::SimpleAtoi(*version, &number) || number < 1) {
    return absl::DataLossError(
        absl::StrCat("format_version '", *version, "' is not a version"));
  }
  if (number > kVersion) {
    return absl::InvalidArgumentError(
        absl::StrCat("the checkpoint is of version ", number, ", newer than ",
                     kVersion, ", the newest this program reads"));
  }
  return absl::OkStatus();
}

absl::Status CheckSha(absl::string_view bytes, const Strings& metadata) {
  const absl::StatusOr<std::string> sha = Get(metadata, "sha256");
  if (!sha.ok()) return sha.status();
  const size_t digits = FindShaDigits(bytes);
  if (digits == absl::string_view::npos ||
      bytes.substr(digits, kShaDigits) != *sha) {
    return absl::DataLossError("the checkpoint's SHA-256 is not in its place");
  }
  std::string blanked(bytes);
  blanked.replace(digits, kShaDigits, kShaDigits, '0');
  if (Sha256Hex(blanked) != *sha) {
    return absl::DataLossError(
        "the checkpoint is damaged: its SHA-256 is not what it says");
  }
  return absl::OkStatus();
}

absl::StatusOr<Strings> ParseNotes(const std::string& text) {
  const absl::StatusOr<json> object = ParseStrictJson(text);
  if (!object.ok()) return object.status();
  Strings notes;
  for (const auto& [name, value] : object->items()) {
    if (!object->is_object() || !value.is_string()) {
      return absl::InvalidArgumentError("notes are not an object of strings");
    }
    notes[name] = value.get<std::string>();
  }
  return notes;
}

// Reads what stands in the metadata.
absl::StatusOr<Checkpoint> ParseMetadata(const Strings& metadata) {
  const absl::StatusOr<std::string> config = Get(metadata, "config");
  if (!config.ok()) return config.status();
  const absl::StatusOr<std::string> step = Get(metadata, "step");
  if (!step.ok()) return step.status();
  const absl::StatusOr<std::string> notes_text = Get(metadata, "notes");
  if (!notes_text.ok()) return notes_text.status();

  Checkpoint checkpoint;
  absl::StatusOr<NetworkConfig> network = NetworkConfigFromJson(*config);
  if (!network.ok()) return network.status();
  checkpoint.config = *std::move(network);
  if (!absl::SimpleAtoi(*step, &checkpoint.step) || checkpoint.step < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("step '", *step, "' is not a number of steps"));
  }
  absl::StatusOr<Strings> notes = ParseNotes(*notes_text);
  if (!notes.ok()) return notes.status();
  checkpoint.notes = *std::move(notes);
  return checkpoint;
}

}  // namespace

std::string SerializeCheckpoint(const Checkpoint& checkpoint) {
  Safetensors file;
  file.metadata = {
      {"format", kFormat},
      {"format_version", absl::StrCat(kVersion)},
      {"config", NetworkConfigToJson(checkpoint.config)},
      {"step", absl::StrCat(checkpoint.step)},
      {"notes",
       json(checkpoint.notes)
           .dump(/*indent=*/-1, /*indent_char=*/' ',
                 /*ensure_ascii=*/false, json::error_handler_t::replace)},
      {"sha256", std::string(kShaDigits, '0')},
  };
  for (const auto& [name, tensor] : checkpoint.weights) {
    file.tensors[kWeightsPrefix + name] = tensor;
  }
  for (const auto& [name, tensor] : checkpoint.optimizer) {
    file.tensors[kOptimizerPrefix + name] = tensor;
  }
  std::string bytes = SerializeSafetensors(file);
  const std::string sha = Sha256Hex(bytes);
  bytes.replace(FindShaDigits(bytes), kShaDigits, sha);
  return bytes;
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view bytes) {
  absl::StatusOr<Safetensors> file = ParseSafetensors(bytes);
  if (absl::IsInvalidArgument(file.status())) {
    return absl::InvalidArgumentError("it is not a checkpoint");
  }
  if (!file.ok()) return file.status();
  absl::Status status = CheckFormat(file->metadata);
  if (!status.ok()) return status;
  status = CheckSha(bytes, file->metadata);
  if (!status.ok()) return status;

  absl::StatusOr<Checkpoint> checkpoint = ParseMetadata(file->metadata);
  if (!checkpoint.ok()) return checkpoint.status();
  for (auto& [name, tensor] : file->tensors) {
    absl::string_view rest = name;
    if (absl::ConsumePrefix(&rest, kWeightsPrefix)) {
      checkpoint->weights[std::string(rest)] = std::move(tensor);
    } else if (absl::ConsumePrefix(&rest, kOptimizerPrefix)) {
      checkpoint->optimizer[std::string(rest)] = std::move(tensor);
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          "tensor '", name, "' is neither weight nor optimiser state"));
    }
  }
  status = CheckWeights(checkpoint->config, checkpoint->weights);
  if (!status.ok()) return status;
  return checkpoint;
}

absl::Status SaveCheckpoint(const Checkpoint& checkpoint,
                            const std::string& path) {
  const std::string bytes = SerializeCheckpoint(checkpoint);
  // Rather keep the old file than replace it with one nobody can read.
  const absl::StatusOr<Checkpoint> read_back = ParseCheckpoint(bytes);
  if (!read_back.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot write ", path,
                     ", it could not be read: ", read_back.status().message()));
  }
  return WriteWholeFile(bytes, path);
}

absl::StatusOr<Checkpoint> LoadCheckpoint(const std::string& path) {
  const absl::StatusOr<std::string> bytes = ReadWholeFile(path, kMaxFileBytes);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(*bytes);
  if (checkpoint.ok()) return checkpoint;
  return absl::Status(
      checkpoint.status().code(),
      absl::StrCat("cannot read ", path, ": ", checkpoint.status().message()));
}

}  // namespace muzero
