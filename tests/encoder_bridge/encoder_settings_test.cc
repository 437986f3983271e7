#include "encoder_bridge/encoder_settings.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

TEST(EncoderSettingsTest, DefaultsAreValid) {
  EXPECT_THAT(EncoderSettings{}.Validate(), IsOk());
}

TEST(EncoderSettingsTest, NamesAValueThatIsOutOfRange) {
  const struct {
    EncoderSettings settings;
    const char* want;
  } kCases[] = {
      {{.cpu_used = 9}, "cpu-used 9 is not in [0, 8]"},
      {{.cpu_used = -1}, "cpu-used -1 is not in [0, 8]"},
      {{.lag_in_frames = 26}, "lag-in-frames 26 is not in [0, 25]"},
      {{.auto_alt_ref = 2}, "auto-alt-ref 2 is not in [0, 1]"},
      {{.threads = 0}, "threads 0 is not in [1, 64]"},
      {{.tile_columns = 7}, "tile-columns 7 is not in [0, 6]"},
      {{.kf_max_dist = 30, .kf_min_dist = 5}, "kf-min-dist 5 is neither 0"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(c.settings.Validate(),
                HasStatus(absl::StatusCode::kInvalidArgument, c.want));
  }
}

}  // namespace
}  // namespace encoder_bridge
