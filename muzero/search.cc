#include "muzero/search.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "muzero/gumbel_policy.h"
#include "muzero/model.h"
#include "muzero/puct_policy.h"
#include "muzero/tree_policy.h"

namespace muzero {
namespace {

absl::Status CheckSize(absl::string_view name, size_t size, size_t wanted) {
  if (size == wanted) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the model's ", name, " has ", size,
                                          " entries, not ", wanted));
}

absl::Status CheckFinite(absl::string_view name,
                         absl::Span<const float> values) {
  const auto* broken = std::find_if_not(
      values.begin(), values.end(), [](float x) { return std::isfinite(x); });
  if (broken == values.end()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("entry ", broken - values.begin(),
                                          " of the model's ", name, " is ",
                                          *broken, ", not a finite number"));
}

absl::Status CheckPrediction(const Prediction& prediction, int num_actions) {
  absl::Status status = CheckSize("policy", prediction.policy_logits.size(),
                                  static_cast<size_t>(num_actions));
  status.Update(CheckFinite("policy", prediction.policy_logits));
  status.Update(
      CheckFinite("value", absl::MakeConstSpan(&prediction.value, 1)));
  status.Update(
      CheckFinite("reward", absl::MakeConstSpan(&prediction.reward, 1)));
  status.Update(CheckFinite("hidden state", prediction.hidden_state));
  return status;
}

absl::StatusOr<Prediction> PredictRoot(Model& model,
                                       const Observation& observation) {
  absl::StatusOr<std::vector<Prediction>> predictions =
      model.InitialInference(absl::MakeConstSpan(&observation, 1));
  if (!predictions.ok()) return predictions.status();
  absl::Status status = CheckSize("answer", predictions->size(), 1);
  if (!status.ok()) return status;
  Prediction& prediction = predictions->front();
  status = CheckPrediction(prediction, model.num_actions());
  if (!status.ok()) return status;
  return std::move(prediction);
}

// Takes `actions`, which were never taken, from `node`, and tells all nodes on
// the way what was found.
absl::Status Expand(Model& model, double discount, int node,
                    absl::Span<const int> actions, SearchTree& tree) {
  std::vector<Transition> transitions;
  transitions.reserve(actions.size());
  for (int action : actions) {
    transitions.push_back(
        {.hidden_state = tree.hidden_state(node), .action = action});
  }
  const absl::StatusOr<std::vector<Prediction>> predictions =
      model.RecurrentInference(transitions);
  if (!predictions.ok()) return predictions.status();
  absl::Status status =
      CheckSize("answer", predictions->size(), actions.size());
  for (size_t i = 0; status.ok() && i < actions.size(); ++i) {
    const Prediction& prediction = (*predictions)[i];
    status.Update(CheckPrediction(prediction, tree.num_actions()));
    status.Update(CheckSize("hidden state", prediction.hidden_state.size(),
                            tree.hidden_state(SearchTree::kRootIndex).size()));
    status.Update(CheckSize("auxiliary prediction", prediction.auxiliary.size(),
                            tree.auxiliary(SearchTree::kRootIndex).size()));
    if (!status.ok()) break;
    tree.BackUp(tree.AddChild(node, actions[i], prediction), discount);
  }
  return status;
}

std::unique_ptr<TreePolicy> MakeTreePolicy(const SearchConfig& config,
                                           const SearchTree& tree,
                                           std::mt19937_64& random) {
  if (config.algorithm == SearchAlgorithm::kPuct) {
    return std::make_unique<PuctPolicy>(config, tree, random);
  }
  return std::make_unique<GumbelPolicy>(config, tree, random);
}

// Goes down from the root to an action that was never taken, and takes it.
absl::Status Simulate(Model& model, double discount, TreePolicy& policy,
                      SearchTree& tree) {
  int node = SearchTree::kRootIndex;
  int action = policy.SelectAction(tree, node);
  while (tree.child(node, action) != SearchTree::kNoNode) {
    node = tree.child(node, action);
    action = policy.SelectAction(tree, node);
  }
  return Expand(model, discount, node, absl::MakeConstSpan(&action, 1), tree);
}

}  // namespace

absl::StatusOr<SearchResult> Search(const SearchConfig& config,
                                    const Observation& observation,
                                    Model& model, std::mt19937_64& random,
                                    SearchTree& tree) {
  const absl::StatusOr<Prediction> root = PredictRoot(model, observation);
  if (!root.ok()) return root.status();
  tree.Reset(*root, 1 + config.num_simulations);

  const std::unique_ptr<TreePolicy> policy =
      MakeTreePolicy(config, tree, random);
  // One call of the model for all of them: a network answers 16 questions in
  // little more than the time of one.
  const std::vector<int> settled = policy->SettledRootActions();
  if (!settled.empty()) {
    const absl::Status status =
        Expand(model, config.discount, SearchTree::kRootIndex, settled, tree);
    if (!status.ok()) return status;
  }
  for (int i = static_cast<int>(settled.size()); i < config.num_simulations;
       ++i) {
    const absl::Status status = Simulate(model, config.discount, *policy, tree);
    if (!status.ok()) return status;
  }
  TreePolicy::Decision decision = policy->Decide(tree);
  return SearchResult{.action = decision.action,
                      .search_policy = std::move(decision.search_policy),
                      .root_value = tree.value(SearchTree::kRootIndex),
                      .statistics = tree.Statistics()};
}

}  // namespace muzero
