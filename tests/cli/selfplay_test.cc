// `muzero-rc selfplay`: workers of a run, found by the store alone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/run_config.h"
#include "muzero/checkpoint.h"
#include "selfplay/experience_store.h"
#include "selfplay/run_end.h"
#include "selfplay/training_config.h"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/policy_file.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/subprocess.h"
#include "tests/testing/synthetic_file.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using std::chrono::seconds;
using testing::HasSubstr;
using testing_support::IsOk;
using testing_support::Subprocess;

class SelfPlayTest : public testing::Test {
 protected:
  SelfPlayTest() : store_(ExperienceStore::Open(Url(), {}).value()) {
    EXPECT_THAT(testing_support::WriteSyntheticFile(folder_.PathOf("a.webm"),
                                                    {.num_frames = 20}),
                IsOk());
  }

  // What a learner does first.
  void BeginRun() {
    selfplay::TrainingConfig config;
    config.self_play.search.num_simulations = 2;
    EXPECT_THAT(TellRunConfig(config, *store_), IsOk());
    EXPECT_THAT(store_->PublishWeights(
                    1, muzero::SerializeCheckpoint(RandomPolicy(/*seed=*/1))),
                IsOk());
  }

  std::string Url() const { return "sqlite:" + folder_.PathOf("store.sqlite"); }
  std::vector<std::string> Arguments(
      const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"selfplay", "--store", Url(),
                                          "--clips", folder_.PathOf("")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  int64_t NumEpisodes() const { return store_->Counts().value().episodes; }
  // False if there are none of that many after a minute.
  bool WaitForEpisodes(int64_t num) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (NumEpisodes() < num) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  const testing_support::MediaFolder folder_;
  const std::unique_ptr<ExperienceStore> store_;
};

TEST_F(SelfPlayTest, PlaysEpisodesIntoTheStore) {
  BeginRun();
  const auto result =
      MuzeroRc(Arguments({"--workers=2", "--max-episodes=6", "--device=cpu"}));
  EXPECT_THAT(result, Succeeds());
  EXPECT_EQ(result.out, "6 episodes played\n");
  EXPECT_EQ(NumEpisodes(), 6);
  EXPECT_EQ(store_->Metrics("worker", 100).value().size(), 6);
}

TEST_F(SelfPlayTest, NamesAClipThatItLeavesOut) {
  BeginRun();
  folder_.Write("b.webm", "no video");
  const auto result = MuzeroRc(Arguments({"--workers=1", "--max-episodes=8"}));
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.err, HasSubstr("warning: clip b.webm is left out: "));
}

TEST_F(SelfPlayTest, EndsWithItsTimeWhenNoLearnerComes) {
  EXPECT_THAT(MuzeroRc(Arguments({"--max-time=200ms", "-q"})),
              FailsWith(1, "no learner has begun a run"));
}

TEST_F(SelfPlayTest, EndsSoonAfterASignal) {
  BeginRun();
  Subprocess worker(MuzeroRcCommand(Arguments({"--workers=2"})),
                    Subprocess::ErrorsTo::kTerminal);
  ASSERT_TRUE(WaitForEpisodes(1));
  worker.Send(SIGTERM);
  const auto result = worker.Wait(seconds(5));
  EXPECT_EQ(result.exit_status, 128 + SIGTERM) << result;
  EXPECT_THAT(result.out, HasSubstr("episodes played"));
}

TEST_F(SelfPlayTest, PlaysLaterWhatASignalBrokeOff) {
  BeginRun();
  for (int i = 0; i < 2; ++i) {
    const int64_t played = NumEpisodes();
    Subprocess worker(MuzeroRcCommand(Arguments({"--workers=1"})),
                      Subprocess::ErrorsTo::kTerminal);
    ASSERT_TRUE(WaitForEpisodes(played + 1));
    worker.Send(SIGINT);
    EXPECT_EQ(worker.Wait(seconds(20)).exit_status, 128 + SIGINT);
  }
  EXPECT_THAT(MuzeroRc(Arguments({"--workers=1", "--max-episodes=1"})),
              Succeeds());
  const auto counts = store_->Counts().value();
  EXPECT_EQ(counts.tickets, counts.episodes);
}

TEST_F(SelfPlayTest, EndsWhenTheLearnerHasFinishedTheRun) {
  BeginRun();
  Subprocess worker(MuzeroRcCommand(Arguments({"--workers=2"})),
                    Subprocess::ErrorsTo::kTerminal);
  ASSERT_TRUE(WaitForEpisodes(1));
  ASSERT_THAT(selfplay::TellRunIsFinished(*store_), IsOk());
  const auto result = worker.Wait(seconds(20));
  EXPECT_THAT(result, Succeeds());
  EXPECT_THAT(result.out, HasSubstr("played: the learner finished the run\n"));
}

TEST_F(SelfPlayTest, DoesNotBeginOnAFinishedRun) {
  BeginRun();
  ASSERT_THAT(selfplay::TellRunIsFinished(*store_), IsOk());
  const auto result = MuzeroRc(Arguments({"--workers=2"}));
  EXPECT_THAT(result, Succeeds());
  EXPECT_EQ(result.out, "0 episodes played: the learner finished the run\n");
}

TEST_F(SelfPlayTest, EndsSoonWhileItWaitsForTheStore) {
  Subprocess worker(
      MuzeroRcCommand({"selfplay", "--store", "postgresql://127.0.0.1:1/none",
                       "--clips", folder_.PathOf("")}),
      Subprocess::ErrorsTo::kTerminal);
  ASSERT_TRUE(worker.WaitForErrorText("opening the store", seconds(20)));
  worker.Send(SIGTERM);
  const auto result = worker.Wait(seconds(10));
  EXPECT_EQ(result.exit_status, 128 + SIGTERM) << result;
  EXPECT_EQ(result.out, "0 episodes played\n");
}

TEST_F(SelfPlayTest, SaysWhatIsWrongWithTheCommandLine) {
  EXPECT_THAT(MuzeroRc(Arguments({"--workers=0"})),
              FailsWith(2, "--workers 0 is not in [1, 256]"));
  EXPECT_THAT(MuzeroRc(Arguments({"--max-episodes=0"})),
              FailsWith(2, "--max-episodes 0"));
  EXPECT_THAT(MuzeroRc(Arguments({"--max-time=soon"})),
              FailsWith(2, "'soon' is no duration"));
}

}  // namespace
}  // namespace cli
