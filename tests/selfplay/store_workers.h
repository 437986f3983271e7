#ifndef TESTS_SELFPLAY_STORE_WORKERS_H_
#define TESTS_SELFPLAY_STORE_WORKERS_H_

#include <sys/types.h>

#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace selfplay {

// Three processes that deliver episodes to a store, some of them twice, until
// they are killed, and tell of every one that was acknowledged.
//
// To be made while this process has one thread and no store open.  Not
// thread-safe.
class StoreWorkers {
 public:
  explicit StoreWorkers(std::string url);
  ~StoreWorkers();  // Kills them.
  StoreWorkers(const StoreWorkers&) = delete;
  StoreWorkers& operator=(const StoreWorkers&) = delete;

  // Waits until `count` more episodes were acknowledged, and then for a moment
  // within the time that storing one takes.
  void Await(int count);

  // `kill -9` of one of them; another takes its place.
  void KillOne();

  // Kills all.  Fails the test if one of them had given up before.  Returns
  // the ids of all acknowledged episodes.
  std::set<std::string> KillAll();

 private:
  void Start();
  void Kill(size_t index);
  void Listen();

  const std::string url_;
  int reading_ = -1;  // The pipe through which they tell.
  int writing_ = -1;
  int next_worker_ = 0;
  std::vector<pid_t> pids_;
  std::set<std::string> acknowledged_;
  std::mt19937_64 random_{1};
};

// Fails the test unless every acknowledged episode is in the store, none twice,
// without gaps, and the averages are those of the log.
void ExpectWholeStore(const std::string& url,
                      const std::set<std::string>& acknowledged);

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_STORE_WORKERS_H_
