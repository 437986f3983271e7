#ifndef TESTS_DEPLOY_FLEET_H_
#define TESTS_DEPLOY_FLEET_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/testing/subprocess.h"

namespace testing_support {

// A learner and workers, each a process of its own; they die with this object,
// and with this process however that ends.  Not thread-safe; to be made on a
// thread that lives as long as it.
class Fleet {
 public:
  struct Options {
    std::string store;   // URL.
    std::string run;     // Folder.
    std::string config;  // TOML file.
    std::string clips;   // Folder or catalogue.
    int workers = 1;     // Processes, of one encode at a time.
  };

  // Starts them.
  explicit Fleet(const Options& options);

  // `kill -9`, and a new one in its place.  Fail the test if the process had
  // ended by itself.
  void ReplaceLearner();
  void ReplaceWorker(int worker);

  // Ends all as Ctrl-C does; fails the test if one does not end as it should.
  void Stop();

  int num_workers() const { return static_cast<int>(workers_.size()); }

 private:
  std::unique_ptr<Subprocess> StartLearner() const;
  std::unique_ptr<Subprocess> StartWorker() const;

  const Options options_;
  std::unique_ptr<Subprocess> learner_;
  std::vector<std::unique_ptr<Subprocess>> workers_;
};

}  // namespace testing_support

#endif  // TESTS_DEPLOY_FLEET_H_
