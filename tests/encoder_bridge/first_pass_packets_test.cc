#include "encoder_bridge/first_pass_packets.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "encoder_bridge/chunked_pass.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "tests/encoder_bridge/joined_clip.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

std::string FirstPassPackets(const EncoderSettings& settings) {
  JoinedClip clip({12, 18});
  return RunFirstPass(clip, settings,
                      [](const EncodeProgress&) { return absl::OkStatus(); })
      ->stats;
}

TEST(FirstPassPacketsTest, TheSliceOfAllIsWhatLibvpxLeft) {
  const std::string packets = FirstPassPackets({.cpu_used = 5});
  EXPECT_TRUE(SliceFirstPassPackets(packets, 0, 30) == packets);
}

TEST(FirstPassPacketsTest, ASliceHasItsFramesAndTheirSums) {
  const std::string packets = FirstPassPackets({.cpu_used = 5});
  const std::string slice = SliceFirstPassPackets(packets, 12, 30);
  const auto all = ReadFirstPassPackets(packets);
  const auto some = ReadFirstPassPackets(slice);
  ASSERT_THAT(all, IsOk());
  ASSERT_THAT(some, IsOk());
  ASSERT_EQ(all->size(), 30u);
  ASSERT_EQ(some->size(), 18u);
  EXPECT_EQ(some->front().intra_error, (*all)[12].intra_error);
  EXPECT_EQ(some->back().coded_error, (*all)[29].coded_error);
  // The sums are one more packet, which they are read as before another.
  const size_t packet_size = slice.size() / 19;
  const auto sums = ReadFirstPassPackets(
      slice.substr(slice.size() - packet_size) + slice.substr(0, packet_size));
  ASSERT_THAT(sums, IsOk());
  EXPECT_EQ(sums->front().count, 18);
}

TEST(FirstPassPacketsTest, AreTheSameOnSeveralThreads) {
  for (const int cpu_used : {2, 8}) {
    const EncoderSettings settings = {.cpu_used = cpu_used};
    EncoderSettings parallel = ParallelFirstPassSettings(settings);
    parallel.threads = 4;
    EXPECT_TRUE(FirstPassPackets(parallel) == FirstPassPackets(settings));
  }
}

TEST(FirstPassPacketsTest, RefusesOtherBytes) {
  for (const char* bytes : {"", "x"}) {
    EXPECT_THAT(ReadFirstPassPackets(bytes),
                HasStatus(absl::StatusCode::kInvalidArgument, "packets"));
  }
}

}  // namespace
}  // namespace encoder_bridge
