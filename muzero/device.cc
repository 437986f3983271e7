#include "muzero/device.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace muzero {

absl::StatusOr<Device> ParseDevice(absl::string_view name) {
  for (const Device device : {Device::kAuto, Device::kCpu, Device::kCuda}) {
    if (name == DeviceName(device)) return device;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("device '", name, "' is not one of auto, cpu, cuda"));
}

absl::string_view DeviceName(Device device) {
  switch (device) {
    case Device::kAuto:
      return "auto";
    case Device::kCpu:
      return "cpu";
    case Device::kCuda:
      return "cuda";
  }
  return "unknown";
}

}  // namespace muzero
