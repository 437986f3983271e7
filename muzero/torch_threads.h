#ifndef MUZERO_TORCH_THREADS_H_
#define MUZERO_TORCH_THREADS_H_

namespace muzero {

// Makes LibTorch and its BLAS compute on the thread that calls them, for the
// rest of the process.  Products this small gain nothing from more, and lose
// much on a machine whose cores are taken: parallelism is many encodes at once.
// It also makes sums come out the same every time.  Thread-safe.
void UseCallingThreadOnly();

}  // namespace muzero

#endif  // MUZERO_TORCH_THREADS_H_
