#include "selfplay/rate_limit.h"

#include <gtest/gtest.h>

#include <string>

#include "selfplay/training_config.h"

namespace selfplay {
namespace {

constexpr RateLimitConfig kConfig = {
    .samples_per_insert = 8, .min_episodes = 40, .max_ahead = 8};

TEST(EpisodesAheadTest, CountsEpisodesOfAverageLength) {
  const struct {
    const char* name;
    RunProgress progress;
    double want;
  } kCases[] = {
      {"nothing played", {0, 0, 0}, 0},
      {"nothing learned", {10, 700, 0}, 10},
      {"half learned", {10, 700, 2800}, 5},
      {"all learned", {10, 700, 5600}, 0},
      {"a batch too many", {10, 700, 5670}, -0.125},
      {"more steps than an int holds",
       {int64_t{1} << 40, int64_t{1} << 46, 0},
       static_cast<double>(int64_t{1} << 40)},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_NEAR(EpisodesAhead(c.progress, kConfig), c.want, 1e-9);
  }
}

TEST(RateLimitTest, LetsTheSideGoOnThatIsBehind) {
  const struct {
    const char* name;
    RunProgress progress;
    bool may_insert;
    bool may_draw;
  } kCases[] = {
      {"nothing played", {0, 0, 0}, true, false},
      {"too few to learn from", {39, 3900, 0}, true, false},
      {"enough, none learned from", {40, 4000, 0}, false, true},
      {"just too far ahead", {40, 4000, 25599}, false, true},
      {"as far ahead as allowed", {40, 4000, 25600}, true, true},
      {"nearly all learned", {40, 4000, 31999}, true, true},
      {"all learned", {40, 4000, 32000}, true, false},
      {"the last batch was larger", {40, 4000, 32060}, true, false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(MayInsert(c.progress, kConfig), c.may_insert);
    EXPECT_EQ(MayDraw(c.progress, kConfig), c.may_draw);
  }
}

TEST(RateLimitTest, TakesTurnsStrictlyIfNobodyMayBeAhead) {
  RateLimitConfig config = kConfig;
  config.max_ahead = 0;
  RunProgress progress;
  std::string order;
  while (progress.episodes < 43) {
    ASSERT_NE(MayInsert(progress, config), MayDraw(progress, config));
    if (MayInsert(progress, config)) {
      order += 'i';
      ++progress.episodes;
      progress.steps_inserted += 60 + progress.episodes % 7;
    } else {
      if (order.back() != 'd') order += 'd';
      progress.samples_drawn += 64;
    }
  }
  EXPECT_EQ(order, std::string(40, 'i') + "dididi");
}

TEST(RateLimitTest, AlwaysLetsOneSideGoOn) {
  for (int64_t samples = 0; samples < 40'000; samples += 37) {
    const RunProgress progress = {41, 4100, samples};
    EXPECT_TRUE(MayInsert(progress, kConfig) || MayDraw(progress, kConfig))
        << samples;
  }
}

}  // namespace
}  // namespace selfplay
