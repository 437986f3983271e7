#include "muzero/device.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;

TEST(DeviceTest, HasANameThatParses) {
  for (const Device device : {Device::kAuto, Device::kCpu, Device::kCuda}) {
    EXPECT_EQ(ParseDevice(DeviceName(device)).value(), device);
  }
}

TEST(DeviceTest, OtherNamesAreErrors) {
  EXPECT_THAT(ParseDevice("gpu"),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "device 'gpu' is not one of auto, cpu, cuda"));
  EXPECT_FALSE(ParseDevice("").ok());
}

}  // namespace
}  // namespace muzero
