#include "muzero/encoder_layer.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "muzero/network_config.h"

namespace muzero {

torch::nn::LayerNorm MakeNorm(int64_t width) {
  return torch::nn::LayerNorm(
      torch::nn::LayerNormOptions({width}).eps(kNormEpsilon));
}

EncoderLayer::EncoderLayer(const NetworkConfig& config)
    : num_heads_(config.num_attention_heads),
      attention_norm_(
          register_module("attention_norm", MakeNorm(config.token_width))),
      query_(register_module(
          "query", torch::nn::Linear(config.token_width, config.token_width))),
      key_value_(register_module(
          "key_value",
          torch::nn::Linear(config.token_width, 2 * config.token_width))),
      attention_out_(register_module(
          "attention_out",
          torch::nn::Linear(config.token_width, config.token_width))),
      feed_forward_norm_(
          register_module("feed_forward_norm", MakeNorm(config.token_width))),
      feed_forward_in_(register_module(
          "feed_forward_in",
          torch::nn::Linear(config.token_width, config.feed_forward_width))),
      feed_forward_out_(register_module(
          "feed_forward_out",
          torch::nn::Linear(config.feed_forward_width, config.token_width))) {}

torch::Tensor EncoderLayer::Attention(const torch::Tensor& queries,
                                      const torch::Tensor& tokens,
                                      const torch::Tensor& is_padding) {
  const int64_t batch = tokens.size(0);
  const int64_t width = tokens.size(2);
  const int64_t head_width = width / num_heads_;
  const auto split_heads = [&](const torch::Tensor& x) {
    return x.view({batch, x.size(1), num_heads_, head_width}).transpose(1, 2);
  };
  // [batch, heads, queries or tokens, head_width]
  const torch::Tensor query = split_heads(
      query_(queries).mul(1 / std::sqrt(static_cast<double>(head_width))));
  const std::vector<torch::Tensor> key_value =
      key_value_(tokens).chunk(2, /*dim=*/2);
  const torch::Tensor key = split_heads(key_value[0]);
  const torch::Tensor value = split_heads(key_value[1]);

  torch::Tensor scores = torch::matmul(query, key.transpose(2, 3));
  if (is_padding.defined()) {
    scores = scores.masked_fill(is_padding.view({batch, 1, 1, -1}),
                                -std::numeric_limits<double>::infinity());
  }
  const torch::Tensor mixed = torch::matmul(scores.softmax(/*dim=*/-1), value);
  return attention_out_(
      mixed.transpose(1, 2).reshape({batch, queries.size(1), width}));
}

torch::Tensor EncoderLayer::FeedForward(const torch::Tensor& tokens) {
  // Not GELU: its error function would take as long as the products.
  return feed_forward_out_(
      feed_forward_in_(feed_forward_norm_(tokens)).relu_());
}

torch::Tensor EncoderLayer::forward(const torch::Tensor& tokens,
                                    const torch::Tensor& is_padding) {
  const torch::Tensor normalized = attention_norm_(tokens);
  const torch::Tensor attended =
      tokens + Attention(normalized, normalized, is_padding);
  return attended + FeedForward(attended);
}

torch::Tensor EncoderLayer::ForwardFocus(const torch::Tensor& tokens,
                                         const torch::Tensor& focus_token,
                                         const torch::Tensor& is_padding) {
  const torch::Tensor attended =
      focus_token + Attention(attention_norm_(focus_token),
                              attention_norm_(tokens), is_padding);
  return attended + FeedForward(attended);
}

}  // namespace muzero
