#ifndef TESTS_SELFPLAY_EXPERIENCE_STORE_TEST_H_
#define TESTS_SELFPLAY_EXPERIENCE_STORE_TEST_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"
#include "tests/selfplay/made_episode.h"
#include "tests/selfplay/store_home.h"

namespace selfplay {

// What every engine's store has to do.  The programs of the engines say which
// engine that is: sqlite_store_test.cc, postgresql_store_test.cc.
class ExperienceStoreTest : public testing::TestWithParam<StoreHomeFactory> {
 protected:
  // A store at this test's database, another object at each call.
  std::unique_ptr<ExperienceStore> Open(int connections = 4) const {
    auto store =
        ExperienceStore::Open(home_->url(), {.connections = connections});
    EXPECT_TRUE(store.ok()) << store.status();
    return std::move(store).value();
  }

  absl::StatusOr<std::unique_ptr<ExperienceStore>> OpenToRead() const {
    return ExperienceStore::Open(home_->url(), {.is_read_only = true});
  }

  StoreHome& home() const { return *home_; }

 private:
  const std::unique_ptr<StoreHome> home_ = GetParam()();
};

// The same with a store, and the first pass of its episodes in there.
class OpenStoreTest : public ExperienceStoreTest {
 protected:
  ExperienceStore& store() const { return *store_; }
  const SelfCompetitionConfig& config() const { return config_; }

  PlayedEpisode Episode(const std::string& id, uint64_t seed = 1,
                        const std::string& clip = "a") const {
    return MadeEpisode({.id = id,
                        .pair = {.clip = clip, .target_bitrate_kbps = 256},
                        .first_pass = first_pass_,
                        .seed = seed});
  }

  absl::StatusOr<EpisodeReceipt> Add(const PlayedEpisode& episode) const {
    return store_->AddEpisode(episode, config_);
  }

 private:
  const SelfCompetitionConfig config_;
  const std::unique_ptr<ExperienceStore> store_ = Open();
  const std::string first_pass_ = *store_->PutFirstPass(MadeStats(6));
};

// Averages by the episodes in the order of their sequences.
std::map<Pair, History> ReplayedHistories(ExperienceStore& store,
                                          const SelfCompetitionConfig& config);

// Expects `store` to have them, bit for bit.
void ExpectHistories(ExperienceStore& store,
                     const std::map<Pair, History>& want);

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_EXPERIENCE_STORE_TEST_H_
