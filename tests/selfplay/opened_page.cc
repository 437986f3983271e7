#include "tests/selfplay/opened_page.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace testing_support {
namespace {

// What ctest found, or what is on the path.
std::string Chromium() {
  const char* const found = getenv("CHROMIUM");
  const bool is_usable = found != nullptr && std::filesystem::exists(found);
  return is_usable ? found : "chromium";
}

// Its exit status.
int RunChromium(const std::string& folder, const std::string& url) {
  return std::system(
      absl::StrCat("timeout -k 5 100 '", Chromium(),
                   "' --headless --no-sandbox --disable-gpu --no-first-run "
                   "--disable-dev-shm-usage --disable-background-networking "
                   "--dump-dom --virtual-time-budget=10000 "
                   "--enable-logging=stderr "
                   "--window-size=1280,900 --user-data-dir='",
                   folder, "/profile' '", url, "' > '", folder, "/stdout' 2> '",
                   folder, "/stderr'")
          .c_str());
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string OpenedPage(absl::string_view html, const std::string& fragment) {
  const testing::TestInfo& test =
      *testing::UnitTest::GetInstance()->current_test_info();
  const std::string folder =
      absl::StrCat(testing::TempDir(), "/opened_page_", test.test_suite_name(),
                   "_", test.name());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/report.html";
  std::ofstream(path, std::ios::binary) << html;
  const int status = RunChromium(folder, "file://" + path + fragment);
  const std::string errors = ReadAll(folder + "/stderr");
  EXPECT_EQ(status, 0) << "Chromium (Debian: apt-get install chromium): "
                       << errors;
  EXPECT_EQ(errors.find("Uncaught"), std::string::npos) << errors;
  const std::string page = ReadAll(folder + "/stdout");
  if (getenv("KEEP_REPORTS") == nullptr) std::filesystem::remove_all(folder);
  return page;
}

}  // namespace testing_support
