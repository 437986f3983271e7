#include "cli/bit_depth.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cli {

void AddBitDepthFlag(CLI::App& verb, std::string& text) {
  verb.add_option("--bit-depth", text,
                  "Bits of a sample: 8 is VP9 profile 0, 10 profile 2; auto: "
                  "10 for videos of more than 8 bits, else 8")
      ->type_name("auto|8|10")
      ->capture_default_str();
}

absl::StatusOr<std::optional<int>> ReadBitDepth(absl::string_view text,
                                                bool codes_ten_bits) {
  if (text == "8") return 8;
  if (text == "10" && codes_ten_bits) return 10;
  if (text == "10") {
    return absl::FailedPreconditionError(
        "--bit-depth 10: this libvpx was built without high bit depth, wanted "
        "auto or 8");
  }
  if (text != "auto") {
    return absl::InvalidArgumentError(
        absl::StrCat("--bit-depth ", text, " is not one of auto, 8, 10"));
  }
  if (!codes_ten_bits) return 8;
  return std::nullopt;
}

}  // namespace cli
