#include "encoder_bridge/size_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>

namespace encoder_bridge {
namespace {

constexpr double kSeconds = 10;
constexpr int64_t kRest = 20'000;

// What an encoder makes of a target, in bytes of video.
using Encoder = std::function<double(double target_kbps)>;

double BytesOf(double kbps) { return kbps * 1000 / 8 * kSeconds; }

SizeSearch Search(int64_t wanted_bytes, const Encoder& encoder,
                  bool has_whole_targets = false) {
  SizeSearch search({.wanted_bytes = wanted_bytes,
                     .rest_bytes = kRest,
                     .seconds = kSeconds,
                     .has_whole_targets = has_whole_targets});
  while (!search.is_over()) {
    const double kbps = search.NextTargetKbps();
    const auto video = static_cast<int64_t>(encoder(kbps));
    search.Add({.target_kbps = kbps,
                .video_bytes = video,
                .file_bytes = video + kRest + 100});
  }
  return search;
}

TEST(SizeSearchTest, MeetsTheSizeWithinOnePercent) {
  const struct {
    const char* name;
    Encoder encoder;
    size_t most_tries;
  } kCases[] = {
      {"exact", BytesOf, 1},
      {"a bit under", [](double kbps) { return BytesOf(kbps) * 0.98; }, 2},
      {"over", [](double kbps) { return BytesOf(kbps) * 1.03; }, 2},
      {"far under", [](double kbps) { return BytesOf(kbps) * 0.5; }, 2},
      {"flat", [](double kbps) { return 700 * std::pow(kbps, 0.9) * 2; }, 4},
      {"in steps of 3 %",
       [](double kbps) {
         return BytesOf(std::exp(std::floor(std::log(kbps) / 0.008) * 0.008));
       },
       3},
      {"a sawtooth",
       [](double kbps) {
         return BytesOf(kbps) * (1 + 0.02 * std::sin(kbps / 5));
       },
       6},
  };
  for (const auto& c : kCases) {
    for (const int64_t wanted : {150'000, 1'000'000, 20'000'000}) {
      SCOPED_TRACE(testing::Message() << c.name << ", " << wanted);
      const SizeSearch search = Search(wanted, c.encoder);
      ASSERT_TRUE(search.is_met());
      const int64_t found = search.tries()[*search.best()].file_bytes;
      EXPECT_LE(found, wanted);
      EXPECT_GE(static_cast<double>(found), 0.99 * static_cast<double>(wanted));
      EXPECT_LE(search.tries().size(), c.most_tries);
    }
  }
}

TEST(SizeSearchTest, StopsWhereMoreBitsAreNotUsed) {
  const SizeSearch search = Search(5'000'000, [](double kbps) {
    return std::min(BytesOf(kbps), 300'000.0);
  });
  EXPECT_EQ(search.tries().size(), 2);
  EXPECT_FALSE(search.is_met());
  ASSERT_TRUE(search.best().has_value());
  EXPECT_EQ(search.tries()[*search.best()].video_bytes, 300'000);
}

TEST(SizeSearchTest, StopsWhereFewerBitsAreNotPossible) {
  const SizeSearch search = Search(
      100'000, [](double kbps) { return std::max(BytesOf(kbps), 300'000.0); });
  EXPECT_EQ(search.tries().size(), 2);
  EXPECT_FALSE(search.best().has_value());
}

TEST(SizeSearchTest, TriesNoTargetTwiceWhereTheyAreWhole) {
  const SizeSearch search = Search(
      50'000, [](double kbps) { return BytesOf(std::round(kbps)) * 1.01; },
      /*has_whole_targets=*/true);
  EXPECT_LE(search.tries().size(), 3);
  for (const SizeSearch::Try& each : search.tries()) {
    EXPECT_EQ(each.target_kbps, std::floor(each.target_kbps));
  }
  EXPECT_TRUE(search.best().has_value());
}

TEST(SizeSearchTest, KeepsTheLargestThatIsNotOver) {
  SizeSearch search(
      {.wanted_bytes = 100'000, .rest_bytes = kRest, .seconds = kSeconds});
  search.Add({.target_kbps = 60, .video_bytes = 70'000, .file_bytes = 90'000});
  EXPECT_EQ(search.best(), 0);
  search.Add({.target_kbps = 70, .video_bytes = 81'000, .file_bytes = 101'000});
  EXPECT_EQ(search.best(), 0);
  EXPECT_FALSE(search.is_over());
  EXPECT_GT(search.NextTargetKbps(), 60);
  EXPECT_LT(search.NextTargetKbps(), 70);
  search.Add({.target_kbps = 68, .video_bytes = 79'500, .file_bytes = 99'500});
  EXPECT_EQ(search.best(), 2);
  EXPECT_TRUE(search.is_over());
}

TEST(SizeSearchTest, SaysWhichSizeIsTheSmallest) {
  const int64_t smallest = SizeSearch::SmallestBytes(kRest, kSeconds);
  SizeSearch search(
      {.wanted_bytes = smallest, .rest_bytes = kRest, .seconds = kSeconds});
  EXPECT_NEAR(search.NextTargetKbps(), 1, 0.01);
}

}  // namespace
}  // namespace encoder_bridge
