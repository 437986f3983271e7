#ifndef TESTS_TESTING_TEST_FOLDER_H_
#define TESTS_TESTING_TEST_FOLDER_H_

#include <string>

namespace testing_support {

// An empty folder of its own in testing::TempDir(), removed with all it holds
// at the end.
class TestFolder {
 public:
  // Fails the test, saying why, if there can be none.
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string PathOf(const std::string& name) const {
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

}  // namespace testing_support

#endif  // TESTS_TESTING_TEST_FOLDER_H_
