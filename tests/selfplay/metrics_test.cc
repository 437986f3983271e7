#include "selfplay/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

LearnerMetrics ALearnerRecord() {
  return {.time = 1234.5,
          .learner_step = 300,
          .loss = 1.0 / 3,
          .auxiliary_losses = {{"frame_psnr", 0.25}, {"final_bits", 0.5}},
          .replay_age_seconds = 61};
}

TEST(MetricsTest, ReadsBackALearnersRecord) {
  const auto read = ToLearnerMetrics(ToLine(ALearnerRecord()));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->time, 1234.5);
  EXPECT_EQ(read->learner_step, 300);
  EXPECT_EQ(read->loss, 1.0 / 3);
  EXPECT_EQ(read->auxiliary_losses, ALearnerRecord().auxiliary_losses);
  EXPECT_EQ(read->replay_age_seconds, 61);
}

TEST(MetricsTest, ReadsBackAWorkersRecord) {
  const auto read = ToWorkerMetrics(
      ToLine(WorkerMetrics{.worker = "a\n\"b\"", .sequence = 7, .reward = -1}));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->worker, "a\n\"b\"");
  EXPECT_EQ(read->sequence, 7);
  EXPECT_EQ(read->reward, -1);
}

TEST(MetricsTest, ReadsBackAnEvaluationsRecord) {
  const auto read = ToEvaluationMetrics(ToLine(
      EvaluationMetrics{.bd_rate_percent = std::nan(""), .is_best = true}));
  ASSERT_THAT(read, IsOk());
  EXPECT_TRUE(std::isnan(read->bd_rate_percent));
  EXPECT_TRUE(read->is_best);
}

TEST(MetricsTest, IsOneLineThatBeginsWithTimeAndRole) {
  const MetricsLine line = ToLine(WorkerMetrics{.time = 5, .clip = "a\nb"});
  EXPECT_EQ(line.role, "worker");
  EXPECT_EQ(line.time, 5);
  EXPECT_THAT(line.json, StartsWith("{\"time\":5.0,\"role\":\"worker\","));
  EXPECT_THAT(line.json, Not(HasSubstr("\n")));
}

TEST(MetricsTest, WritesInfinityAsNull) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(ToLine(LearnerMetrics{.loss = infinity}).json,
              HasSubstr("\"loss\":null"));
}

TEST(MetricsTest, IgnoresWhatItDoesNotKnow) {
  MetricsLine line = ToLine(ALearnerRecord());
  line.json.insert(1, "\"new\":[1,2],");
  EXPECT_THAT(ToLearnerMetrics(line), IsOk());
}

TEST(MetricsTest, RefusesALineThatIsNoSuchRecord) {
  const std::string json = ToLine(ALearnerRecord()).json;
  const struct {
    MetricsLine line;
    const char* want;
  } kCases[] = {
      {ToLine(WorkerMetrics()), "role 'worker', wanted 'learner'"},
      {{.role = "learner", .json = "[]"}, "no JSON object"},
      {{.role = "learner", .json = "{"}, "no JSON object"},
      {{.role = "learner", .json = "{}"}, "'time' is missing"},
      {{.role = "learner", .json = "{\"time\":\"a\"}"}, "'time' is \"a\""},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(ToLearnerMetrics(c.line),
                HasStatus(absl::StatusCode::kInvalidArgument, c.want));
  }
}

}  // namespace
}  // namespace selfplay
