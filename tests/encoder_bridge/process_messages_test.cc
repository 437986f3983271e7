#include "encoder_bridge/process_messages.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using Kind = ProcessMessage::Kind;
using testing_support::HasStatus;
using testing_support::IsOk;

class ProcessMessagesTest : public testing::Test {
 protected:
  ProcessMessagesTest() {
    std::signal(SIGPIPE, SIG_IGN);
    is_open_ = pipe(ends_.data()) == 0;
  }
  ~ProcessMessagesTest() override {
    CloseWriter();
    CloseReader();
  }

  void SetUp() override { ASSERT_TRUE(is_open_); }
  void CloseReader() { Close(ends_[0]); }
  void CloseWriter() { Close(ends_[1]); }

  std::array<int, 2> ends_ = {-1, -1};

 private:
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  bool is_open_ = false;
};

TEST_F(ProcessMessagesTest, ComeOutInOrderAsTheyWentIn) {
  // Far more than a pipe holds.
  const std::string kLong(300'000, 'x');
  std::thread writer([&] {
    EXPECT_THAT(WriteMessage(ends_[1], Kind::kFrame, ""), IsOk());
    EXPECT_THAT(WriteMessage(ends_[1], Kind::kPacket, kLong), IsOk());
    EXPECT_THAT(WriteMessage(ends_[1], Kind::kError, "why"), IsOk());
    CloseWriter();
  });
  MessageReader reader;
  std::vector<ProcessMessage> messages;
  for (bool is_open = true; is_open;) {
    const auto waited = reader.Wait(ends_[0], 1000);
    ASSERT_THAT(waited, IsOk());
    is_open = *waited;
    while (auto message = reader.Next()) messages.push_back(*message);
  }
  writer.join();
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].kind, Kind::kFrame);
  EXPECT_EQ(messages[0].body, "");
  EXPECT_EQ(messages[1].kind, Kind::kPacket);
  EXPECT_EQ(messages[1].body, kLong);
  EXPECT_EQ(messages[2].kind, Kind::kError);
  EXPECT_EQ(messages[2].body, "why");
}

TEST_F(ProcessMessagesTest, AreNotWaitedForLongerThanAsked) {
  MessageReader reader;
  const auto waited = reader.Wait(ends_[0], 1);
  ASSERT_THAT(waited, IsOk());
  EXPECT_TRUE(*waited);
  EXPECT_FALSE(reader.Next());
}

TEST_F(ProcessMessagesTest, AreNotWrittenWhereNobodyReads) {
  CloseReader();
  EXPECT_THAT(WriteMessage(ends_[1], Kind::kFrame, ""),
              HasStatus(absl::StatusCode::kUnknown, "cannot write"));
}

}  // namespace
}  // namespace encoder_bridge
