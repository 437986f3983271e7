// `muzero-rc train` and `export`: a run from its beginning to a model that
// encodes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "muzero/checkpoint.h"
#include "muzero/whole_file.h"
#include "selfplay/episode_codec.h"
#include "selfplay/experience_store.h"
#include "selfplay/learner_checkpoint.h"
#include "selfplay/run_end.h"
#include "tests/cli/muzero_rc.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/subprocess.h"
#include "tests/testing/synthetic_file.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using selfplay::StoredEpisode;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using testing_support::IsOk;
using testing_support::Subprocess;

// Small enough to learn from in seconds.
constexpr char kConfig[] = R"(
[episode]
targets_kbps = [256.0, 768.0]
[search]
num_simulations = 2
[rate_limit]
min_episodes = 4
samples_per_insert = 2.0
[learner]
batch_size = 16
publish_steps = 3
[network]
token_width = 8
num_attention_heads = 2
num_layers = 1
feed_forward_width = 8
hidden_size = 8
num_dynamics_blocks = 1
num_prediction_blocks = 0
[evaluation]
every_episodes = 0
)";

class TrainTest : public testing::Test {
 protected:
  TrainTest() {
    for (const char* clip : {"clips/a.webm", "clips/b.webm"}) {
      std::filesystem::create_directories(folder_.PathOf("clips"));
      EXPECT_THAT(testing_support::WriteSyntheticFile(folder_.PathOf(clip),
                                                      {.num_frames = 12}),
                  IsOk());
    }
    folder_.Write("config.toml", kConfig);
  }

  std::vector<std::string> Arguments(
      const std::string& run, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {
        "train",    "--clips",  folder_.PathOf("clips"),       "--run",
        RunOf(run), "--config", folder_.PathOf("config.toml"), "--device=cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::string RunOf(const std::string& run) const {
    return folder_.PathOf(run);
  }

  std::unique_ptr<ExperienceStore> Store(const std::string& run) const {
    return ExperienceStore::Open("sqlite:" + RunOf(run) + "/experience.db", {})
        .value();
  }
  std::vector<StoredEpisode> Episodes(const std::string& run) const {
    return Store(run)->EpisodesAfter(0, 1000).value();
  }
  selfplay::StoreCounts Counts(const std::string& run) const {
    return Store(run)->Counts().value();
  }

  // Lets the program run until its progress line says `moment`.
  void Interrupt(const std::vector<std::string>& arguments,
                 const std::string& moment) const {
    Subprocess train(MuzeroRcCommand(arguments),
                     Subprocess::ErrorsTo::kTerminal);
    EXPECT_TRUE(train.WaitForErrorText(moment, seconds(60)));
    train.Send(SIGINT);
    const auto result = train.Wait(seconds(20));
    EXPECT_EQ(result.exit_status, 128 + SIGINT) << result;
  }

  // What was played and learned, without the time it took.
  std::string Fingerprint(const std::string& run) const {
    std::string bytes;
    for (StoredEpisode& stored : Episodes(run)) {
      stored.episode.seconds = 0;
      stored.episode.worker.clear();
      bytes += selfplay::SerializePlayedEpisode(stored.episode).value();
    }
    return bytes + muzero::SerializeCheckpoint(Latest(run));
  }

  muzero::Checkpoint Latest(const std::string& run) const {
    auto checkpoint = selfplay::LoadLearnerCheckpoint(RunOf(run));
    muzero::Checkpoint network = checkpoint.value().value().network;
    network.notes.clear();
    return network;
  }

  const testing_support::MediaFolder folder_;
};

TEST_F(TrainTest, PlaysAndLearns) {
  EXPECT_THAT(MuzeroRc(Arguments("run", {"--max-episodes=10"})), Succeeds());
  EXPECT_EQ(Episodes("run").size(), 10);
  EXPECT_GT(Latest("run").step, 0);
}

TEST_F(TrainTest, TheSameSeedAndOneWorkerGiveTheSameEpisodes) {
  const std::vector<std::string> arguments = {"--workers=1", "--seed=7",
                                              "--max-episodes=20"};
  ASSERT_THAT(MuzeroRc(Arguments("one", arguments)), Succeeds());
  ASSERT_THAT(MuzeroRc(Arguments("other", arguments)), Succeeds());
  EXPECT_EQ(Fingerprint("one"), Fingerprint("other"));
}

TEST_F(TrainTest, AnotherSeedGivesOthers) {
  const std::vector<std::string> arguments = {"--workers=1",
                                              "--max-episodes=2"};
  ASSERT_THAT(MuzeroRc(Arguments("one", arguments)), Succeeds());
  ASSERT_THAT(MuzeroRc(Arguments(
                  "other", {"--workers=1", "--seed=8", "--max-episodes=2"})),
              Succeeds());
  EXPECT_NE(Fingerprint("one"), Fingerprint("other"));
}

TEST_F(TrainTest, GoesOnAsIfItHadNeverStopped) {
  ASSERT_THAT(
      MuzeroRc(Arguments("whole", {"--workers=1", "--max-episodes=16"})),
      Succeeds());
  ASSERT_THAT(MuzeroRc(Arguments("parts", {"--workers=1", "--max-episodes=9"})),
              Succeeds());
  ASSERT_THAT(
      MuzeroRc(Arguments("parts", {"--workers=1", "--max-episodes=16"})),
      Succeeds());
  EXPECT_EQ(Fingerprint("whole"), Fingerprint("parts"));
}

// Long clips, so that a signal comes in the middle of an episode: while few are
// played, nothing is learned.
TEST_F(TrainTest, GoesOnFromTheMiddleOfAnEpisodeAsIfItHadNeverStopped) {
  for (const char* clip : {"clips/a.webm", "clips/b.webm"}) {
    ASSERT_THAT(testing_support::WriteSyntheticFile(
                    folder_.PathOf(clip),
                    {.width = 320, .height = 192, .num_frames = 64}),
                IsOk());
  }
  const auto arguments = [this](const std::string& run) {
    return Arguments(run, {"--workers=1", "--max-episodes=8"});
  };
  ASSERT_THAT(MuzeroRc(arguments("whole")), Succeeds());
  int broken_off = 0;
  for (const char* moment : {"episode 1 ", "episode 5 "}) {
    Interrupt(arguments("parts"), moment);
    const selfplay::StoreCounts counts = Counts("parts");
    broken_off += counts.tickets > counts.episodes ? 1 : 0;
  }
  ASSERT_THAT(MuzeroRc(arguments("parts")), Succeeds());
  EXPECT_GE(broken_off, 1);
  EXPECT_EQ(Counts("parts").tickets, 8);
  EXPECT_TRUE(Fingerprint("whole") == Fingerprint("parts"));
}

TEST_F(TrainTest, TellsWorkersThatTheRunIsFinishedUnlessItWasInterrupted) {
  ASSERT_THAT(MuzeroRc(Arguments("run", {"--max-episodes=2"})), Succeeds());
  EXPECT_TRUE(*selfplay::IsRunFinished(*Store("run")));
  Interrupt(Arguments("run", {"--workers=1"}), "episode ");
  EXPECT_FALSE(*selfplay::IsRunFinished(*Store("run")));
  ASSERT_THAT(MuzeroRc(Arguments("run", {"--max-time=1s"})), Succeeds());
  EXPECT_TRUE(*selfplay::IsRunFinished(*Store("run")));
}

TEST_F(TrainTest, ALearnerEndsSoonWhileItWaitsForTheStore) {
  Subprocess learn(
      MuzeroRcCommand({"learn", "--store", "postgresql://127.0.0.1:1/none",
                       "--run", RunOf("run")}),
      Subprocess::ErrorsTo::kTerminal);
  EXPECT_FALSE(learn.WaitForErrorText("never said", seconds(3)));
  learn.Send(SIGTERM);
  const auto result = learn.Wait(seconds(10));
  EXPECT_EQ(result.exit_status, 128 + SIGTERM) << result;
  EXPECT_THAT(result.err, HasSubstr("interrupted while waiting for the store"));
}

TEST_F(TrainTest, EndsSoonAfterASignalAndGoesOnLater) {
  Subprocess train(MuzeroRcCommand(Arguments("run", {"--workers=2"})),
                   Subprocess::ErrorsTo::kTerminal);
  ASSERT_TRUE(train.WaitForErrorText("episode 8", seconds(60)));
  train.Send(SIGINT);
  const auto result = train.Wait(seconds(5));
  EXPECT_EQ(result.exit_status, 128 + SIGINT) << result;
  EXPECT_THAT(result.err, HasSubstr("to go on"));
  const size_t played = Episodes("run").size();
  EXPECT_THAT(MuzeroRc(Arguments(
                  "run", {"--max-episodes=" + std::to_string(played + 2)})),
              Succeeds());
  EXPECT_EQ(Episodes("run").size(), played + 2);
}

TEST_F(TrainTest, MeasuresOnValidationClipsAndKeepsTheBest) {
  std::filesystem::create_directories(folder_.PathOf("split/train"));
  std::filesystem::create_directories(folder_.PathOf("split/validation"));
  std::filesystem::copy(folder_.PathOf("clips/a.webm"),
                        folder_.PathOf("split/train/a.webm"));
  std::filesystem::copy(folder_.PathOf("clips/b.webm"),
                        folder_.PathOf("split/validation/b.webm"));
  std::string config = kConfig;
  config.replace(config.find("every_episodes = 0"), 18, "every_episodes = 5");
  config += "max_overshoot_share = 1.0\n";
  const size_t targets = config.find("[256.0, 768.0]");
  config.replace(targets, 14, "[200.0, 400.0, 800.0, 1600.0]");
  folder_.Write("measured.toml", config);
  ASSERT_THAT(
      MuzeroRc({"train", "--clips", folder_.PathOf("split"), "--run",
                RunOf("run"), "--config", folder_.PathOf("measured.toml"),
                "--max-episodes=6", "--workers=1"}),
      Succeeds());
  auto store =
      ExperienceStore::Open("sqlite:" + RunOf("run") + "/experience.db", {});
  const auto lines = store.value()->Metrics("evaluation", 10).value();
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines[0].json, HasSubstr("\"clips\":1"));
  EXPECT_THAT(lines[0].json, HasSubstr("\"is_best\":true"));
  EXPECT_THAT(MuzeroRc({"export", "--run", RunOf("run"), "--which=best", "-o",
                        folder_.PathOf("best.safetensors")}),
              Succeeds());
}

TEST_F(TrainTest, ItsModelEncodes) {
  ASSERT_THAT(MuzeroRc(Arguments("run", {"--max-episodes=6"})), Succeeds());
  const std::string model = folder_.PathOf("policy.safetensors");
  ASSERT_THAT(MuzeroRc({"export", "--run", RunOf("run"), "-o", model}),
              Succeeds());
  EXPECT_THAT(MuzeroRc({"encode", folder_.PathOf("clips/a.webm"), "-o",
                        folder_.PathOf("out.webm"), "--target-bitrate=200k",
                        "--controller=muzero", "--model", model}),
              Succeeds());
}

TEST_F(TrainTest, ExportSaysWhatThereIsNot) {
  ASSERT_THAT(MuzeroRc(Arguments("run", {"--max-episodes=1"})), Succeeds());
  const std::string model = folder_.PathOf("policy.safetensors");
  EXPECT_THAT(
      MuzeroRc({"export", "--run", RunOf("run"), "--which=best", "-o", model}),
      FailsWith(1, "has no best model"));
  EXPECT_THAT(MuzeroRc({"export", "--run", RunOf("none"), "-o", model}),
              FailsWith(1, "none/checkpoint.safetensors"));
  EXPECT_FALSE(std::filesystem::exists(model));
}

TEST_F(TrainTest, ARunKeepsItsConstants) {
  ASSERT_THAT(MuzeroRc(Arguments("run", {"--max-episodes=1"})), Succeeds());
  EXPECT_THAT(MuzeroRc(Arguments("run", {"--seed=99"})),
              FailsWith(1, "has begun with other constants"));
  EXPECT_THAT(MuzeroRc({"train", "--clips", folder_.PathOf("clips"), "--run",
                        RunOf("run"), "--max-episodes=2"}),
              Succeeds());
}

TEST_F(TrainTest, OneProcessTrainsInARunAtATime) {
  Subprocess train(MuzeroRcCommand(Arguments("run", {"--workers=1"})),
                   Subprocess::ErrorsTo::kTerminal);
  ASSERT_TRUE(train.WaitForErrorText("episode", seconds(60)));
  EXPECT_THAT(MuzeroRc(Arguments("run", {})),
              FailsWith(1, "another process is training in"));
  train.Send(SIGTERM);
  EXPECT_EQ(train.Wait(seconds(5)).exit_status, 128 + SIGTERM);
}

TEST_F(TrainTest, SaysWhatIsWrongBeforeItBegins) {
  folder_.Write("bad.toml", "[search]\nnum_simulation = 2\n");
  EXPECT_THAT(MuzeroRc({"train", "--clips", folder_.PathOf("clips"), "--run",
                        RunOf("bad"), "--config", folder_.PathOf("bad.toml")}),
              FailsWith(2, "bad.toml:2"));
  EXPECT_THAT(MuzeroRc(Arguments("bad", {"--workers=0"})),
              FailsWith(2, "--workers 0"));
  EXPECT_THAT(MuzeroRc(Arguments("bad", {"--max-time=soon"})),
              FailsWith(2, "'soon' is no duration"));
  EXPECT_THAT(
      MuzeroRc(Arguments("bad", {"--init", folder_.PathOf("config.toml")})),
      Not(Succeeds()));
}

}  // namespace
}  // namespace cli
