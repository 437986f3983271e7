#include "encoder_bridge/chunk_ledger.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/status/status.h"
#include "encoder_bridge/rate_controller.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

ChunkLedger::Frame Frame(FrameType type) {
  return {.info = {.type = type, .reference_coding_indices = {}}, .result = {}};
}

TEST(ChunkLedgerTest, GivesFramesUpToTheOneShownAndNoMore) {
  ChunkLedger ledger(2);
  for (const FrameType type : {FrameType::kKey, FrameType::kAltRef,
                               FrameType::kInter, FrameType::kInter}) {
    ledger.Add(1, Frame(type));
  }
  EXPECT_EQ(ledger.Await(1, 0, 1)->size(), 1u);
  EXPECT_EQ(ledger.Await(1, 0, 2)->size(), 3u);
  EXPECT_EQ(ledger.Await(1, 1, 3)->size(), 3u);
  EXPECT_TRUE(ledger.Await(0, 0, 0)->empty());
}

TEST(ChunkLedgerTest, WaitsForWhatIsNotYetCoded) {
  ChunkLedger ledger(1);
  std::thread encoder([&] {
    for (int i = 0; i < 5; ++i) ledger.Add(0, Frame(FrameType::kInter));
  });
  const auto frames = ledger.Await(0, 0, 5);
  encoder.join();
  ASSERT_THAT(frames, IsOk());
  EXPECT_EQ(frames->size(), 5u);
}

TEST(ChunkLedgerTest, StopsWaiting) {
  ChunkLedger ledger(1);
  std::thread stopper([&] { ledger.Stop(absl::CancelledError("enough")); });
  EXPECT_THAT(ledger.Await(0, 0, 1),
              HasStatus(absl::StatusCode::kCancelled, "enough"));
  stopper.join();
}

}  // namespace
}  // namespace encoder_bridge
