#include "selfplay/training_toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "muzero/search_config.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_config.h"
#include "selfplay/training_fields.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

// Everything that is not the default and still makes sense.
void Change(bool& value) { value = !value; }
void Change(int& value) { value = value > 1 ? value - 1 : value + 1; }
void Change(int64_t& value) { ++value; }
void Change(uint64_t& value) { value = 9'007'199'254'740'993; }
void Change(double& value) { value = value / 3 + 0.01; }
void Change(std::string& value) { value = "a \"b\" \\ ü"; }
void Change(std::vector<double>& value) { value = {300, 100.0 / 3}; }
void Change(RewardRule& value) { value = RewardRule::kWinLossTolerance; }
void Change(muzero::SearchAlgorithm& value) {
  value = muzero::SearchAlgorithm::kPuct;
}

TrainingConfig ChangedConfig() {
  TrainingConfig config;
  for (const TrainingField& field : TrainingFields(config)) {
    std::visit([](auto* value) { Change(*value); }, field.value);
  }
  config.episode.cpu_used = 3;
  config.network.token_width = 96;  // A multiple of the heads.
  config.self_play.search.pb_c_base = 1e4 / 3;
  config.learner.max_loss_ratio = 1e8 / 7;
  return config;
}

// The names of the fields that differ.
std::vector<std::string> Differences(TrainingConfig a, TrainingConfig b) {
  const std::vector<TrainingField> fields = TrainingFields(a);
  const std::vector<TrainingField> others = TrainingFields(b);
  std::vector<std::string> names;
  for (size_t i = 0; i < fields.size(); ++i) {
    const bool is_same = std::visit(
        [&](auto* value) {
          return *value == *std::get<decltype(value)>(others[i].value);
        },
        fields[i].value);
    if (!is_same) names.emplace_back(fields[i].key);
  }
  return names;
}

TEST(TrainingTomlTest, ReadsBackWhatItWrote) {
  for (const TrainingConfig& config : {TrainingConfig(), ChangedConfig()}) {
    ASSERT_THAT(config.Validate(), IsOk());
    const auto read = ParseTrainingToml(FormatTrainingToml(config), "a.toml");
    ASSERT_THAT(read, IsOk());
    EXPECT_THAT(Differences(config, *read), IsEmpty());
  }
}

TEST(TrainingTomlTest, NamesEveryConstantOnce) {
  TrainingConfig config;
  std::set<std::pair<std::string, std::string>> names;
  for (const TrainingField& field : TrainingFields(config)) {
    SCOPED_TRACE(field.key);
    EXPECT_TRUE(
        names.emplace(std::string(field.section), std::string(field.key))
            .second);
    EXPECT_FALSE(field.meaning.empty());
    EXPECT_FALSE(field.source.empty());
  }
}

TEST(TrainingTomlTest, SaysWhatEveryConstantIs) {
  TrainingConfig config;
  config.learner.batch_size = 32;
  EXPECT_THAT(FormatTrainingToml(config),
              HasSubstr("# of each gradient step [samples]\n"
                        "#   default 64; chosen\n"
                        "batch_size = 32\n"));
}

TEST(TrainingTomlTest, LeavesTheRestAtItsDefaults) {
  const auto read = ParseTrainingToml("[search]\nnum_simulations = 8\n", "a");
  ASSERT_THAT(read, IsOk());
  EXPECT_THAT(Differences(TrainingConfig(), *read),
              testing::ElementsAre("num_simulations"));
}

TEST(TrainingTomlTest, TakesWholeNumbersForFractions) {
  const auto read =
      ParseTrainingToml("[rate_limit]\nsamples_per_insert = 4\n", "a");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->rate_limit.samples_per_insert, 4);
}

TEST(TrainingTomlTest, RefusesWithFileAndLineWhatItDoesNotUnderstand) {
  const struct {
    const char* toml;
    const char* want;
  } kCases[] = {
      {"x = ", "a.toml:1: "},
      {"seed = 1\nseed = 2", "a.toml:2: "},
      {"\n\nspeed = 1", "a.toml:3: there is no speed"},
      {"[search]\nspeed = 1", "a.toml:2: there is no search.speed"},
      {"[serach]\n", "a.toml:1: there is no serach"},
      {"search = 1", "a.toml:1: [search] is a section, not a value"},
      {"seed = 'a'", "a.toml:1: seed: wanted a whole number"},
      {"seed = -1", "a.toml:1: seed: wanted a whole number in [0, 18446"},
      {"seed = 1.5", "a.toml:1: seed: wanted a whole number"},
      {"[learner]\nbatch_size = 3000000000", "a.toml:2: learner.batch_size: "},
      {"[learner]\ncpu_share = true", "cpu_share: wanted a number"},
      {"[learner]\ncpu_share = 0.0",
       "a.toml:2: learner.cpu_share 0 is not in [0.01, 1]"},
      {"[learner]\ncpu_share = nan", "a.toml:2: learner.cpu_share nan is not"},
      {"[episode]\nscale_targets = 1", "wanted true or false"},
      {"[episode]\ntargets_kbps = [1, 'a']", "wanted a list of numbers"},
      {"[episode]\ntargets_kbps = []", "a.toml:2: episode.targets_kbps is"},
      {"[evaluation]\nsplit = 1", "wanted a text in quotes"},
      {"[self_competition]\nrule = 'win'",
       "a.toml:2: self_competition.rule: wanted one of \"win_loss\", "
       "\"win_loss_tolerance\", \"gain\""},
      {"[self_competition]\ndecay = 1", "a.toml:2: self_competition.decay is"},
      {"[search]\n\nalgorithm = 1", "a.toml:3: search.algorithm: wanted one"},
      {"[network]\nnum_attention_heads = 3", "a.toml: network.token_width 64"},
      {"[targets]\ndiscount = 0.9",
       "a.toml:2: targets.discount 0.9 is not search.discount 1"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(ParseTrainingToml(c.toml, "a.toml"),
                HasStatus(absl::StatusCode::kInvalidArgument, c.want))
        << c.toml;
  }
}

TEST(TrainingTomlTest, ComplainsInOneLine) {
  for (const char* const toml : {"x = \n\n", "a\nb", "[", "x = \"\n\""}) {
    const auto read = ParseTrainingToml(toml, "a.toml");
    ASSERT_FALSE(read.ok());
    EXPECT_THAT(std::string(read.status().message()), Not(HasSubstr("\n")));
  }
}

TEST(TrainingTomlTest, ReadsTheConstantsOfDocumentedRuns) {
  for (const char* const file :
       {"docs/training_proof.toml", "models/imitation.toml",
        "docs/self_play.toml"}) {
    EXPECT_THAT(
        LoadTrainingToml(std::string(SOURCE_FOLDER "/") + file).status(),
        IsOk())
        << file;
  }
}

TEST(TrainingTomlTest, NamesAFileThatIsNotThere) {
  EXPECT_THAT(LoadTrainingToml("/no/such.toml"),
              HasStatus(absl::StatusCode::kNotFound, "/no/such.toml"));
}

// To write it again: UPDATE_GOLDEN=1 training_config_test.
TEST(TrainingTomlTest, IsWhatTheDocumentationShows) {
  const std::string text = FormatTrainingToml(TrainingConfig());
  if (getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(GOLDEN_FILE) << text;
  std::ifstream in(GOLDEN_FILE);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), text);
}

}  // namespace
}  // namespace selfplay
