#include "tests/selfplay/store_workers.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "tests/selfplay/experience_store_test.h"
#include "tests/selfplay/made_episode.h"

namespace selfplay {
namespace {

constexpr int kWorkers = 3;
// A server that was killed reads its log before it takes calls again.
constexpr double kRetrySeconds = 120;
constexpr int kPatienceMs = 150'000;
constexpr int kLingerUs = 20'000;

// What a worker tells of itself.
struct Acknowledged {
  int worker = 0;
  int number = 0;
};

std::string IdOf(const Acknowledged& told) {
  return absl::StrCat(told.worker, "-", told.number);
}

// All workers share three pairs.
PlayedEpisode EpisodeOf(const Acknowledged& told,
                        const std::string& first_pass) {
  return MadeEpisode(
      {.id = IdOf(told),
       .pair = {.clip = absl::StrCat("clip", told.number % 3),
                .target_bitrate_kbps = 100},
       .first_pass = first_pass,
       .seed = static_cast<uint64_t>(told.worker * 1000 + told.number)});
}

// Returns when a call fails.
void Work(const std::string& url, int worker, int telling) {
  const auto store = ExperienceStore::Open(
      url, {.connections = 1, .retry_seconds = kRetrySeconds});
  if (!store.ok()) return;
  const auto first_pass = (*store)->PutFirstPass(MadeStats(6));
  if (!first_pass.ok()) return;
  for (Acknowledged told = {.worker = worker};; ++told.number) {
    const PlayedEpisode episode = EpisodeOf(told, *first_pass);
    const int deliveries = told.number % 4 == 0 ? 2 : 1;
    for (int i = 0; i < deliveries; ++i) {
      if (!(*store)->AddEpisode(episode, {}).ok()) return;
    }
    if (write(telling, &told, sizeof(told)) != sizeof(told)) return;
  }
}

}  // namespace

StoreWorkers::StoreWorkers(std::string url) : url_(std::move(url)) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  reading_ = ends[0];
  writing_ = ends[1];
  fcntl(reading_, F_SETFL, O_NONBLOCK);
  for (int i = 0; i < kWorkers; ++i) Start();
}

StoreWorkers::~StoreWorkers() {
  KillAll();
  close(reading_);
  close(writing_);
}

void StoreWorkers::Await(int count) {
  const size_t wanted = acknowledged_.size() + static_cast<size_t>(count);
  while (acknowledged_.size() < wanted) {
    pollfd told = {.fd = reading_, .events = POLLIN};
    ASSERT_GT(poll(&told, 1, kPatienceMs), 0) << "nothing is stored any more";
    Listen();
  }
  std::uniform_int_distribution<int> linger(0, kLingerUs);
  absl::SleepFor(absl::Microseconds(linger(random_)));
}

void StoreWorkers::KillOne() {
  Kill(random_() % pids_.size());
  Start();
}

std::set<std::string> StoreWorkers::KillAll() {
  while (!pids_.empty()) Kill(0);
  Listen();
  return acknowledged_;
}

void StoreWorkers::Start() {
  const int worker = next_worker_++;
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Work(url_, worker, writing_);
    _exit(1);
  }
  pids_.push_back(pid);
}

void StoreWorkers::Kill(size_t index) {
  kill(pids_[index], SIGKILL);
  int status = 0;
  waitpid(pids_[index], &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "a worker had given up";
  pids_.erase(pids_.begin() + static_cast<std::ptrdiff_t>(index));
}

void StoreWorkers::Listen() {
  Acknowledged told;
  while (read(reading_, &told, sizeof(told)) == sizeof(told)) {
    acknowledged_.insert(IdOf(told));
  }
}

void ExpectWholeStore(const std::string& url,
                      const std::set<std::string>& acknowledged) {
  const auto store = ExperienceStore::Open(url, {});
  ASSERT_TRUE(store.ok()) << store.status();
  const auto episodes = (*store)->EpisodesAfter(0, 1'000'000);
  ASSERT_TRUE(episodes.ok()) << episodes.status();
  std::set<std::string> ids;
  int64_t last = 0;
  for (const StoredEpisode& stored : *episodes) {
    EXPECT_EQ(stored.sequence, ++last);
    EXPECT_TRUE(ids.insert(stored.episode.id).second) << stored.episode.id;
  }
  EXPECT_TRUE(std::includes(ids.begin(), ids.end(), acknowledged.begin(),
                            acknowledged.end()));
  EXPECT_EQ((*store)->Counts()->episodes, last);
  ExpectHistories(**store, ReplayedHistories(**store, {}));
}

}  // namespace selfplay
