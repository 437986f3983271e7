#ifndef MUZERO_ENCODER_LAYER_H_
#define MUZERO_ENCODER_LAYER_H_

// Includes LibTorch: for the few sources that compute.
#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include <cstdint>

#include "muzero/network_config.h"

namespace muzero {

// Added to variances before they divide.
inline constexpr double kNormEpsilon = 1e-5;

// A normalisation of vectors of `width`, with learned scale and offset.
torch::nn::LayerNorm MakeNorm(int64_t width);

// One layer of a pre-norm transformer encoder:
//
//   y = x + Attention(LayerNorm(x)),  z = y + FeedForward(LayerNorm(y)).
class EncoderLayer : public torch::nn::Module {
 public:
  explicit EncoderLayer(const NetworkConfig& config);

  // What is above, for every token of `tokens`, [batch, tokens, width].
  torch::Tensor forward(const torch::Tensor& tokens,
                        const torch::Tensor& is_padding);

  // The same for one token of each batch entry, `focus_token`, alone: the
  // others are only attended to.  [batch, 1, width].
  torch::Tensor ForwardFocus(const torch::Tensor& tokens,
                             const torch::Tensor& focus_token,
                             const torch::Tensor& is_padding);

 private:
  // `queries` and `tokens` are normalised; [batch, queries, width].
  torch::Tensor Attention(const torch::Tensor& queries,
                          const torch::Tensor& tokens,
                          const torch::Tensor& is_padding);
  torch::Tensor FeedForward(const torch::Tensor& tokens);

  const int64_t num_heads_;
  torch::nn::LayerNorm attention_norm_;
  torch::nn::Linear query_;
  torch::nn::Linear key_value_;
  torch::nn::Linear attention_out_;
  torch::nn::LayerNorm feed_forward_norm_;
  torch::nn::Linear feed_forward_in_;
  torch::nn::Linear feed_forward_out_;
};

}  // namespace muzero

#endif  // MUZERO_ENCODER_LAYER_H_
