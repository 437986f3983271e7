#include "encoder_bridge/vp9_frame_header.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;

// Writes syntax elements as the specification lists them.
class BitWriter {
 public:
  BitWriter& Put(uint32_t value, int bits) {
    for (int i = bits - 1; i >= 0; --i) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      const uint32_t bit = value >> i & 1u;
      bytes_.back() =
          static_cast<uint8_t>(bytes_.back() | bit << (7 - used_ % 8));
      ++used_;
    }
    return *this;
  }
  std::vector<uint8_t> Bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
  int used_ = 0;
};

// A profile-0 key frame of 64x48 with the loop-filter deltas spelled out.
std::vector<uint8_t> KeyFrame(uint32_t q_index) {
  BitWriter bits;
  bits.Put(2, 2).Put(0, 2).Put(0, 1);          // marker, profile, show existing
  bits.Put(0, 1).Put(1, 1).Put(0, 1);          // key, shown, error resilient
  bits.Put(0x498342, 24).Put(1, 3).Put(0, 1);  // sync, color space, range
  bits.Put(63, 16).Put(47, 16).Put(0, 1);      // size, render size
  bits.Put(0, 2).Put(0, 2);  // refresh context and parallel mode, context
  bits.Put(10, 6).Put(0, 3).Put(1, 1).Put(1, 1);  // loop filter
  for (int i = 0; i < 6; ++i) bits.Put(1, 1).Put(5, 7);
  bits.Put(q_index, 8).Put(0, 32);
  return bits.Bytes();
}

// A hidden inter frame that takes its size from the second reference.
std::vector<uint8_t> HiddenInterFrame(uint32_t q_index) {
  BitWriter bits;
  bits.Put(2, 2).Put(0, 2).Put(0, 1);
  bits.Put(1, 1).Put(0, 1).Put(0, 1);  // inter, hidden, error resilient
  bits.Put(0, 1).Put(0, 2);            // intra only, reset context
  bits.Put(4, 8).Put(0x123, 12);       // refresh flags, references
  bits.Put(0, 1).Put(1, 1).Put(0, 1);  // found refs, render size
  bits.Put(1, 1).Put(0, 1).Put(2, 2);  // high precision, interpolation
  bits.Put(3, 2).Put(1, 2).Put(7, 6).Put(1, 3).Put(0, 1);
  bits.Put(q_index, 8).Put(0, 32);
  return bits.Bytes();
}

TEST(Vp9FrameHeaderTest, ReadsAKeyFrame) {
  const auto headers = ParseVp9Packet(KeyFrame(77)).value();
  ASSERT_EQ(headers.size(), 1u);
  EXPECT_TRUE(headers[0].is_key);
  EXPECT_TRUE(headers[0].is_shown);
  EXPECT_EQ(headers[0].q_index, 77);
  EXPECT_EQ(headers[0].bytes, static_cast<int64_t>(KeyFrame(77).size()));
}

TEST(Vp9FrameHeaderTest, ReadsAHiddenInterFrame) {
  const auto headers = ParseVp9Packet(HiddenInterFrame(255)).value();
  ASSERT_EQ(headers.size(), 1u);
  EXPECT_FALSE(headers[0].is_key);
  EXPECT_FALSE(headers[0].is_shown);
  EXPECT_EQ(headers[0].q_index, 255);
}

TEST(Vp9FrameHeaderTest, SplitsASuperframe) {
  std::vector<uint8_t> packet = HiddenInterFrame(40);
  const std::vector<uint8_t> key = KeyFrame(90);
  const uint8_t marker = 0xc0 | 1;  // Two frames, one byte a size.
  const auto first_size = static_cast<uint8_t>(packet.size());
  packet.insert(packet.end(), key.begin(), key.end());
  packet.insert(packet.end(),
                {marker, first_size, static_cast<uint8_t>(key.size()), marker});
  const auto headers = ParseVp9Packet(packet).value();
  ASSERT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers[0].q_index, 40);
  EXPECT_EQ(headers[1].q_index, 90);
  EXPECT_EQ(headers[1].bytes, static_cast<int64_t>(key.size()));
}

TEST(Vp9FrameHeaderTest, KnowsAShowExistingFrame) {
  const auto headers =
      ParseVp9Packet(BitWriter().Put(2, 2).Put(0, 2).Put(1, 1).Bytes()).value();
  EXPECT_TRUE(headers[0].show_existing_frame);
}

TEST(Vp9FrameHeaderTest, RefusesWhatIsNotVp9) {
  std::vector<uint8_t> no_sync = KeyFrame(10);
  no_sync[1] = 0;
  std::vector<uint8_t> cut = KeyFrame(10);
  cut.resize(8);
  std::vector<uint8_t> lying = KeyFrame(10);
  lying.insert(lying.end(), {0xc0, 200, 0xc0});
  const struct {
    std::vector<uint8_t> packet;
    const char* want;
  } kCases[] = {{{}, "empty"},
                {{0x00, 0x01}, "no frame marker"},
                {no_sync, "no sync code"},
                {cut, "cut short"},
                {lying, "index says 200 bytes"}};
  for (const auto& c : kCases) {
    EXPECT_THAT(ParseVp9Packet(c.packet),
                HasStatus(absl::StatusCode::kInvalidArgument, c.want));
  }
}

}  // namespace
}  // namespace encoder_bridge
