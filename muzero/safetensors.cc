#include "muzero/safetensors.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "muzero/strict_json.h"
#include "muzero/tensor.h"

namespace muzero {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little,
              "numbers in files are little-endian");

constexpr size_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = uint64_t{1} << 20;
constexpr uint64_t kAlignmentBytes = 8;
constexpr char kMetadataName[] = "__metadata__";

// One tensor's entry of the header, checked by itself.
struct Entry {
  std::string name;
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // In bytes, from the end of the header.
  uint64_t end = 0;
};

absl::Status TensorError(absl::string_view name, absl::string_view reason) {
  return absl::DataLossError(
      absl::StrCat("header of tensor '", name, "' ", reason));
}

absl::StatusOr<Entry> ParseEntry(const std::string& name, const json& entry,
                                 uint64_t data_bytes) {
  if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") ||
      !entry.contains("shape") || !entry.contains("data_offsets")) {
    return TensorError(name, "is not dtype, shape and data_offsets");
  }
  if (entry["dtype"] != "F32") return TensorError(name, "is not of dtype F32");
  const json& offsets = entry["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2 ||
      !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    return TensorError(name, "has other data_offsets than two numbers");
  }
  Entry result = {.name = name,
                  .begin = offsets[0].get<uint64_t>(),
                  .end = offsets[1].get<uint64_t>()};
  if (result.begin > result.end || result.end > data_bytes) {
    return TensorError(name, "points outside the file");
  }
  const json& shape = entry["shape"];
  if (!shape.is_array()) return TensorError(name, "has no shape");
  // Every factor but 0 only adds to the product, so that checking it against
  // the bytes at hand rules out an overflow.
  uint64_t bytes = sizeof(float);
  bool is_empty = false;
  for (const json& extent : shape) {
    if (!extent.is_number_unsigned()) {
      return TensorError(name, "has a shape that is not of whole numbers");
    }
    const uint64_t value = extent.get<uint64_t>();
    is_empty = is_empty || value == 0;
    if (value > 0 && bytes > data_bytes / value && !is_empty) {
      return TensorError(name, "has a shape larger than the file");
    }
    if (value > uint64_t{std::numeric_limits<int32_t>::max()}) {
      return TensorError(name, "has a shape larger than 2^31");
    }
    if (!is_empty) bytes *= value;
    result.shape.push_back(static_cast<int64_t>(value));
  }
  if (is_empty) bytes = 0;
  if (bytes != result.end - result.begin) {
    return TensorError(name, "has a shape that does not fit its data_offsets");
  }
  return result;
}

absl::StatusOr<std::map<std::string, std::string>> ParseMetadata(
    const json& header) {
  std::map<std::string, std::string> metadata;
  if (!header.contains(kMetadataName)) return metadata;
  if (!header[kMetadataName].is_object()) {
    return absl::DataLossError("header's __metadata__ is not an object");
  }
  for (const auto& [name, value] : header[kMetadataName].items()) {
    if (!value.is_string()) {
      return absl::DataLossError("header's __metadata__ is not all strings");
    }
    metadata[name] = value.get<std::string>();
  }
  return metadata;
}

}  // namespace

std::string SerializeSafetensors(const Safetensors& file) {
  json header = json::object();
  if (!file.metadata.empty()) header[kMetadataName] = file.metadata;
  std::string data;
  for (const auto& [name, tensor] : file.tensors) {
    [[maybe_unused]] int64_t size = 1;
    for (const int64_t extent : tensor.shape) size *= extent;
    assert(size == static_cast<int64_t>(tensor.values.size()));
    const size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.values.data()),
                tensor.values.size() * sizeof(float));
    header[name] = {{"dtype", "F32"},
                    {"shape", tensor.shape},
                    {"data_offsets", {begin, data.size()}}};
  }
  std::string text =
      header.dump(/*indent=*/-1, /*indent_char=*/' ', /*ensure_ascii=*/false,
                  json::error_handler_t::replace);
  // Spaces, so that the numbers are aligned for whoever maps the file.
  text.resize(
      (text.size() + kAlignmentBytes - 1) / kAlignmentBytes * kAlignmentBytes,
      ' ');
  const uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return absl::StrCat(bytes, text, data);
}

absl::StatusOr<Safetensors> ParseSafetensors(absl::string_view bytes) {
  uint64_t length = 0;
  if (bytes.size() <= kLengthBytes || bytes[kLengthBytes] != '{') {
    return absl::InvalidArgumentError("it is not a safetensors file");
  }
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMaxHeaderBytes) {
    return absl::InvalidArgumentError("it is not a safetensors file");
  }
  if (length > bytes.size() - kLengthBytes) {
    return absl::DataLossError("the file ends within its header");
  }
  const absl::StatusOr<json> header =
      ParseStrictJson(bytes.substr(kLengthBytes, length));
  if (!header.ok()) return absl::DataLossError(header.status().message());
  if (!header->is_object()) {
    return absl::DataLossError("header is not a JSON object");
  }

  const absl::string_view data = bytes.substr(kLengthBytes + length);
  std::vector<Entry> entries;
  for (const auto& [name, value] : header->items()) {
    if (name == kMetadataName) continue;
    absl::StatusOr<Entry> entry = ParseEntry(name, value, data.size());
    if (!entry.ok()) return entry.status();
    entries.push_back(*std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });

  Safetensors file;
  uint64_t position = 0;
  for (Entry& entry : entries) {
    if (entry.begin != position) {
      return TensorError(entry.name, "leaves a gap or an overlap");
    }
    position = entry.end;
    Tensor& tensor = file.tensors[entry.name];
    tensor.shape = std::move(entry.shape);
    tensor.values.resize((entry.end - entry.begin) / sizeof(float));
    // An empty tensor has nowhere to copy to.
    if (tensor.values.empty()) continue;
    std::memcpy(tensor.values.data(), data.data() + entry.begin,
                entry.end - entry.begin);
  }
  if (position != data.size()) {
    return absl::DataLossError(absl::StrCat("tensors take ", position,
                                            " bytes, but the file has ",
                                            data.size(), " for them"));
  }
  absl::StatusOr<std::map<std::string, std::string>> metadata =
      ParseMetadata(*header);
  if (!metadata.ok()) return metadata.status();
  file.metadata = *std::move(metadata);
  return file;
}

}  // namespace muzero
