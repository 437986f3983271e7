#include "encoder_bridge/packet_spool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

struct Packet {
  std::vector<uint8_t> data;
  int64_t pts = 0;
  int64_t duration = 0;
  bool is_key = false;

  bool operator==(const Packet&) const = default;
};

class PacketList : public PacketSink {
 public:
  absl::Status Write(const EncodedPacket& packet) override {
    if (packets.size() == limit) return absl::ResourceExhaustedError("full");
    packets.push_back({.data = {packet.data.begin(), packet.data.end()},
                       .pts = packet.pts,
                       .duration = packet.duration,
                       .is_key = packet.is_key});
    return absl::OkStatus();
  }

  size_t limit = 100;
  std::vector<Packet> packets;
};

std::vector<Packet> SomePackets() {
  return {{.data = std::vector<uint8_t>(100'000, 7),
           .pts = 0,
           .duration = 2,
           .is_key = true},
          {.data = {}, .pts = 2, .duration = 1},
          {.data = {1, 2, 3}, .pts = -5, .duration = 9}};
}

void WriteAll(const std::vector<Packet>& packets, PacketSink& sink) {
  for (const Packet& packet : packets) {
    EXPECT_THAT(sink.Write({.data = packet.data,
                            .pts = packet.pts,
                            .duration = packet.duration,
                            .is_key = packet.is_key}),
                IsOk());
  }
}

absl::Status GoOn() { return absl::OkStatus(); }

TEST(PacketSpoolTest, GivesBackWhatItGot) {
  const auto spool = PacketSpool::Create();
  ASSERT_THAT(spool, IsOk());
  WriteAll(SomePackets(), **spool);
  PacketList list;
  EXPECT_THAT((*spool)->CopyTo(list, GoOn), IsOk());
  EXPECT_EQ(list.packets, SomePackets());
}

TEST(PacketSpoolTest, GivesItAgainWithWhatCameLater) {
  const auto spool = PacketSpool::Create();
  ASSERT_THAT(spool, IsOk());
  PacketList first;
  EXPECT_THAT((*spool)->CopyTo(first, GoOn), IsOk());
  EXPECT_TRUE(first.packets.empty());
  WriteAll(SomePackets(), **spool);
  EXPECT_THAT((*spool)->CopyTo(first, GoOn), IsOk());
  WriteAll(SomePackets(), **spool);
  PacketList second;
  EXPECT_THAT((*spool)->CopyTo(second, GoOn), IsOk());
  EXPECT_EQ(first.packets, SomePackets());
  EXPECT_EQ(second.packets.size(), 2 * SomePackets().size());
}

TEST(PacketSpoolTest, SaysThatThereIsNoFolderForTemporaryFiles) {
  const char* before = std::getenv("TMPDIR");
  const std::string restored = before == nullptr ? "" : before;
  setenv("TMPDIR", "/none/at/all", /*overwrite=*/1);
  EXPECT_THAT(PacketSpool::Create(),
              HasStatus(absl::StatusCode::kNotFound, "no folder /none/at/all"));
  if (before == nullptr) {
    unsetenv("TMPDIR");
  } else {
    setenv("TMPDIR", restored.c_str(), /*overwrite=*/1);
  }
}

TEST(PacketSpoolTest, StopsWhereTheSinkDoes) {
  const auto spool = PacketSpool::Create();
  ASSERT_THAT(spool, IsOk());
  WriteAll(SomePackets(), **spool);
  PacketList list;
  list.limit = 1;
  EXPECT_THAT((*spool)->CopyTo(list, GoOn),
              HasStatus(absl::StatusCode::kResourceExhausted, "full"));
}

TEST(PacketSpoolTest, StopsWhenItIsTold) {
  const auto spool = PacketSpool::Create();
  ASSERT_THAT(spool, IsOk());
  WriteAll(SomePackets(), **spool);
  PacketList list;
  EXPECT_THAT(
      (*spool)->CopyTo(list, [] { return absl::CancelledError("stop"); }),
      HasStatus(absl::StatusCode::kCancelled, "stop"));
  EXPECT_TRUE(list.packets.empty());
}

}  // namespace
}  // namespace encoder_bridge
