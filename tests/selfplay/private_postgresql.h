#ifndef TESTS_SELFPLAY_PRIVATE_POSTGRESQL_H_
#define TESTS_SELFPLAY_PRIVATE_POSTGRESQL_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/testing/subprocess.h"

namespace testing_support {

// A PostgreSQL server of one's own, in a temporary folder, reached by a socket
// in that folder only.  Run as user postgres if this process is root's.  It
// dies with this object, and with this process however that ends.
// Not thread-safe; to be made on a thread that lives as long as it.
class PrivatePostgresql {
 public:
  // Makes the cluster and starts the server.  Throws std::runtime_error, which
  // fails the test, if that does not work.
  PrivatePostgresql();
  ~PrivatePostgresql();
  PrivatePostgresql(const PrivatePostgresql&) = delete;
  PrivatePostgresql& operator=(const PrivatePostgresql&) = delete;

  // The URL of a new, empty database.
  std::string MakeDatabase(const std::string& name);
  void DropDatabase(const std::string& name);

  // `kill -9` of the postmaster, and its start after that.
  void KillAndStart();

 private:
  std::filesystem::path Program(const std::string& name) const;
  std::vector<std::string> AsOwner(std::vector<std::string> command) const;
  void Run(std::vector<std::string> command) const;
  void Start();

  std::filesystem::path folder_;
  std::unique_ptr<Subprocess> server_;
};

}  // namespace testing_support

#endif  // TESTS_SELFPLAY_PRIVATE_POSTGRESQL_H_
