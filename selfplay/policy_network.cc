#include "selfplay/policy_network.h"

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "muzero/checkpoint.h"
#include "muzero/network_config.h"
#include "selfplay/action_space.h"
#include "selfplay/auxiliary.h"
#include "selfplay/features.h"

namespace selfplay {
namespace {

constexpr char kVersionNote[] = "observation_version";

std::string HeadNames(const std::vector<muzero::AuxiliaryHead>& heads) {
  return absl::StrJoin(heads, ", ",
                       [](std::string* out, const muzero::AuxiliaryHead& head) {
                         out->append(head.name);
                       });
}

}  // namespace

muzero::NetworkConfig PolicyNetworkConfig() {
  muzero::NetworkConfig config;
  config.token_size = kNumTokenFeatures;
  config.context_size = kNumContextFeatures;
  config.num_actions = kNumActions;
  config.auxiliary_heads = AuxiliaryHeads();
  return config;
}

std::map<std::string, std::string> PolicyNetworkNotes() {
  return {{kVersionNote, absl::StrCat(kObservationVersion)}};
}

absl::Status CheckModelFits(const muzero::Checkpoint& checkpoint) {
  const auto note = checkpoint.notes.find(kVersionNote);
  if (note == checkpoint.notes.end()) {
    return absl::InvalidArgumentError(
        "the model does not say what observations it was trained on: it is "
        "not a model of this program");
  }
  if (note->second != absl::StrCat(kObservationVersion)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the model was trained on observations of version ", note->second,
        "; this program makes version ", kObservationVersion));
  }
  const muzero::NetworkConfig want = PolicyNetworkConfig();
  const struct {
    const char* what;
    int has;
    int want;
  } kSizes[] = {
      {"features per token", checkpoint.config.token_size, want.token_size},
      {"context features", checkpoint.config.context_size, want.context_size},
      {"actions", checkpoint.config.num_actions, want.num_actions}};
  for (const auto& size : kSizes) {
    if (size.has == size.want) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the model is made for ", size.has, " ", size.what,
                     "; this program has ", size.want));
  }
  const std::string heads = HeadNames(checkpoint.config.auxiliary_heads);
  const std::string want_heads = HeadNames(want.auxiliary_heads);
  if (heads != want_heads) {
    return absl::InvalidArgumentError(
        absl::StrCat("the model foretells (", heads, "); this program wants (",
                     want_heads, ")"));
  }
  return absl::OkStatus();
}

}  // namespace selfplay
