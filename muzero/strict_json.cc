#include "muzero/strict_json.h"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace muzero {
namespace {

using nlohmann::json;

constexpr size_t kMaxDepth = 8;

// Walks over the text without keeping it, and stops at the first thing that is
// not allowed.
class StrictnessCheck : public nlohmann::json_sax<json> {
 public:
  const std::string& reason() const { return reason_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return Enter(); }
  bool end_object() override { return Leave(); }
  bool start_array(size_t) override { return Enter(); }
  bool end_array() override { return Leave(); }

  bool key(string_t& name) override {
    if (names_.back().insert(name).second) return true;
    reason_ = "a name is given twice";
    return false;
  }

  bool parse_error(size_t position, const std::string&,
                   const json::exception&) override {
    reason_ = absl::StrCat("it is malformed at byte ", position);
    return false;
  }

 private:
  bool Enter() {
    names_.emplace_back();
    if (names_.size() <= kMaxDepth) return true;
    reason_ = absl::StrCat("it is nested deeper than ", kMaxDepth);
    return false;
  }

  bool Leave() {
    names_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> names_;  // Of each open object.
  std::string reason_;
};

}  // namespace

absl::StatusOr<json> ParseStrictJson(absl::string_view text) {
  StrictnessCheck check;
  if (!json::sax_parse(text.begin(), text.end(), &check)) {
    return absl::InvalidArgumentError(
        absl::StrCat("JSON cannot be read: ", check.reason()));
  }
  return json::parse(text.begin(), text.end(), /*cb=*/nullptr,
                     /*allow_exceptions=*/false);
}

}  // namespace muzero
