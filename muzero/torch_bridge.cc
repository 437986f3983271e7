#include "muzero/torch_bridge.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace muzero {
namespace {

bool UseOneThread() {
  at::set_num_threads(1);
  // LibTorch does not pass that on to OpenBLAS, and which BLAS there is is for
  // the system to choose when the program starts.
  void* const symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads");
  if (symbol != nullptr) reinterpret_cast<void (*)(int)>(symbol)(1);
  return true;
}

}  // namespace

void UseCallingThreadOnly() {
  [[maybe_unused]] static const bool kDone = UseOneThread();
}

Tensor ToFileTensor(const torch::Tensor& tensor) {
  const torch::Tensor values =
      tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const float* const begin = values.data_ptr<float>();
  return {.shape = tensor.sizes().vec(),
          .values = std::vector<float>(begin, begin + values.numel())};
}

torch::Tensor FromFileTensor(const Tensor& tensor) {
  torch::Tensor result = torch::empty(tensor.shape);
  std::copy(tensor.values.begin(), tensor.values.end(),
            result.data_ptr<float>());
  return result;
}

absl::StatusOr<torch::Device> FindDevice(Device device) {
  const bool has_cuda = device != Device::kCpu && torch::cuda::is_available();
  if (device == Device::kCuda && !has_cuda) {
    return absl::UnavailableError(
        "device cuda was asked for, but LibTorch finds no CUDA device");
  }
  return torch::Device(has_cuda ? torch::kCUDA : torch::kCPU);
}

absl::Status TorchError(const std::exception& error) {
  const std::string what = error.what();  // The rest is a stack trace.
  return absl::InternalError(
      absl::StrCat("LibTorch: ", what.substr(0, what.find('\n'))));
}

}  // namespace muzero
