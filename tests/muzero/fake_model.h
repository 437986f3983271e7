#ifndef TESTS_MUZERO_FAKE_MODEL_H_
#define TESTS_MUZERO_FAKE_MODEL_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/model.h"

namespace muzero {

// A Markov decision process as tables, with what a model says of it.
struct Mdp {
  int num_states() const { return static_cast<int>(values.size()); }
  int num_actions() const { return static_cast<int>(logits.front().size()); }

  std::vector<std::vector<float>> logits;     // [num_states, num_actions]
  std::vector<float> values;                  // [num_states]
  std::vector<std::vector<float>> rewards;    // [num_states, num_actions]
  std::vector<std::vector<int>> next_states;  // [num_states, num_actions]
};

Observation ObservationOf(int state);

// A model that looks everything up.  Its hidden state is the state's number,
// its auxiliary prediction the state's number and the action that led there
// (-1 at the root).  Not thread-safe.
class FakeModel : public Model {
 public:
  explicit FakeModel(Mdp mdp);

  const Mdp& mdp() const { return mdp_; }
  int num_calls() const { return num_calls_; }

  // Called with each answer before it goes out, and the number of the call, 0
  // for the first.
  void set_tamper(
      std::function<void(int call, std::vector<Prediction>& answer)> tamper);

  int num_actions() const override;
  absl::StatusOr<std::vector<Prediction>> InitialInference(
      absl::Span<const Observation> observations) override;
  absl::StatusOr<std::vector<Prediction>> RecurrentInference(
      absl::Span<const Transition> transitions) override;

 private:
  Prediction Predict(int state, int action, float reward) const;
  std::vector<Prediction> Finish(std::vector<Prediction> answer);

  const Mdp mdp_;
  int num_calls_ = 0;
  std::function<void(int, std::vector<Prediction>&)> tamper_;
};

}  // namespace muzero

#endif  // TESTS_MUZERO_FAKE_MODEL_H_
