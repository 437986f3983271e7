#include "muzero/torch_threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

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

}  // namespace muzero
