#include "encoder_bridge/input_spool.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

absl::Status Ignore(int64_t) { return absl::OkStatus(); }

// A pipe with `bytes` in it, of which `first` come alone, and its end.
class Pipe {
 public:
  explicit Pipe(const std::string& bytes, size_t first = 0) {
    if (pipe2(fds_, O_CLOEXEC) != 0) ADD_FAILURE() << "no pipe";
    writer_ = std::thread([this, bytes, first] {
      Write(bytes.substr(0, first));
      Write(bytes.substr(first));
      close(fds_[1]);
    });
  }
  ~Pipe() {
    writer_.join();
    close(fds_[0]);
  }

  int fd() const { return fds_[0]; }

 private:
  void Write(const std::string& bytes) const {
    const auto size = static_cast<ssize_t>(bytes.size());
    EXPECT_EQ(write(fds_[1], bytes.data(), bytes.size()), size);
  }

  int fds_[2] = {-1, -1};
  std::thread writer_;
};

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

TEST(InputSpoolTest, KeepsWhatCameAndReadsItTwice) {
  const std::string bytes = "YUV4MPEG2 W16 H16\n" + std::string(1'500'000, 'x');
  for (const size_t first : {0, 1, 9, 10, 50}) {
    const Pipe pipe(bytes, first);
    const auto spool = InputSpool::Read(pipe.fd(), "a pipe", Ignore);
    ASSERT_THAT(spool, IsOk());
    EXPECT_TRUE(Contents((*spool)->path()) == bytes);
    EXPECT_TRUE(Contents((*spool)->path()) == bytes);
  }
}

TEST(InputSpoolTest, TellsHowMuchThereIs) {
  const Pipe pipe("YUV4MPEG2 W16 H16\n");
  int64_t told = 0;
  ASSERT_THAT(InputSpool::Read(pipe.fd(), "a pipe",
                               [&](int64_t bytes) {
                                 told = bytes;
                                 return absl::OkStatus();
                               }),
              IsOk());
  EXPECT_EQ(told, 18);
}

TEST(InputSpoolTest, RefusesWhatIsNoY4m) {
  for (const char* bytes :
       {"Y", "YUV4MPEG2", "RIFF....AVI ", "YUV4MPEG3 W16"}) {
    const Pipe pipe(bytes);
    EXPECT_THAT(InputSpool::Read(pipe.fd(), "a pipe", Ignore),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          "a pipe: is no YUV4MPEG2"))
        << bytes;
  }
  const Pipe empty("");
  EXPECT_THAT(
      InputSpool::Read(empty.fd(), "a pipe", Ignore),
      HasStatus(absl::StatusCode::kInvalidArgument, "a pipe: is empty"));
}

TEST(InputSpoolTest, EndsWhenItIsTold) {
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);  // Nothing comes.
  EXPECT_THAT(
      InputSpool::Read(fds[0], "a pipe",
                       [](int64_t) { return absl::CancelledError("told"); }),
      HasStatus(absl::StatusCode::kCancelled, "told"));
  close(fds[0]);
  close(fds[1]);
}

}  // namespace
}  // namespace encoder_bridge
