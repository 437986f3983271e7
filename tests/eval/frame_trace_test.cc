#include "eval/frame_trace.h"

#include <gtest/gtest.h>

#include <vector>

namespace eval {
namespace {

TEST(MiddleTracesTest, TakesEveryControllerAtTheMiddleTargetOfItsClip) {
  const std::vector<FrameTrace> traces = {
      {.clip = "a", .controller = "x", .target_kbps = 100},
      {.clip = "a", .controller = "x", .target_kbps = 300},
      {.clip = "a", .controller = "x", .target_kbps = 200},
      {.clip = "a", .controller = "y", .target_kbps = 200},
      {.clip = "a", .controller = "q", .target_kbps = 0},
      {.clip = "b", .controller = "x", .target_kbps = 50},
      {.clip = "b", .controller = "x", .target_kbps = 60}};
  const std::vector<FrameTrace> middle = MiddleTraces(traces);
  ASSERT_EQ(middle.size(), 3u);
  EXPECT_EQ(middle[0].target_kbps, 200);
  EXPECT_EQ(middle[1].controller, "y");
  EXPECT_EQ(middle[2].target_kbps, 50);
}

TEST(MiddleTracesTest, HasNothingForClipsWithoutTargets) {
  EXPECT_TRUE(MiddleTraces({}).empty());
  EXPECT_TRUE(MiddleTraces({{.clip = "a", .controller = "q"}}).empty());
}

}  // namespace
}  // namespace eval
