#include "encoder_bridge/stream_sink.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

class StreamSinkTest : public testing::Test {
 protected:
  StreamSinkTest() {
    std::signal(SIGPIPE, SIG_IGN);
    if (pipe2(pipe_, O_CLOEXEC) != 0) ADD_FAILURE() << "no pipe";
  }
  ~StreamSinkTest() override {
    std::signal(SIGPIPE, SIG_DFL);
    close(pipe_[0]);
    close(pipe_[1]);
  }

  int pipe_[2] = {-1, -1};
};

TEST_F(StreamSinkTest, WritesMoreThanAPipeHolds) {
  const std::vector<uint8_t> data(300'000, 7);
  size_t total = 0;
  std::thread reader([&] {
    std::vector<char> buffer(10'000);
    while (total < data.size()) {
      const ssize_t size = read(pipe_[0], buffer.data(), buffer.size());
      if (size <= 0) return;
      total += static_cast<size_t>(size);
    }
  });
  // Whoever has the other end may have made it so.
  fcntl(pipe_[1], F_SETFL, O_NONBLOCK);
  StreamSink sink(pipe_[1], "the pipe");
  EXPECT_THAT(sink.Write(data), IsOk());
  reader.join();
  EXPECT_EQ(total, data.size());
}

TEST_F(StreamSinkTest, SaysThatNobodyReads) {
  close(pipe_[0]);
  pipe_[0] = -1;
  StreamSink sink(pipe_[1], "the pipe");
  EXPECT_THAT(sink.Write(std::vector<uint8_t>(1)),
              HasStatus(absl::StatusCode::kAborted,
                        "cannot write to the pipe: whoever read it"));
}

TEST_F(StreamSinkTest, WritesNothingWithoutData) {
  StreamSink sink(pipe_[1], "the pipe");
  EXPECT_THAT(sink.Write({}), IsOk());
  EXPECT_FALSE(sink.is_seekable());
}

}  // namespace
}  // namespace encoder_bridge
