#include <benchmark/benchmark.h>

#include <cstddef>
#include <random>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/model.h"
#include "muzero/random_draws.h"
#include "muzero/search.h"

namespace muzero {
namespace {

constexpr int kNumActions = 255;
constexpr int kHiddenSize = 256;
constexpr int kNumAuxiliary = 4;

// A model that costs next to nothing: a copy of one of some predictions, drawn
// in advance.
class CannedModel : public Model {
 public:
  CannedModel() {
    std::mt19937_64 random(1);
    for (int i = 0; i < 64; ++i) predictions_.push_back(Draw(random));
  }

  int num_actions() const override { return kNumActions; }
  absl::StatusOr<std::vector<Prediction>> InitialInference(
      absl::Span<const Observation>) override {
    return Next(1);
  }
  absl::StatusOr<std::vector<Prediction>> RecurrentInference(
      absl::Span<const Transition> transitions) override {
    return Next(transitions.size());
  }

  std::vector<Prediction> Next(size_t count) {
    std::vector<Prediction> answer;
    answer.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      next_ = (next_ + 1) % predictions_.size();
      answer.push_back(predictions_[next_]);
    }
    return answer;
  }

 private:
  static Prediction Draw(std::mt19937_64& random) {
    const auto draw = [&random](int size) {
      std::vector<float> numbers(static_cast<size_t>(size));
      for (float& x : numbers) {
        x = static_cast<float>(2 * DrawUniform(random) - 1);
      }
      return numbers;
    };
    return {.hidden_state = draw(kHiddenSize),
            .policy_logits = draw(kNumActions),
            .value = draw(1)[0],
            .auxiliary = draw(kNumAuxiliary)};
  }

  std::vector<Prediction> predictions_;
  size_t next_ = 0;
};

// Whole searches; "per_simulation" is all that the search does, with what the
// model itself costs (BM_Model) included.
void BM_Search(benchmark::State& state, SearchAlgorithm algorithm) {
  const SearchConfig config = {
      .algorithm = algorithm,
      .num_simulations = static_cast<int>(state.range(0))};
  CannedModel model;
  SearchTree tree;
  std::mt19937_64 random(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Search(config, {}, model, random, tree));
  }
  const double simulations = static_cast<double>(state.iterations()) *
                             static_cast<double>(config.num_simulations);
  state.counters["simulations"] =
      benchmark::Counter(simulations, benchmark::Counter::kIsRate);
  state.counters["per_simulation"] = benchmark::Counter(
      simulations, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(BM_Search, gumbel, SearchAlgorithm::kGumbel)
    ->RangeMultiplier(2)
    ->Range(8, 64);
BENCHMARK_CAPTURE(BM_Search, puct, SearchAlgorithm::kPuct)
    ->RangeMultiplier(2)
    ->Range(8, 64);

// One call of the model alone.
void BM_Model(benchmark::State& state) {
  CannedModel model;
  for (auto _ : state) benchmark::DoNotOptimize(model.Next(1));
}
BENCHMARK(BM_Model);

}  // namespace
}  // namespace muzero

BENCHMARK_MAIN();
