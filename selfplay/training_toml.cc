#include "selfplay/training_toml.h"

#include <toml++/toml.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "muzero/search_config.h"
#include "muzero/whole_file.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_config.h"
#include "selfplay/training_fields.h"

namespace selfplay {
namespace {

using muzero::SearchAlgorithm;

constexpr int64_t kMaxFileBytes = 1 << 20;

// ---- Enumerations, by name ----

template <typename Enum>
struct Named {
  absl::string_view name;
  Enum value;
};

constexpr Named<RewardRule> kRules[] = {
    {"win_loss", RewardRule::kWinLoss},
    {"win_loss_tolerance", RewardRule::kWinLossTolerance},
    {"gain", RewardRule::kGain},
};
constexpr Named<SearchAlgorithm> kAlgorithms[] = {
    {"gumbel", SearchAlgorithm::kGumbel},
    {"puct", SearchAlgorithm::kPuct},
};

const auto& NamesOf(RewardRule) { return kRules; }
const auto& NamesOf(SearchAlgorithm) { return kAlgorithms; }

template <typename Enum>
std::string Choices() {
  return absl::StrJoin(NamesOf(Enum()), ", ",
                       [](std::string* out, const Named<Enum>& named) {
                         absl::StrAppend(out, "\"", named.name, "\"");
                       });
}

// ---- Writing ----

// The shortest decimal that reads back as `number`, with a mark of a float.
std::string FloatText(double number) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof(text), number);
  const absl::string_view digits(text, static_cast<size_t>(end - text));
  const bool is_whole = digits.find_first_of(".e") == absl::string_view::npos;
  return absl::StrCat(digits, is_whole ? ".0" : "");
}

std::string Text(bool value) { return value ? "true" : "false"; }
std::string Text(int value) { return absl::StrCat(value); }
std::string Text(int64_t value) { return absl::StrCat(value); }
std::string Text(uint64_t value) { return absl::StrCat(value); }
std::string Text(double value) { return FloatText(value); }

std::string Text(const std::string& value) {
  std::ostringstream out;
  out << toml::value<std::string>(value);
  return out.str();
}

std::string Text(const std::vector<double>& values) {
  return absl::StrCat("[",
                      absl::StrJoin(values, ", ",
                                    [](std::string* out, double value) {
                                      out->append(FloatText(value));
                                    }),
                      "]");
}

template <typename Enum>
requires std::is_enum_v<Enum> std::string Text(Enum value) {
  for (const auto& named : NamesOf(value)) {
    if (named.value == value) return absl::StrCat("\"", named.name, "\"");
  }
  return "\"\"";
}

std::string TextOf(const TrainingField& field) {
  return std::visit([](const auto* value) { return Text(*value); },
                    field.value);
}

std::string CommentOf(const TrainingField& field,
                      const TrainingField& default_field) {
  return absl::StrCat(
      "# ", field.meaning,
      field.unit.empty() ? "" : absl::StrCat(" [", field.unit, "]"),
      "\n#   default ", TextOf(default_field), "; ", field.source, "\n");
}

// ---- Reading ----

absl::Status Wanted(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("wanted ", what));
}

// Each of these takes `node` into `value`, or says what was wanted.

absl::Status Take(const toml::node& node, bool& value) {
  if (!node.is_boolean()) return Wanted("true or false");
  value = **node.as_boolean();
  return absl::OkStatus();
}

template <typename Integer>
requires(std::is_integral_v<Integer>) absl::Status
    Take(const toml::node& node, Integer& value) {
  if (!node.is_integer()) return Wanted("a whole number");
  const int64_t number = **node.as_integer();
  if (!std::in_range<Integer>(number)) {
    return Wanted(absl::StrCat("a whole number in [",
                               std::numeric_limits<Integer>::min(), ", ",
                               std::numeric_limits<Integer>::max(), "]"));
  }
  value = static_cast<Integer>(number);
  return absl::OkStatus();
}

absl::Status Take(const toml::node& node, double& value) {
  if (!node.is_number()) return Wanted("a number");
  value = *node.value<double>();
  return absl::OkStatus();
}

absl::Status Take(const toml::node& node, std::string& value) {
  if (!node.is_string()) return Wanted("a text in quotes");
  value = **node.as_string();
  return absl::OkStatus();
}

absl::Status Take(const toml::node& node, std::vector<double>& values) {
  if (!node.is_array()) return Wanted("a list of numbers");
  values.clear();
  for (const toml::node& element : *node.as_array()) {
    double value = 0;
    if (!Take(element, value).ok()) return Wanted("a list of numbers");
    values.push_back(value);
  }
  return absl::OkStatus();
}

template <typename Enum>
requires std::is_enum_v<Enum> absl::Status Take(const toml::node& node,
                                                Enum& value) {
  for (const auto& named : NamesOf(value)) {
    if (!node.is_string() || **node.as_string() != named.name) continue;
    value = named.value;
    return absl::OkStatus();
  }
  return Wanted(absl::StrCat("one of ", Choices<Enum>()));
}

// As people name it: "learner.batch_size".
std::string NameOf(absl::string_view section, absl::string_view key) {
  return absl::StrCat(section, section.empty() ? "" : ".", key);
}

// Takes the constants of a parsed file.
class Reader {
 public:
  Reader(absl::string_view file, const toml::table& root)
      : file_(file), root_(root) {}

  absl::StatusOr<TrainingConfig> Read() {
    TrainingConfig config;
    fields_ = TrainingFields(config);
    absl::Status status = TakeTable("", root_);
    if (!status.ok()) return status;
    status = config.Validate();
    if (!status.ok()) return Locate(status);
    return config;
  }

 private:
  absl::Status Error(const toml::node& node, absl::string_view text) const {
    return absl::InvalidArgumentError(
        absl::StrCat(file_, ":", node.source().begin.line, ": ", text));
  }

  const TrainingField* Find(absl::string_view section,
                            absl::string_view key) const {
    for (const TrainingField& field : fields_) {
      if (field.section == section && field.key == key) return &field;
    }
    return nullptr;
  }

  bool IsSection(absl::string_view name) const {
    for (const TrainingField& field : fields_) {
      if (!name.empty() && field.section == name) return true;
    }
    return false;
  }

  absl::Status TakeTable(absl::string_view section, const toml::table& table) {
    for (const auto& [toml_key, node] : table) {
      const absl::string_view key(toml_key.data(), toml_key.length());
      const absl::Status status = TakeKey(section, key, node);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status TakeKey(absl::string_view section, absl::string_view key,
                       const toml::node& node) {
    const std::string name = NameOf(section, key);
    const TrainingField* const field = Find(section, key);
    if (field != nullptr) {
      const absl::Status status = std::visit(
          [&node](auto* value) { return Take(node, *value); }, field->value);
      if (status.ok()) return status;
      return Error(node, absl::StrCat(name, ": ", status.message()));
    }
    if (section.empty() && IsSection(key)) {
      if (node.is_table()) return TakeTable(key, *node.as_table());
      return Error(node, absl::StrCat("[", key, "] is a section, not a value"));
    }
    return Error(node, absl::StrCat("there is no ", name));
  }

  // What Validate() says begins with the name of a constant: that has a line,
  // unless it is the default.
  absl::Status Locate(const absl::Status& status) const {
    const std::string text(status.message());
    const std::string name = text.substr(0, text.find_first_of(" ["));
    const auto node = root_.at_path(name);
    if (node) return Error(*node.node(), text);
    return absl::InvalidArgumentError(absl::StrCat(file_, ": ", text));
  }

  const absl::string_view file_;
  const toml::table& root_;
  std::vector<TrainingField> fields_;
};

absl::StatusOr<toml::table> ParseToml(absl::string_view text,
                                      absl::string_view name) {
  try {
    return toml::parse(std::string_view(text.data(), text.size()));
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", error.source().begin.line, ": ",
                     absl::string_view(error.description().data(),
                                       error.description().size())));
  }
}

}  // namespace

std::string FormatTrainingToml(const TrainingConfig& config) {
  TrainingConfig copy = config;
  TrainingConfig defaults;
  const std::vector<TrainingField> fields = TrainingFields(copy);
  const std::vector<TrainingField> default_fields = TrainingFields(defaults);
  std::string text =
      "# All constants of a training run.  Each has its meaning, its [unit], "
      "its\n# default and where that is from (\"chosen\": by judgement, not "
      "measured).  What\n# is left out is the default.\n";
  absl::string_view section;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].section != section) {
      section = fields[i].section;
      absl::StrAppend(&text, "\n[", section, "]\n");
    }
    absl::StrAppend(&text, "\n", CommentOf(fields[i], default_fields[i]),
                    fields[i].key, " = ", TextOf(fields[i]), "\n");
  }
  return text;
}

absl::StatusOr<TrainingConfig> ParseTrainingToml(absl::string_view toml,
                                                 absl::string_view name) {
  const absl::StatusOr<toml::table> root = ParseToml(toml, name);
  if (!root.ok()) return root.status();
  return Reader(name, *root).Read();
}

absl::StatusOr<TrainingConfig> LoadTrainingToml(const std::string& path) {
  const absl::StatusOr<std::string> text =
      muzero::ReadWholeFile(path, kMaxFileBytes);
  if (!text.ok()) return text.status();
  return ParseTrainingToml(*text, path);
}

}  // namespace selfplay
