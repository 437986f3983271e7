#include "tests/selfplay/experience_store_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/sql_pool.h"
#include "selfplay/sql_schema.h"
#include "selfplay/store_url.h"
#include "tests/selfplay/made_episode.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {

std::map<Pair, History> ReplayedHistories(ExperienceStore& store,
                                          const SelfCompetitionConfig& config) {
  std::map<Pair, History> histories;
  const auto episodes = store.EpisodesAfter(0, 1'000'000);
  EXPECT_TRUE(episodes.ok()) << episodes.status();
  for (const StoredEpisode& stored : *episodes) {
    History& history = histories[stored.episode.pair];
    EXPECT_EQ(stored.reward, Reward(history, stored.episode.outcome, config));
    history = Updated(history, stored.episode.outcome, config);
  }
  return histories;
}

void ExpectHistories(ExperienceStore& store,
                     const std::map<Pair, History>& want) {
  const auto histories = store.Histories();
  ASSERT_TRUE(histories.ok()) << histories.status();
  ASSERT_EQ(histories->size(), want.size());
  for (const auto& [pair, history] : *histories) {
    const auto it = want.find(pair);
    ASSERT_NE(it, want.end()) << pair.clip;
    EXPECT_EQ(history.quality, it->second.quality);
    EXPECT_EQ(history.overshoot, it->second.overshoot);
    EXPECT_EQ(history.episodes, it->second.episodes);
  }
}

namespace {

using testing::ElementsAre;
using testing_support::HasStatus;
using testing_support::IsOk;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kNotFound = absl::StatusCode::kNotFound;

// Runs `body` on the database itself.
absl::Status OnDatabase(const StoreHome& home, SqlPool::Body body) {
  SqlPool pool(ParseStoreUrl(home.url()).value(),
               {.connections = 1, .retry = absl::Seconds(10)});
  return pool.Write(body);
}

// Writes `bytes` where `statement` has its only parameter.
absl::Status Overwrite(const StoreHome& home, const std::string& statement,
                       absl::string_view bytes) {
  return OnDatabase(home, [&](const SqlCall& call) {
    SqlBytes parameter(call.session, call.engine);
    parameter.Set(bytes);
    call.session << statement, parameter.Use();
    return absl::OkStatus();
  });
}

// Every byte there is, several times.
std::string AnyBytes(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    bytes.push_back(static_cast<char>((i * 7 + i / 256) & 0xff));
  }
  return bytes;
}

std::vector<int64_t> SequencesAfter(ExperienceStore& store, int64_t sequence,
                                    int limit) {
  std::vector<int64_t> sequences;
  const auto episodes = store.EpisodesAfter(sequence, limit);
  EXPECT_THAT(episodes, IsOk());
  for (const StoredEpisode& stored : *episodes) {
    sequences.push_back(stored.sequence);
  }
  return sequences;
}

TEST_P(OpenStoreTest, GivesTicketsInOrder) {
  for (const int64_t want : {0, 1, 2}) {
    const auto ticket = store().TakeTicket();
    ASSERT_THAT(ticket, IsOk());
    EXPECT_EQ(*ticket, want);
  }
  EXPECT_EQ(*Open()->TakeTicket(), 3);
  EXPECT_EQ(store().Counts()->tickets, 4);
}

TEST_P(OpenStoreTest, GivesReturnedTicketsFirst) {
  for (int i = 0; i < 4; ++i) ASSERT_THAT(store().TakeTicket(), IsOk());
  for (const int64_t ticket : {3, 1, 3}) {
    ASSERT_THAT(store().ReturnTicket(ticket), IsOk());
  }
  for (const int64_t want : {1, 3, 4}) EXPECT_EQ(*store().TakeTicket(), want);
  EXPECT_EQ(store().Counts()->tickets, 5);
}

TEST_P(OpenStoreTest, GivesAReturnedTicketToOneOfMany) {
  ASSERT_THAT(store().TakeTicket(), IsOk());
  ASSERT_THAT(store().ReturnTicket(0), IsOk());
  std::mutex mutex;
  std::set<int64_t> taken;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const int64_t ticket = store().TakeTicket().value();
      const std::lock_guard lock(mutex);
      taken.insert(ticket);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(taken, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_P(OpenStoreTest, KeepsEpisodesBitForBit) {
  const PlayedEpisode episode = Episode("one", /*seed=*/5, "käse 漢字.mkv");
  const auto receipt = Add(episode);
  ASSERT_THAT(receipt, IsOk());
  EXPECT_FALSE(receipt->is_duplicate);
  EXPECT_EQ(receipt->sequence, 1);
  const auto stored = store().EpisodesAfter(0, 10);
  ASSERT_THAT(stored, IsOk());
  ASSERT_EQ(stored->size(), 1u);
  EXPECT_TRUE(AreSame(stored->front().episode, episode));
  EXPECT_GT(stored->front().stored_at, 1.6e9);
}

TEST_P(OpenStoreTest, NumbersEpisodesInTheOrderOfStoring) {
  for (int i = 0; i < 40; ++i) {
    const auto receipt = Add(Episode(absl::StrCat("e", i)));
    ASSERT_THAT(receipt, IsOk());
    EXPECT_EQ(receipt->sequence, i + 1);
  }
  EXPECT_THAT(SequencesAfter(store(), 0, 3), ElementsAre(1, 2, 3));
  EXPECT_THAT(SequencesAfter(store(), 38, 9), ElementsAre(39, 40));
  EXPECT_EQ(SequencesAfter(store(), 0, 1000).size(), 40u);
  EXPECT_THAT(SequencesAfter(store(), 40, 9), ElementsAre());
  EXPECT_THAT(SequencesAfter(store(), 0, 0), ElementsAre());
}

TEST_P(OpenStoreTest, CountsADuplicateOnce) {
  ASSERT_THAT(Add(Episode("a", 1)), IsOk());
  const auto first = Add(Episode("b", 2));
  const auto second = Add(Episode("b", 2));
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(second->is_duplicate);
  EXPECT_EQ(second->sequence, first->sequence);
  EXPECT_EQ(second->reward, first->reward);
  EXPECT_EQ(second->before.quality, first->before.quality);
  EXPECT_EQ(second->before.episodes, 1);
  EXPECT_EQ(store().Counts()->episodes, 2);
  EXPECT_EQ(store().Histories()->begin()->second.episodes, 2);
}

TEST_P(OpenStoreTest, KnowsADuplicateOfAPrunedEpisode) {
  for (const char* id : {"a", "b", "c"}) ASSERT_THAT(Add(Episode(id)), IsOk());
  ASSERT_THAT(store().Prune(1, 1), IsOk());
  const auto again = Add(Episode("a"));
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->is_duplicate);
  EXPECT_EQ(again->sequence, 1);
  EXPECT_THAT(SequencesAfter(store(), 0, 9), ElementsAre(3));
  EXPECT_EQ(store().Counts()->episodes, 3);
}

TEST_P(OpenStoreTest, RewardsAgainstThePairsOwnPast) {
  std::map<std::string, History> pasts;
  for (uint64_t i = 0; i < 12; ++i) {
    const PlayedEpisode episode =
        Episode(absl::StrCat("e", i), i, i % 3 == 0 ? "b" : "a");
    History& past = pasts[episode.pair.clip];
    const auto receipt = Add(episode);
    ASSERT_THAT(receipt, IsOk());
    EXPECT_EQ(receipt->before.quality, past.quality);
    EXPECT_EQ(receipt->before.overshoot, past.overshoot);
    EXPECT_EQ(receipt->reward, Reward(past, episode.outcome, config()));
    past = Updated(past, episode.outcome, config());
  }
  ExpectHistories(store(), ReplayedHistories(store(), config()));
}

TEST_P(OpenStoreTest, KeepsAveragesBitForBit) {
  for (const double number :
       {0.1 + 0.2, 1.0 / 3, 1e-300, 5e-324, 123456789.12345679, -1e2 / 7}) {
    PlayedEpisode episode = Episode(absl::StrCat("of ", number));
    episode.pair.clip = episode.id;
    episode.outcome.quality = std::fmod(number, 1000);
    episode.outcome.overshoot = std::abs(number);
    ASSERT_THAT(Add(episode), IsOk());
    const History history = store().Histories()->at(episode.pair);
    EXPECT_EQ(history.quality, episode.outcome.quality);
    EXPECT_EQ(history.overshoot, episode.outcome.overshoot);
  }
}

TEST_P(OpenStoreTest, RefusesAndCountsWhatIsNoEpisode) {
  PlayedEpisode broken = Episode("broken");
  broken.encode.steps[1].result.q_index = 0;
  EXPECT_THAT(Add(broken), HasStatus(kInvalid, "q_index is 0"));
  PlayedEpisode lost = Episode("lost");
  lost.first_pass = std::string(64, '0');
  EXPECT_THAT(Add(lost), HasStatus(kInvalid, "is not stored"));
  PlayedEpisode longer = Episode("longer");
  longer.first_pass = *store().PutFirstPass(MadeStats(5));
  EXPECT_THAT(Add(longer), HasStatus(kInvalid, "first pass has 5 frames"));
  EXPECT_EQ(store().Counts()->refused, 3);
  EXPECT_EQ(store().Counts()->episodes, 0);
  EXPECT_TRUE(store().Histories()->empty());
}

TEST_P(OpenStoreTest, LeavesOutAndCountsAPayloadThatWasDamaged) {
  for (const char* id : {"a", "b", "c"}) ASSERT_THAT(Add(Episode(id)), IsOk());
  ASSERT_THAT(
      Overwrite(home(), "UPDATE payloads SET bytes = :b WHERE id = 'b'", "x"),
      IsOk());
  EXPECT_THAT(SequencesAfter(store(), 0, 2), ElementsAre(1, 3));
  EXPECT_THAT(SequencesAfter(store(), 1, 1), ElementsAre(3));
  EXPECT_EQ(store().Counts()->refused, 1);
}

TEST_P(OpenStoreTest, LeavesOutThePayloadOfAnotherEpisode) {
  ASSERT_THAT(Add(Episode("a")), IsOk());
  ASSERT_THAT(OnDatabase(home(),
                         [](const SqlCall& call) {
                           call.session << "UPDATE payloads SET id = 'z'";
                           call.session << "UPDATE episodes SET id = 'z'";
                           return absl::OkStatus();
                         }),
              IsOk());
  EXPECT_THAT(SequencesAfter(store(), 0, 9), ElementsAre());
  EXPECT_EQ(store().Counts()->refused, 1);
}

TEST_P(OpenStoreTest, KeepsFirstPasses) {
  const auto name = store().PutFirstPass(MadeStats(64));
  ASSERT_THAT(name, IsOk());
  EXPECT_EQ(*store().PutFirstPass(MadeStats(64)), *name);
  const auto stats = store().FirstPass(*name);
  ASSERT_THAT(stats, IsOk());
  ASSERT_EQ(stats->size(), 64u);
  EXPECT_EQ((*stats)[7].coded_error, MadeStats(64)[7].coded_error);
  EXPECT_THAT(store().FirstPass("none"), HasStatus(kNotFound, "none"));
}

TEST_P(OpenStoreTest, TellsAFirstPassThatWasDamaged) {
  const std::string name = *store().PutFirstPass(MadeStats(9));
  ASSERT_THAT(Overwrite(home(), "UPDATE first_passes SET bytes = :b", "x"),
              IsOk());
  EXPECT_THAT(store().FirstPass(name),
              HasStatus(absl::StatusCode::kDataLoss, ""));
}

TEST_P(OpenStoreTest, KeepsWeights) {
  EXPECT_EQ(*store().NewestWeightsVersion(), 0);
  for (const int64_t version : {1, 2}) {
    const std::string bytes = AnyBytes(3000 * static_cast<size_t>(version));
    ASSERT_THAT(store().PublishWeights(version, bytes), IsOk());
    EXPECT_THAT(store().PublishWeights(version, bytes), IsOk());
    EXPECT_EQ(*store().NewestWeightsVersion(), version);
    EXPECT_EQ(*store().Weights(version), bytes);
  }
  EXPECT_THAT(store().PublishWeights(1, "others"),
              HasStatus(absl::StatusCode::kAlreadyExists, "version 1"));
  EXPECT_THAT(store().Weights(3), HasStatus(kNotFound, "version 3"));
}

TEST_P(OpenStoreTest, TakesWeightsUpToItsLimit) {
  const std::string bytes = AnyBytes(kMaxWeightsBytes);
  ASSERT_THAT(store().PublishWeights(1, bytes), IsOk());
  EXPECT_TRUE(*store().Weights(1) == bytes);
  EXPECT_THAT(store().PublishWeights(2, bytes + "x"),
              HasStatus(kInvalid, "at most"));
  EXPECT_THAT(store().PublishWeights(0, "x"), HasStatus(kInvalid, "version"));
}

TEST_P(OpenStoreTest, TellsWeightsThatWereDamaged) {
  ASSERT_THAT(store().PublishWeights(1, AnyBytes(100)), IsOk());
  ASSERT_THAT(Overwrite(home(), "UPDATE weights SET bytes = :b", AnyBytes(99)),
              IsOk());
  EXPECT_THAT(store().Weights(1),
              HasStatus(absl::StatusCode::kDataLoss, "SHA-256"));
}

TEST_P(OpenStoreTest, PrunesTheOldest) {
  for (int i = 1; i <= 6; ++i) {
    ASSERT_THAT(Add(Episode(absl::StrCat("e", i))), IsOk());
    ASSERT_THAT(store().PublishWeights(i, AnyBytes(9)), IsOk());
  }
  ASSERT_THAT(store().Prune(4, 2), IsOk());
  ASSERT_THAT(store().Prune(5, 3), IsOk());
  EXPECT_THAT(SequencesAfter(store(), 0, 9), ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(store().Weights(4), HasStatus(kNotFound, "pruned"));
  EXPECT_THAT(store().Weights(5), IsOk());
  EXPECT_EQ(store().Histories()->begin()->second.episodes, 6);
  EXPECT_EQ(store().Counts()->episodes, 6);
  EXPECT_EQ(store().Counts()->kept_episodes, 4);
}

TEST_P(OpenStoreTest, CountsWhatThereIs) {
  const PlayedEpisode episode = Episode("a");
  ASSERT_THAT(Add(episode), IsOk());
  ASSERT_THAT(store().PublishWeights(9, "w"), IsOk());
  const auto counts = store().Counts();
  ASSERT_THAT(counts, IsOk());
  EXPECT_EQ(counts->episodes, 1);
  EXPECT_EQ(counts->kept_episodes, 1);
  EXPECT_EQ(counts->steps, static_cast<int64_t>(episode.encode.steps.size()));
  EXPECT_EQ(counts->tickets, 0);
  EXPECT_EQ(counts->weights_version, 9);
  EXPECT_EQ(counts->refused, 0);
}

TEST_P(OpenStoreTest, KeepsSettings) {
  EXPECT_EQ(*store().Setting("config"), std::nullopt);
  EXPECT_EQ(*store().PutSettingOnce("config", "a = 'x'\n"), "a = 'x'\n");
  EXPECT_EQ(*store().PutSettingOnce("config", "b"), "a = 'x'\n");
  ASSERT_THAT(store().PutSetting("config", ""), IsOk());
  EXPECT_EQ(*store().Setting("config"), "");
  ASSERT_THAT(store().PutSetting("config", "ü:%$1"), IsOk());
  EXPECT_EQ(*store().Setting("config"), "ü:%$1");
  EXPECT_THAT(store().PutSetting("config", "\xff"),
              HasStatus(kInvalid, "config is not UTF-8"));
}

TEST_P(OpenStoreTest, HandsOutTheNewestMetricsOldestFirst) {
  for (const int i : {1, 2, 3, 4}) {
    ASSERT_THAT(store().AddMetrics({.time = 10.5 * (i / 2),
                                    .role = i == 2 ? "worker" : "learner",
                                    .json = absl::StrCat("{\"i\":", i, "}")}),
                IsOk());
  }
  const auto lines = store().Metrics("learner", 2);
  ASSERT_THAT(lines, IsOk());
  ASSERT_EQ(lines->size(), 2u);
  EXPECT_EQ((*lines)[0].json, "{\"i\":3}");
  EXPECT_EQ((*lines)[1].json, "{\"i\":4}");
  EXPECT_EQ((*lines)[1].time, 21);
  EXPECT_EQ((*lines)[1].role, "learner");
}

TEST_P(OpenStoreTest, ShowsEverythingToTheNextOne) {
  ASSERT_THAT(Add(Episode("a")), IsOk());
  ASSERT_THAT(store().PublishWeights(1, "w"), IsOk());
  const auto other = Open();
  EXPECT_THAT(SequencesAfter(*other, 0, 9), ElementsAre(1));
  EXPECT_EQ(*other->Weights(1), "w");
  ExpectHistories(*other, ReplayedHistories(store(), config()));
}

TEST_P(OpenStoreTest, ShowsEverythingToThoseWhoOnlyRead) {
  for (const char* id : {"a", "b"}) ASSERT_THAT(Add(Episode(id)), IsOk());
  ASSERT_THAT(
      Overwrite(home(), "UPDATE payloads SET bytes = :b WHERE id = 'a'", "x"),
      IsOk());
  ASSERT_THAT(store().PutSetting("config", "x"), IsOk());
  const auto reader = OpenToRead();
  ASSERT_THAT(reader, IsOk());
  EXPECT_THAT(SequencesAfter(**reader, 0, 9), ElementsAre(2));
  EXPECT_EQ(*(*reader)->Setting("config"), "x");
  EXPECT_EQ((*reader)->Counts()->refused, 0);
}

TEST_P(OpenStoreTest, LetsThoseWhoOnlyReadChangeNothing) {
  const auto reader = OpenToRead();
  ASSERT_THAT(reader, IsOk());
  EXPECT_FALSE((*reader)->PutSetting("config", "x").ok());
  EXPECT_FALSE((*reader)->TakeTicket().ok());
  EXPECT_EQ(*store().Setting("config"), std::nullopt);
  EXPECT_EQ(*store().TakeTicket(), 0);
}

TEST_P(ExperienceStoreTest, IsNotMadeByThoseWhoOnlyRead) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(OpenToRead(),
                HasStatus(kNotFound, "there is no experience store"));
  }
  // What is no store has no table, either.
  EXPECT_THAT(OnDatabase(home(),
                         [](const SqlCall& call) {
                           call.session << "CREATE TABLE counters (n BIGINT)";
                           return absl::OkStatus();
                         }),
              IsOk());
  EXPECT_THAT(OpenToRead(), HasStatus(kNotFound, "no experience store in "));
}

TEST_P(OpenStoreTest, ShowsAnOlderSchemaToThoseWhoOnlyRead) {
  const auto to_first = [](const SqlCall& call) {
    call.session << "DROP TABLE returned_tickets";
    call.session << "DELETE FROM schema_version WHERE version > 1";
    return absl::OkStatus();
  };
  ASSERT_THAT(OnDatabase(home(), to_first), IsOk());
  const auto reader = OpenToRead();
  ASSERT_THAT(reader, IsOk());
  EXPECT_EQ((*reader)->Counts()->episodes, 0);
  EXPECT_THAT(Open()->ReturnTicket(0), IsOk());
}

TEST_P(OpenStoreTest, RefusesASchemaThatIsNewer) {
  const auto next = [](const SqlCall& call) {
    call.session << "INSERT INTO schema_version (version) VALUES (99)";
    return absl::OkStatus();
  };
  ASSERT_THAT(OnDatabase(home(), next), IsOk());
  for (const bool is_read_only : {false, true}) {
    EXPECT_THAT(
        ExperienceStore::Open(home().url(), {.is_read_only = is_read_only}),
        HasStatus(absl::StatusCode::kFailedPrecondition, "version 99"));
  }
}

TEST_P(OpenStoreTest, MigratesFromTheVersionThatIsThere) {
  ASSERT_THAT(store().PutSetting("old", "kept"), IsOk());
  std::vector<Migration> migrations = Migrations();
  migrations.push_back({"CREATE TABLE added (number $NUMBERED, bytes $BYTES)"});
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(OnDatabase(home(),
                           [&](const SqlCall& call) {
                             return Migrate(call, migrations);
                           }),
                IsOk());
  }
  EXPECT_THAT(Overwrite(home(), "INSERT INTO added (bytes) VALUES (:b)", "x"),
              IsOk());
  EXPECT_EQ(*store().Setting("old"), "kept");
}

TEST_P(OpenStoreTest, MigratesWhollyOrNotAtAll) {
  std::vector<Migration> migrations = Migrations();
  migrations.push_back({"CREATE TABLE half (number BIGINT)", "nonsense"});
  EXPECT_THAT(OnDatabase(home(),
                         [&](const SqlCall& call) {
                           return Migrate(call, migrations);
                         }),
              HasStatus(absl::StatusCode::kInternal, "nonsense"));
  EXPECT_THAT(OnDatabase(home(),
                         [](const SqlCall& call) {
                           call.session << "CREATE TABLE half (n BIGINT)";
                           return absl::OkStatus();
                         }),
              IsOk());
  EXPECT_THAT(ExperienceStore::Open(home().url(), {}), IsOk());
}

TEST_P(ExperienceStoreTest, IsOpenedForTheFirstTimeByManyAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([this] { EXPECT_THAT(Open()->TakeTicket(), IsOk()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Open()->Counts()->tickets, 6);
}

// A reader goes along while four threads deliver, every episode twice.
TEST_P(OpenStoreTest, ShowsSequencesInOrderWhileManyDeliver) {
  std::atomic<int> writers = 4;
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&, worker] {
      for (uint64_t i = 0; i < 20; ++i) {
        const PlayedEpisode episode =
            Episode(absl::StrCat(worker / 2, "-", i), i, i % 3 ? "a" : "b");
        EXPECT_THAT(Add(episode), IsOk());
      }
      --writers;
    });
  }
  int64_t last = 0;
  for (bool is_last_look = false; !is_last_look;) {
    is_last_look = writers == 0;
    for (const int64_t sequence : SequencesAfter(store(), last, 100)) {
      EXPECT_EQ(sequence, ++last);
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(last, 40);
  ExpectHistories(store(), ReplayedHistories(store(), config()));
}

}  // namespace
}  // namespace selfplay
