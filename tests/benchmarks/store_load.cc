// Loads a store as a thousand workers would, and says how it bears it:
//
//   store_load [--url URL] [--workers N] [--connections N] [--rate EPISODES/S]
//              [--seconds S] [--publish-seconds S]
//
// Without --url it starts a PostgreSQL server of its own.  A worker plays an
// episode for about workers / rate seconds, each time a little shorter or
// longer; then it stores it, asks for the newest version of the weights,
// fetches them if they are new to it, and takes the next ticket.  With --rate 0
// no time passes: as many episodes as the store bears.

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "tests/selfplay/made_episode.h"
#include "tests/selfplay/private_postgresql.h"

namespace selfplay {
namespace {

constexpr int kFrames = 62;  // With their ARFs, 70 steps.
constexpr int kPairs = 400;
constexpr int kDifferentEpisodes = 64;
constexpr size_t kWeightsBytes = 3'000'000;

struct LoadOptions {
  std::string url;  // Empty: a server of our own.
  int workers = 1000;
  int connections = 20;
  double rate = 120;  // Episodes/s of all workers; 0: as fast as it goes.
  double seconds = 60;
  double publish_seconds = 60;  // Between versions of the weights.
};

// A simulated worker between two episodes.
struct LoadWorker {
  int number = 0;
  int64_t episodes = 0;
  int64_t weights_version = 0;
  absl::Time due;  // When its episode is played.
};

// In milliseconds.
struct LoadTimes {
  std::vector<double> store;   // The call that stores an episode.
  std::vector<double> waited;  // From the end of the episode to that call's.
  std::vector<double> weights;
  std::vector<double> tickets;
};

std::string RandomBytes(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

double Quantile(std::vector<double> values, double fraction) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<size_t>(fraction * last)];
}

// CPU seconds so far of this process, and of everything on the machine.
double OwnCpuSeconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
             1e6;
}

double MachineCpuSeconds() {
  std::ifstream file("/proc/stat");
  std::string name;
  double user = 0;
  double nice = 0;
  double system = 0;
  file >> name >> user >> nice >> system;
  return (user + nice + system) / 100;
}

// The workers and their store.  Thread-safe.
class Load {
 public:
  Load(const LoadOptions& options, ExperienceStore& store)
      : options_(options), store_(store) {}

  // Stores what all workers share.
  absl::Status Prepare();

  // One connection's thread: lets workers do what they have to, until `end`.
  void Run(absl::Time end) ABSL_LOCKS_EXCLUDED(mutex_);

  // The learner's thread: publishes and prunes until `end`.
  void Learn(absl::Time end) ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Status status() const ABSL_LOCKS_EXCLUDED(mutex_);
  LoadTimes times() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct IsLater {
    bool operator()(const LoadWorker& a, const LoadWorker& b) const {
      return a.due > b.due;
    }
  };

  LoadWorker TakeNext() ABSL_LOCKS_EXCLUDED(mutex_);
  void GiveBack(LoadWorker worker) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Act(LoadWorker& worker) ABSL_LOCKS_EXCLUDED(mutex_);
  PlayedEpisode NextEpisode(LoadWorker& worker) const;
  absl::Duration PlayTime() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const LoadOptions options_;
  ExperienceStore& store_;
  std::vector<PlayedEpisode> episodes_;

  mutable absl::Mutex mutex_;
  std::priority_queue<LoadWorker, std::vector<LoadWorker>, IsLater> workers_
      ABSL_GUARDED_BY(mutex_);
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_){1};
  LoadTimes times_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

absl::Status Load::Prepare() {
  const auto first_pass = store_.PutFirstPass(MadeStats(kFrames));
  if (!first_pass.ok()) return first_pass.status();
  for (int i = 0; i < kDifferentEpisodes; ++i) {
    episodes_.push_back(MadeEpisode({.first_pass = *first_pass,
                                     .frames = kFrames,
                                     .seed = static_cast<uint64_t>(i)}));
  }
  const absl::MutexLock lock(&mutex_);
  std::uniform_real_distribution<double> part(0, 1);
  for (int i = 0; i < options_.workers; ++i) {
    workers_.push(
        {.number = i, .due = absl::Now() + part(random_) * PlayTime()});
  }
  return store_.PublishWeights(1, RandomBytes(kWeightsBytes, 1));
}

absl::Duration Load::PlayTime() {
  if (options_.rate <= 0) return absl::ZeroDuration();
  std::uniform_real_distribution<double> factor(0.7, 1.3);
  return absl::Seconds(factor(random_) * options_.workers / options_.rate);
}

LoadWorker Load::TakeNext() {
  const absl::MutexLock lock(&mutex_);
  LoadWorker worker = workers_.top();
  workers_.pop();
  return worker;
}

void Load::GiveBack(LoadWorker worker) {
  const absl::MutexLock lock(&mutex_);
  worker.due = absl::Now() + PlayTime();
  workers_.push(worker);
}

PlayedEpisode Load::NextEpisode(LoadWorker& worker) const {
  const int64_t number = worker.number * 7919 + worker.episodes++;
  PlayedEpisode episode =
      episodes_[static_cast<size_t>(number % kDifferentEpisodes)];
  episode.id = absl::StrCat(worker.number, "-", worker.episodes);
  episode.pair.clip = absl::StrCat("clip", number % kPairs);
  episode.weights_version = worker.weights_version;
  return episode;
}

absl::Status Load::Act(LoadWorker& worker) {
  const PlayedEpisode episode = NextEpisode(worker);
  const absl::Time start = absl::Now();
  const auto receipt = store_.AddEpisode(episode, {});
  if (!receipt.ok()) return receipt.status();
  const absl::Time stored = absl::Now();
  const auto version = store_.NewestWeightsVersion();
  if (!version.ok()) return version.status();
  const absl::Time fetching = absl::Now();
  const bool is_new = *version != worker.weights_version;
  if (is_new) {
    const auto weights = store_.Weights(*version);
    if (!weights.ok()) return weights.status();
    worker.weights_version = *version;
  }
  const absl::Time fetched = absl::Now();
  const auto ticket = store_.TakeTicket();
  if (!ticket.ok()) return ticket.status();
  const absl::Time taken = absl::Now();

  const absl::MutexLock lock(&mutex_);
  times_.store.push_back(absl::ToDoubleMilliseconds(stored - start));
  times_.waited.push_back(absl::ToDoubleMilliseconds(stored - worker.due));
  times_.tickets.push_back(absl::ToDoubleMilliseconds(taken - fetched));
  if (is_new) {
    times_.weights.push_back(absl::ToDoubleMilliseconds(fetched - fetching));
  }
  return absl::OkStatus();
}

void Load::Run(absl::Time end) {
  while (absl::Now() < end && status().ok()) {
    LoadWorker worker = TakeNext();
    absl::SleepFor(std::min(worker.due, end) - absl::Now());
    if (absl::Now() >= end) return;
    const absl::Status status = Act(worker);
    GiveBack(worker);
    const absl::MutexLock lock(&mutex_);
    status_.Update(status);
  }
}

void Load::Learn(absl::Time end) {
  for (int64_t version = 2; status().ok(); ++version) {
    const absl::Time next =
        absl::Now() + absl::Seconds(options_.publish_seconds);
    absl::SleepFor(std::min(next, end) - absl::Now());
    if (absl::Now() >= end) return;
    absl::Status status = store_.PublishWeights(
        version, RandomBytes(kWeightsBytes, static_cast<uint64_t>(version)));
    status.Update(store_.Prune(20'000, 20));
    const absl::MutexLock lock(&mutex_);
    status_.Update(status);
  }
}

absl::Status Load::status() const {
  const absl::MutexLock lock(&mutex_);
  return status_;
}

LoadTimes Load::times() const {
  const absl::MutexLock lock(&mutex_);
  return times_;
}

void PrintTimes(const char* name, const std::vector<double>& times) {
  std::printf("%-28s %8zu   p50 %8.1f ms   p99 %8.1f ms   max %8.1f ms\n", name,
              times.size(), Quantile(times, 0.5), Quantile(times, 0.99),
              Quantile(times, 1));
}

void PrintLoad(const LoadTimes& times, double seconds) {
  std::printf("%.1f episodes/s for %.0f s\n",
              static_cast<double>(times.store.size()) / seconds, seconds);
  PrintTimes("episode stored", times.store);
  PrintTimes("  with wait for connection", times.waited);
  PrintTimes("weights fetched", times.weights);
  PrintTimes("ticket taken", times.tickets);
}

absl::Status RunLoad(const LoadOptions& options) {
  const auto store = ExperienceStore::Open(
      options.url, {.connections = options.connections + 1});
  if (!store.ok()) return store.status();
  Load load(options, **store);
  const absl::Status status = load.Prepare();
  if (!status.ok()) return status;
  const double own_cpu = OwnCpuSeconds();
  const double machine_cpu = MachineCpuSeconds();
  const absl::Time end = absl::Now() + absl::Seconds(options.seconds);
  std::vector<std::thread> threads;
  for (int i = 0; i < options.connections; ++i) {
    threads.emplace_back([&load, end] { load.Run(end); });
  }
  threads.emplace_back([&load, end] { load.Learn(end); });
  for (std::thread& thread : threads) thread.join();
  PrintLoad(load.times(), options.seconds);
  std::printf("cores busy: %.2f by this program, %.2f by all of the machine\n",
              (OwnCpuSeconds() - own_cpu) / options.seconds,
              (MachineCpuSeconds() - machine_cpu) / options.seconds);
  return load.status();
}

}  // namespace
}  // namespace selfplay

int main(int argc, char** argv) {
  selfplay::LoadOptions options;
  CLI::App app("Loads a store as a thousand workers would");
  app.add_option("--url", options.url, "Store; none: a PostgreSQL of its own");
  app.add_option("--workers", options.workers, "Simulated workers");
  app.add_option("--connections", options.connections, "To the database");
  app.add_option("--rate", options.rate, "Episodes/s; 0: no limit");
  app.add_option("--seconds", options.seconds, "How long");
  app.add_option("--publish-seconds", options.publish_seconds,
                 "Time between versions of the weights");
  CLI11_PARSE(app, argc, argv);
  std::optional<testing_support::PrivatePostgresql> server;
  if (options.url.empty()) {
    server.emplace();
    options.url = server->MakeDatabase("load");
  }
  const absl::Status status = selfplay::RunLoad(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
