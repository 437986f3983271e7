#include "tests/testing/test_folder.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace testing_support {

TestFolder::TestFolder() : path_(testing::TempDir() + "test_XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) {
    ADD_FAILURE() << path_ << ": " << std::strerror(errno);
  }
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace testing_support
