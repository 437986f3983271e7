#ifndef MUZERO_ADAM_W_H_
#define MUZERO_ADAM_W_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "muzero/network.h"
#include "muzero/tensor.h"

namespace muzero {

// AdamW ("Decoupled Weight Decay Regularization", Loshchilov and Hutter,
// Alg. 2), with weight decay for matrices only.  LibTorch's own keeps its state
// under keys that changed between its versions 1 and 2; this one's is by name,
// and goes on from a restored state bit for bit.  Not thread-safe.
class AdamW {
 public:
  // Changes `parameters`, which share their numbers with the network's.
  AdamW(std::vector<std::pair<std::string, torch::Tensor>> parameters,
        double weight_decay);

  // `gradients` are those of the parameters, in their order; an undefined one
  // leaves its parameter as it is.
  void Step(const std::vector<torch::Tensor>& gradients, double learning_rate);

  NamedTensors State() const;

  // InvalidArgument, naming the tensor, unless `state` is such as State() of an
  // optimiser of the same parameters returns.
  absl::Status SetState(const NamedTensors& state);

 private:
  struct Slot {
    std::string name;
    torch::Tensor parameter;
    torch::Tensor first_moment;   // m
    torch::Tensor second_moment;  // v
  };

  std::vector<Slot> slots_;
  const double weight_decay_;
  int64_t step_ = 0;
};

}  // namespace muzero

#endif  // MUZERO_ADAM_W_H_
