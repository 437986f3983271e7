#include "selfplay/batching_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/model.h"
#include "muzero/search.h"
#include "tests/muzero/fake_model.h"
#include "tests/muzero/random_mdp.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::muzero::FakeModel;
using ::muzero::Mdp;
using ::muzero::Model;
using ::muzero::Observation;
using ::muzero::ObservationOf;
using ::muzero::Prediction;
using ::muzero::SearchResult;
using ::muzero::Transition;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Le;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

// Whoever waits this long where nobody needs to wait, hangs: the test fails by
// its time limit, and no test depends on how fast the machine is.
constexpr std::chrono::hours kForever{1};
constexpr int kNumThreads = 16;

Mdp SomeMdp() {
  std::mt19937_64 random(3);
  return muzero::RandomTree(/*num_actions=*/5, /*depth=*/3, 1, random);
}

// Remembers how many entries each call had; may fail, and may be held up.
class RecordingModel : public Model {
 public:
  int num_actions() const override { return fake_.num_actions(); }

  absl::StatusOr<std::vector<Prediction>> InitialInference(
      absl::Span<const Observation> observations) override {
    initial_sizes.push_back(static_cast<int>(observations.size()));
    on_call();
    if (!status.ok()) return status;
    return fake_.InitialInference(observations);
  }

  absl::StatusOr<std::vector<Prediction>> RecurrentInference(
      absl::Span<const Transition> transitions) override {
    recurrent_sizes.push_back(static_cast<int>(transitions.size()));
    on_call();
    if (!status.ok()) return status;
    return fake_.RecurrentInference(transitions);
  }

  // Not guarded: the batching model calls one thread at a time.
  std::vector<int> initial_sizes;
  std::vector<int> recurrent_sizes;
  absl::Status status;
  std::function<void()> on_call = [] {};

 private:
  FakeModel fake_{SomeMdp()};
};

// Opens once, for all who wait.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

void InThreads(int num_threads, const std::function<void(int)>& work) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < num_threads; ++i) threads.emplace_back(work, i);
}

absl::StatusOr<std::vector<Prediction>> AskForRoot(Model& model,
                                                   int state = 0) {
  const Observation observation = ObservationOf(state);
  return model.InitialInference(absl::MakeConstSpan(&observation, 1));
}

absl::StatusOr<std::vector<Prediction>> AskForChild(Model& model,
                                                    int action = 0) {
  const float state = 0;
  const Transition transition = {absl::MakeConstSpan(&state, 1), action};
  return model.RecurrentInference(absl::MakeConstSpan(&transition, 1));
}

SearchResult RunSearch(Model& model, int seed) {
  std::mt19937_64 random(static_cast<uint64_t>(seed));
  muzero::SearchTree tree;
  return *muzero::Search({}, ObservationOf(seed % 4), model, random, tree);
}

TEST(BatchingModelTest, GivesSearchesTheResultsOfTheInnerModel) {
  RecordingModel inner;
  BatchingModel batching(inner, {});
  std::vector<SearchResult> results(kNumThreads);
  InThreads(kNumThreads, [&](int i) {
    results[static_cast<size_t>(i)] = RunSearch(*batching.NewClient(), i);
  });
  for (int i = 0; i < kNumThreads; ++i) {
    FakeModel unbatched(SomeMdp());
    const SearchResult want = RunSearch(unbatched, i);
    const SearchResult& got = results[static_cast<size_t>(i)];
    EXPECT_EQ(got.action, want.action);
    EXPECT_EQ(got.search_policy, want.search_policy);
    EXPECT_EQ(got.root_value, want.root_value);
  }
}

TEST(BatchingModelTest, GathersWhatManyThreadsAskForAtOnce) {
  RecordingModel inner;
  Gate all_started;
  inner.on_call = [&] { all_started.Wait(); };
  std::atomic<int> num_started = 0;
  BatchingModel batching(inner, {.max_wait = kForever});
  InThreads(kNumThreads, [&](int) {
    const auto client = batching.NewClient();
    if (++num_started == kNumThreads) all_started.Open();
    for (int i = 0; i < 100; ++i) ASSERT_THAT(AskForChild(*client), IsOk());
  });
  // 1,600 requests: 100 calls, and what the start and the end add.
  EXPECT_LT(inner.recurrent_sizes.size(), 400u);
  EXPECT_EQ(std::ranges::max(inner.recurrent_sizes), kNumThreads);
}

TEST(BatchingModelTest, ASingleClientNeverWaits) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = kForever});
  const auto client = batching.NewClient();
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(AskForRoot(*client), IsOk());
    EXPECT_THAT(AskForChild(*client), IsOk());
  }
}

TEST(BatchingModelTest, NobodyWaitsForClientsThatNeverAsked) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = kForever});
  const auto idle = batching.NewClient();
  const auto client = batching.NewClient();
  for (int i = 0; i < 10; ++i) EXPECT_THAT(AskForChild(*client), IsOk());
}

TEST(BatchingModelTest, NobodyWaitsForClientsThatAreGone) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = kForever});
  auto gone = batching.NewClient();
  const auto client = batching.NewClient();
  ASSERT_THAT(AskForChild(*gone), IsOk());
  std::jthread waits([&] { EXPECT_THAT(AskForChild(*client), IsOk()); });
  gone.reset();
}

TEST(BatchingModelTest, WaitsForAClientThatStoppedAskingOnlySoLong) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = std::chrono::milliseconds(1)});
  const auto idle = batching.NewClient();
  const auto client = batching.NewClient();
  ASSERT_THAT(AskForChild(*idle), IsOk());
  for (int i = 0; i < 3; ++i) EXPECT_THAT(AskForChild(*client), IsOk());
  EXPECT_THAT(inner.recurrent_sizes, ElementsAre(1, 1, 1, 1));
}

TEST(BatchingModelTest, KeepsInitialAndRecurrentRequestsApart) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = kForever});
  InThreads(2, [&](int i) {
    const auto client = batching.NewClient();
    for (int n = 0; n < 50; ++n) {
      ASSERT_THAT(i == 0 ? AskForRoot(*client) : AskForChild(*client), IsOk());
    }
  });
  EXPECT_EQ(inner.initial_sizes.size(), 50u);
  EXPECT_EQ(inner.recurrent_sizes.size(), 50u);
}

TEST(BatchingModelTest, NoBatchIsLargerThanAllowed) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_batch = 3, .max_wait = kForever});
  InThreads(kNumThreads, [&](int) {
    const auto client = batching.NewClient();
    for (int i = 0; i < 50; ++i) ASSERT_THAT(AskForChild(*client), IsOk());
  });
  EXPECT_THAT(inner.recurrent_sizes, Each(Le(3)));
}

TEST(BatchingModelTest, ARequestLargerThanABatchGoesAlone) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_batch = 2});
  const std::vector<Observation> three(3, ObservationOf(1));
  const auto client = batching.NewClient();
  const auto answers = client->InitialInference(three);
  ASSERT_THAT(answers, IsOk());
  EXPECT_EQ(answers->size(), 3u);
}

TEST(BatchingModelTest, AnEmptyRequestHasAnEmptyAnswer) {
  RecordingModel inner;
  BatchingModel batching(inner, {});
  const auto client = batching.NewClient();
  EXPECT_TRUE(client->InitialInference({}).value().empty());
  EXPECT_TRUE(client->RecurrentInference({}).value().empty());
  EXPECT_TRUE(inner.initial_sizes.empty());
}

TEST(BatchingModelTest, EveryRequestGetsItsOwnAnswers) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = kForever});
  InThreads(kNumThreads, [&](int i) {
    const auto client = batching.NewClient();
    const int state = i % 4;
    const std::vector<Observation> several(1 + i % 3, ObservationOf(state));
    for (int n = 0; n < 50; ++n) {
      const auto answers = client->InitialInference(several);
      ASSERT_THAT(answers, IsOk());
      ASSERT_EQ(answers->size(), several.size());
      for (const Prediction& p : *answers) {
        ASSERT_THAT(p.hidden_state, ElementsAre(static_cast<float>(state)));
      }
    }
  });
}

TEST(BatchingModelTest, ErrorsReachAllRequestsOfABatch) {
  RecordingModel inner;
  inner.status = absl::UnavailableError("the device is gone");
  BatchingModel batching(inner, {.max_wait = kForever});
  InThreads(kNumThreads, [&](int) {
    const auto client = batching.NewClient();
    for (int i = 0; i < 20; ++i) {
      ASSERT_THAT(
          AskForChild(*client),
          HasStatus(absl::StatusCode::kUnavailable, "the device is gone"));
    }
  });
}

class ForgetfulModel : public FakeModel {
 public:
  using FakeModel::FakeModel;
  absl::StatusOr<std::vector<Prediction>> RecurrentInference(
      absl::Span<const Transition>) override {
    return std::vector<Prediction>();
  }
};

TEST(BatchingModelTest, AnswersOfTheWrongLengthAreInternalErrors) {
  ForgetfulModel inner(SomeMdp());
  BatchingModel batching(inner, {});
  EXPECT_THAT(AskForChild(*batching.NewClient()),
              HasStatus(absl::StatusCode::kInternal,
                        "answered a batch of 1 with 0 entries"));
}

TEST(BatchingModelTest, RequestsGatherWhileTheInnerModelWorks) {
  RecordingModel inner;
  Gate started;
  Gate done;
  inner.on_call = [&] {
    started.Open();
    done.Wait();
  };
  BatchingModel batching(inner, {.max_wait = kForever});
  std::vector<std::jthread> threads;
  const auto ask = [&] {
    EXPECT_THAT(AskForChild(*batching.NewClient()), IsOk());
  };
  threads.emplace_back(ask);
  started.Wait();
  for (int i = 0; i < 4; ++i) threads.emplace_back(ask);
  done.Open();
  threads.clear();
  EXPECT_LE(inner.recurrent_sizes.size(), 5u);
  EXPECT_EQ(inner.recurrent_sizes.front(), 1);
}

TEST(BatchingModelTest, StopFreesThoseWhoWait) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = kForever});
  const auto idle = batching.NewClient();
  const auto client = batching.NewClient();
  ASSERT_THAT(AskForChild(*idle), IsOk());
  std::jthread waits([&] {
    EXPECT_THAT(AskForChild(*client),
                HasStatus(absl::StatusCode::kCancelled, "stopped"));
  });
  batching.Stop();
}

TEST(BatchingModelTest, NothingIsAnsweredAfterStop) {
  RecordingModel inner;
  BatchingModel batching(inner, {});
  const auto client = batching.NewClient();
  batching.Stop();
  EXPECT_THAT(AskForRoot(*client),
              HasStatus(absl::StatusCode::kCancelled, "stopped"));
}

TEST(BatchingModelTest, StopInTheMiddleOfManySearchesHangsNobody) {
  RecordingModel inner;
  BatchingModel batching(inner, {.max_wait = kForever});
  Gate some_calls;
  inner.on_call = [&] {
    if (inner.recurrent_sizes.size() == 20) some_calls.Open();
  };
  std::jthread stops([&] {
    some_calls.Wait();
    batching.Stop();
  });
  InThreads(kNumThreads, [&](int) {
    const auto client = batching.NewClient();
    while (AskForChild(*client).ok()) {
    }
  });
}

TEST(BatchingModelTest, ConfigNamesTheFieldThatMakesNoSense) {
  EXPECT_THAT(BatchingConfig().Validate(), IsOk());
  EXPECT_THAT(BatchingConfig{.max_batch = 0}.Validate(),
              HasStatus(absl::StatusCode::kInvalidArgument, "max_batch 0"));
  EXPECT_THAT(
      BatchingConfig{.max_wait = std::chrono::microseconds(-1)}.Validate(),
      HasStatus(absl::StatusCode::kInvalidArgument, "max_wait -1"));
}

}  // namespace
}  // namespace selfplay
