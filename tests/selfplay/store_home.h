#ifndef TESTS_SELFPLAY_STORE_HOME_H_
#define TESTS_SELFPLAY_STORE_HOME_H_

#include <memory>
#include <string>

namespace selfplay {

// A database for one test, empty at first.
class StoreHome {
 public:
  virtual ~StoreHome() = default;

  virtual std::string url() const = 0;
};

// Makes the homes of one engine.
using StoreHomeFactory = std::unique_ptr<StoreHome> (*)();

}  // namespace selfplay

#endif  // TESTS_SELFPLAY_STORE_HOME_H_
