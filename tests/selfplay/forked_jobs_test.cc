#include "selfplay/forked_jobs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using testing_support::HasStatus;
using testing_support::IsOk;

bool Never() { return false; }

// What became of each job.
std::map<int, std::string> RunAll(
    int at_once, const std::function<absl::Status(int)>& work) {
  std::map<int, std::string> messages;
  EXPECT_THAT(RunForkedJobs({.count = 5,
                             .at_once = at_once,
                             .work = work,
                             .on_done =
                                 [&](int i, const absl::Status& status) {
                                   messages[i] = std::string(status.message());
                                 },
                             .should_stop = Never}),
              IsOk());
  return messages;
}

TEST(ForkedJobsTest, DoesAllOfThem) {
  for (const int at_once : {1, 3, 9}) {
    const auto messages = RunAll(at_once, [](int) { return absl::OkStatus(); });
    EXPECT_EQ(messages.size(), 5);
    for (const auto& [job, message] : messages) EXPECT_EQ(message, "");
  }
}

TEST(ForkedJobsTest, OneThatFailsTellsWhyAndTheOthersGoOn) {
  const auto messages = RunAll(2, [](int i) {
    return i == 3 ? absl::NotFoundError("no clip 3") : absl::OkStatus();
  });
  EXPECT_EQ(messages.size(), 5);
  EXPECT_EQ(messages.at(3), "no clip 3");
  EXPECT_EQ(messages.at(4), "");
}

TEST(ForkedJobsTest, OneThatDiesTakesNobodyWithIt) {
  const auto messages = RunAll(2, [](int i) {
    if (i == 2) std::raise(SIGKILL);
    return absl::OkStatus();
  });
  EXPECT_EQ(messages.size(), 5);
  EXPECT_EQ(messages.at(2), "killed by signal 9");
}

TEST(ForkedJobsTest, StopsInTheMiddleOfAJob) {
  int asked = 0;
  const absl::Status status =
      RunForkedJobs({.count = 2,
                     .at_once = 1,
                     .work =
                         [](int) {
                           sleep(600);
                           return absl::OkStatus();
                         },
                     .on_done = [](int, const absl::Status&) { FAIL(); },
                     .should_stop = [&asked] { return ++asked > 3; }});
  EXPECT_THAT(status, HasStatus(absl::StatusCode::kCancelled, "interrupted"));
}

TEST(ForkedJobsTest, ASignalToTheWholeGroupDoesNotReachThem) {
  const auto messages = RunAll(1, [](int) {
    std::raise(SIGINT);
    return absl::OkStatus();
  });
  for (const auto& [job, message] : messages) EXPECT_EQ(message, "");
}

}  // namespace
}  // namespace selfplay
