// A run on PostgreSQL whose processes and database are killed under load.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "nlohmann/json.hpp"
#include "selfplay/experience_store.h"
#include "tests/cli/muzero_rc.h"
#include "tests/deploy/fleet.h"
#include "tests/deploy/whole_run.h"
#include "tests/selfplay/private_postgresql.h"
#include "tests/testing/ffmpeg_tool.h"

namespace cli {
namespace {

using selfplay::ExperienceStore;
using testing_support::Fleet;
using testing_support::MediaFolder;
using Clock = std::chrono::steady_clock;

constexpr int kKills = 20;
constexpr int kWorkers = 2;
constexpr uint64_t kSeed = 4;
// For what takes a second on an idle machine.
constexpr std::chrono::seconds kPatience(60);

enum class Victim { kWorker, kLearner, kDatabase };

// All in turn, in an order by chance.
std::vector<Victim> Victims(std::mt19937_64& random) {
  constexpr Victim kAll[] = {Victim::kWorker, Victim::kLearner,
                             Victim::kDatabase};
  std::vector<Victim> victims;
  for (int i = 0; i < kKills; ++i) victims.push_back(kAll[i % 3]);
  std::shuffle(victims.begin(), victims.end(), random);
  return victims;
}

class KillTest : public testing::Test {
 protected:
  KillTest() {
    folder_.MakeVideo("a.mp4", "64x48", "25", 12, {"-c:v", "mpeg4"});
    folder_.MakeVideo("b.mp4", "96x64", "25", 12, {"-c:v", "mpeg4"});
    folder_.Write("clips.csv", "path\na.mp4\nb.mp4\n");
  }

  Fleet::Options FleetOptions() const {
    return {.store = url_,
            .run = folder_.PathOf("run"),
            .config = SMALL_RUN,
            .clips = folder_.PathOf("clips.csv"),
            .workers = kWorkers};
  }

  // A wait with an end, which fails the test.
  static void Await(const char* what, const std::function<bool()>& is_there) {
    const Clock::time_point deadline = Clock::now() + kPatience;
    while (!is_there()) {
      ASSERT_LT(Clock::now(), deadline) << "there is no " << what;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  // Waits until workers have stored and the learner has published something
  // that was not there before.
  void AwaitLoad() {
    const selfplay::StoreCounts before = store_->Counts().value();
    Await("new episode", [&] {
      return store_->Counts().value().episodes >= before.episodes + 3;
    });
    Await("new weights", [&] {
      return store_->Counts().value().weights_version > before.weights_version;
    });
  }

  void Kill(Victim victim, Fleet& fleet) {
    switch (victim) {
      case Victim::kWorker:
        return fleet.ReplaceWorker(static_cast<int>(random_() % kWorkers));
      case Victim::kLearner:
        return fleet.ReplaceLearner();
      case Victim::kDatabase:
        return database_.KillAndStart();
    }
  }

  // Remembers what there is to read: that must stay.
  void Witness() {
    const auto episodes = store_->EpisodesAfter(
        static_cast<int64_t>(seen_.size()), /*limit=*/100'000);
    ASSERT_TRUE(episodes.ok()) << episodes.status();
    for (const auto& stored : *episodes) {
      seen_[stored.sequence] = stored.episode.id;
    }
  }

  void ExpectWitnessed() const {
    const auto episodes = store_->EpisodesAfter(0, /*limit=*/100'000);
    ASSERT_TRUE(episodes.ok()) << episodes.status();
    std::map<int64_t, std::string> there;
    for (const auto& stored : *episodes) {
      there[stored.sequence] = stored.episode.id;
    }
    EXPECT_TRUE(
        std::includes(there.begin(), there.end(), seen_.begin(), seen_.end()));
  }

  // What `status` says of the run.
  nlohmann::json Status() const {
    const auto result = MuzeroRc({"status", "--store", url_, "--json"});
    EXPECT_THAT(result, Succeeds());
    return nlohmann::json::parse(result.out);
  }

  std::mt19937_64 random_{kSeed};
  testing_support::PrivatePostgresql database_;
  const std::string url_ = database_.MakeDatabase("run");
  const std::unique_ptr<ExperienceStore> store_ =
      ExperienceStore::Open(url_, {}).value();
  const MediaFolder folder_;
  std::map<int64_t, std::string> seen_;  // Ids by sequence.
};

TEST_F(KillTest, LosesAndDoublesNothingWhoeverIsKilled) {
  Fleet fleet(FleetOptions());
  for (const Victim victim : Victims(random_)) {
    ASSERT_NO_FATAL_FAILURE(AwaitLoad());
    std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 300));
    ASSERT_NO_FATAL_FAILURE(Witness());
    Kill(victim, fleet);
  }
  ASSERT_NO_FATAL_FAILURE(AwaitLoad());
  fleet.Stop();
  ExpectWitnessed();
  EXPECT_EQ(testing_support::CheckWhole(*store_), absl::OkStatus());
  const nlohmann::json status = Status();
  EXPECT_EQ(status.at("episodes"), store_->Counts()->episodes);
  EXPECT_GT(status.at("learner_step"), 0);
}

}  // namespace
}  // namespace cli
