#include "selfplay/first_pass_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "encoder_bridge/rate_controller.h"
#include "tests/selfplay/made_episode.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using testing_support::HasStatus;
using testing_support::IsOk;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

TEST(FirstPassCodecTest, ReadsWhatItWroteBitForBit) {
  std::vector<FirstPassFrameStats> stats = MadeStats(30);
  stats[3].mv_col_variance = 1e-310;
  stats[4].count = -0.0;
  const auto first_pass = SerializeFirstPassStats(stats);
  ASSERT_THAT(first_pass, IsOk());
  const auto parsed =
      ParseFirstPassStats(first_pass->bytes, first_pass->sha256);
  ASSERT_THAT(parsed, IsOk());
  ASSERT_EQ(parsed->size(), stats.size());
  EXPECT_EQ(std::memcmp(parsed->data(), stats.data(),
                        stats.size() * sizeof(stats[0])),
            0);
}

TEST(FirstPassCodecTest, NamesStatisticsByWhatTheyAre) {
  const auto one = SerializeFirstPassStats(MadeStats(9, /*seed=*/1));
  const auto same = SerializeFirstPassStats(MadeStats(9, /*seed=*/1));
  const auto other = SerializeFirstPassStats(MadeStats(9, /*seed=*/2));
  EXPECT_EQ(one->sha256, same->sha256);
  EXPECT_NE(one->sha256, other->sha256);
}

TEST(FirstPassCodecTest, RefusesNoneTooManyAndInfinite) {
  EXPECT_THAT(SerializeFirstPassStats({}), HasStatus(kInvalid, "no frame"));
  EXPECT_THAT(SerializeFirstPassStats(
                  std::vector<FirstPassFrameStats>(kMaxFirstPassFrames + 1)),
              HasStatus(kInvalid, "at most"));
  std::vector<FirstPassFrameStats> stats = MadeStats(9);
  stats[5].coded_error = HUGE_VAL;
  EXPECT_THAT(SerializeFirstPassStats(stats),
              HasStatus(kInvalid, "frame 5 are not finite"));
}

TEST(FirstPassCodecTest, RefusesOtherStatistics) {
  const auto first_pass = SerializeFirstPassStats(MadeStats(9));
  EXPECT_THAT(ParseFirstPassStats(first_pass->bytes, std::string(64, '0')),
              HasStatus(kInvalid, "not the first-pass statistics"));
  EXPECT_THAT(ParseFirstPassStats("mzfp", first_pass->sha256),
              HasStatus(kInvalid, "begin"));
}

}  // namespace
}  // namespace selfplay
