#ifndef MUZERO_DEVICE_H_
#define MUZERO_DEVICE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace muzero {

// Where a network runs.
enum class Device {
  kAuto,  // CUDA where there is some, else the CPU.
  kCpu,
  kCuda,
};

// The device called "auto", "cpu" or "cuda".  InvalidArgument for other names.
absl::StatusOr<Device> ParseDevice(absl::string_view name);

// The inverse of ParseDevice().
absl::string_view DeviceName(Device device);

}  // namespace muzero

#endif  // MUZERO_DEVICE_H_
