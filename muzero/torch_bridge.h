#ifndef MUZERO_TORCH_BRIDGE_H_
#define MUZERO_TORCH_BRIDGE_H_

#include <exception>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "muzero/device.h"
#include "muzero/tensor.h"

// LibTorch's, which only the headers of the network include.
namespace at {
class Tensor;
}
namespace c10 {
struct Device;
}

// Between LibTorch's world and ours: threads, devices, tensors, errors.
namespace muzero {

// Makes LibTorch and its BLAS compute on the thread that calls them, for the
// rest of the process.  Products this small gain nothing from more, and lose
// much on a machine whose cores are taken: parallelism is many encodes at once.
// It also makes sums come out the same every time.  Thread-safe.
void UseCallingThreadOnly();

// Between tensors of files and tensors of LibTorch.
Tensor ToFileTensor(const at::Tensor& tensor);
at::Tensor FromFileTensor(const Tensor& tensor);

// Unavailable if there is no such device.
absl::StatusOr<c10::Device> FindDevice(Device device);

// What LibTorch threw, as a status of one line.
absl::Status TorchError(const std::exception& error);

}  // namespace muzero

#endif  // MUZERO_TORCH_BRIDGE_H_
