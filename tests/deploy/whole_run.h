#ifndef TESTS_DEPLOY_WHOLE_RUN_H_
#define TESTS_DEPLOY_WHOLE_RUN_H_

#include "absl/status/status.h"
#include "selfplay/experience_store.h"

namespace testing_support {

// What has to hold of a run's store at any time, whoever was killed: sequences
// without a gap, no id twice, counts that are those of the log, rewards and
// averages that are those of a replay of the log, bit for bit, and an episode
// for everything that a worker told of one.
//
// REQUIRES: nothing was pruned; nobody writes meanwhile.
// Errors: DataLoss, saying what is wrong; the store's.
absl::Status CheckWhole(selfplay::ExperienceStore& store);

}  // namespace testing_support

#endif  // TESTS_DEPLOY_WHOLE_RUN_H_
