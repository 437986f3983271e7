#ifndef SELFPLAY_POLICY_NETWORK_H_
#define SELFPLAY_POLICY_NETWORK_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "muzero/checkpoint.h"
#include "muzero/network_config.h"

namespace selfplay {

// The shapes of a network that plans encodes: this project's observations in,
// its actions and auxiliary heads out, and the default sizes between them.
muzero::NetworkConfig PolicyNetworkConfig();

// What a checkpoint of such a network has to say in its notes.
std::map<std::string, std::string> PolicyNetworkNotes();

// Whether the network can plan encodes of this version of the program.
// InvalidArgument, saying what differs, if it was made for other observations,
// actions or heads.  Sizes between them are its own affair.
absl::Status CheckModelFits(const muzero::Checkpoint& checkpoint);

}  // namespace selfplay

#endif  // SELFPLAY_POLICY_NETWORK_H_
