#include "selfplay/store_policy_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "muzero/checkpoint.h"
#include "tests/selfplay/blank_network.h"
#include "tests/selfplay/fake_experience_store.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

constexpr StorePolicySource::Options kAlwaysAsk = {
    .refresh_interval = std::chrono::milliseconds(0)};

class StorePolicySourceTest : public testing::Test {
 protected:
  void Publish(int64_t version) {
    ASSERT_THAT(store_.PublishWeights(version, muzero::SerializeCheckpoint(
                                                   BlankNetwork(version))),
                IsOk());
  }

  ModelFactory Factory() {
    return [this](const muzero::Checkpoint& checkpoint)
               -> absl::StatusOr<std::unique_ptr<muzero::Model>> {
      steps_.push_back(checkpoint.step);
      return std::make_unique<FakePolicyModel>(Always(100));
    };
  }

  FakeExperienceStore store_;
  std::vector<int64_t> steps_;  // Of the networks made.
};

TEST_F(StorePolicySourceTest, HasNoneBeforeWeightsArePublished) {
  StorePolicySource source(store_, Factory(), kAlwaysAsk);
  EXPECT_EQ(source.Newest().value(), nullptr);
  Publish(1);
  EXPECT_EQ(source.Newest().value()->version(), 1);
}

TEST_F(StorePolicySourceTest, MakesEachNetworkOnce) {
  StorePolicySource source(store_, Factory(), kAlwaysAsk);
  Publish(3);
  const auto policy = source.Newest().value();
  EXPECT_EQ(source.Newest().value(), policy);
  EXPECT_EQ(steps_, std::vector<int64_t>({3}));
}

TEST_F(StorePolicySourceTest, LeavesAPolicyThatIsInUseAlone) {
  StorePolicySource source(store_, Factory(), kAlwaysAsk);
  Publish(1);
  const auto old_policy = source.Newest().value();
  Publish(2);
  EXPECT_EQ(source.Newest().value()->version(), 2);
  EXPECT_EQ(old_policy->version(), 1);
  EXPECT_THAT(old_policy->NewClient()->RecurrentInference({{{}, 0}}), IsOk());
}

TEST_F(StorePolicySourceTest, DoesNotAskTheStoreAllTheTime) {
  StorePolicySource source(store_, Factory(),
                           {.refresh_interval = std::chrono::hours(1)});
  Publish(1);
  ASSERT_THAT(source.Newest(), IsOk());
  Publish(2);
  const int64_t calls = store_.calls();
  EXPECT_EQ(source.Newest().value()->version(), 1);
  EXPECT_EQ(store_.calls(), calls);
}

TEST_F(StorePolicySourceTest, RefusesWeightsThatAreDamaged) {
  StorePolicySource source(store_, Factory(), kAlwaysAsk);
  ASSERT_THAT(store_.PublishWeights(4, "no network"), IsOk());
  EXPECT_THAT(source.Newest().status().message(),
              testing::HasSubstr("weights 4: "));
}

TEST_F(StorePolicySourceTest, RefusesTheNetworkOfAnotherProgram) {
  StorePolicySource source(store_, Factory(), kAlwaysAsk);
  muzero::Checkpoint checkpoint = BlankNetwork(1);
  checkpoint.notes["observation_version"] = "0";
  ASSERT_THAT(store_.PublishWeights(1, muzero::SerializeCheckpoint(checkpoint)),
              IsOk());
  EXPECT_THAT(source.Newest(),
              HasStatus(absl::StatusCode::kInvalidArgument, "version 0"));
}

TEST_F(StorePolicySourceTest, PassesOnWhatTheFactorySays) {
  StorePolicySource source(
      store_,
      [](const muzero::Checkpoint&)
          -> absl::StatusOr<std::unique_ptr<muzero::Model>> {
        return absl::UnavailableError("no such device");
      },
      kAlwaysAsk);
  Publish(1);
  EXPECT_THAT(source.Newest(),
              HasStatus(absl::StatusCode::kUnavailable, "no such device"));
}

}  // namespace
}  // namespace selfplay
