#include "encoder_bridge/chunked_pass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/constant_q_controller.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "tests/encoder_bridge/joined_clip.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using ::testing::ElementsAre;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

const std::vector<int> kScenes = {40, 30, 50};
constexpr int kNumFrames = 120;
constexpr double kTarget = 60;  // Kilobits per second.

struct Packet {
  std::vector<uint8_t> data;
  int64_t pts = 0;
  bool is_key = false;

  friend bool operator==(const Packet&, const Packet&) = default;
};

class PacketList : public PacketSink {
 public:
  absl::Status Write(const EncodedPacket& packet) override {
    packets.push_back({.data = {packet.data.begin(), packet.data.end()},
                       .pts = packet.pts,
                       .is_key = packet.is_key});
    return absl::OkStatus();
  }

  std::vector<Packet> packets;
};

absl::Status IgnoreProgress(const EncodeProgress&) { return absl::OkStatus(); }

// Three scenes, after their first pass.
class ChunkedPassTest : public testing::Test {
 protected:
  ChunkedPassTest()
      : first_(RunFirstPass(log_, kSettings, IgnoreProgress).value()) {}

  ChunkedPassOptions Options(const ChunkDivisionOptions& division = {}) {
    ChunkedPassOptions options = {
        .chunks = PlanChunks(first_, kSettings, division).value(),
        .log = log_.frames(),
        .open_source = []() -> absl::StatusOr<std::unique_ptr<SeekableSource>> {
          return std::make_unique<JoinedClip>(kScenes);
        },
        .target_kbps = kTarget};
    options.make_controller = [starts = ChunkStarts(options.chunks)]() {
      return Feedback(starts);
    };
    return options;
  }

  static absl::StatusOr<std::unique_ptr<RateController>> Feedback(
      const std::vector<int>& chunk_starts) {
    return std::make_unique<FeedbackController>(
        SequenceInfo{.width = 96,
                     .height = 64,
                     .frame_rate = 30,
                     .num_frames = kNumFrames,
                     .target_bitrate_kbps = kTarget},
        FeedbackOptions{.chunk_starts = chunk_starts});
  }

  absl::StatusOr<EncodeResult> Run(
      const ChunkedPassOptions& options, PacketSink& sink,
      const EncoderSettings& settings = kSettings,
      const ProgressFn& progress = IgnoreProgress) {
    return RunChunkedPass(options, settings, first_, sink, progress);
  }

  absl::StatusOr<EncodeResult> RunSerially(PacketSink& sink) {
    const auto controller = Feedback({});
    return RunSecondPass(clip_, kSettings, first_,
                         {.mode = RateControlMode::kExternal,
                          .target_bitrate_kbps = static_cast<int>(kTarget),
                          .controller = controller->get()},
                         sink, IgnoreProgress);
  }

  static constexpr EncoderSettings kSettings = {.cpu_used = 5};
  JoinedClip clip_{kScenes};
  FrameLog log_{clip_};
  const FirstPassResult first_;
};

TEST_F(ChunkedPassTest, DividesAtTheKeyFramesThatLibvpxPlaces) {
  PacketList serial;
  ASSERT_THAT(RunSerially(serial), IsOk());
  std::vector<int> keys;
  for (const Packet& packet : serial.packets) {
    if (packet.is_key && packet.pts > 0) {
      keys.push_back(static_cast<int>(packet.pts));
    }
  }
  EXPECT_THAT(keys, ElementsAre(40, 70));
  EXPECT_EQ(ChunkStarts(Options().chunks), keys);
}

TEST_F(ChunkedPassTest, MakesOneStreamWithKeyFramesAtTheJoints) {
  PacketList sink;
  ASSERT_THAT(Run(Options(), sink), IsOk());
  ASSERT_EQ(sink.packets.size(), size_t{kNumFrames});
  for (int i = 0; i < kNumFrames; ++i) {
    const Packet& packet = sink.packets[static_cast<size_t>(i)];
    EXPECT_EQ(packet.pts, i);
    EXPECT_EQ(packet.is_key, i == 0 || i == 40 || i == 70) << i;
  }
}

TEST_F(ChunkedPassTest, TellsOfTheFramesOfAllChunksAsOfOneEncode) {
  PacketList sink;
  const auto result = Run(Options(), sink);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->shown_frames, kNumFrames);
  int64_t bytes = 0;
  for (const Packet& packet : sink.packets) {
    bytes += static_cast<int64_t>(packet.data.size());
  }
  EXPECT_EQ(result->packet_bytes, bytes);
  double psnr = 0;
  int shown = 0;
  for (size_t i = 0; i < result->frames.size(); ++i) {
    const CodedFrame& frame = result->frames[i];
    EXPECT_EQ(frame.coding_index, static_cast<int>(i));
    if (!frame.is_shown) continue;
    EXPECT_EQ(frame.show_index, shown++);
    psnr += *frame.psnr_db;
  }
  EXPECT_EQ(shown, kNumFrames);
  EXPECT_NEAR(result->psnr.mean_db, psnr / kNumFrames, 1e-9);
}

// Pans cost less than is foretold, so that a serial pass is below as well.
TEST_F(ChunkedPassTest, KeepsToTheTargetOfTheWhole) {
  PacketList sink;
  const auto result = Run(Options(), sink);
  ASSERT_THAT(result, IsOk());
  EXPECT_LE(result->bitrate_kbps, 1.01 * kTarget);
  EXPECT_GE(result->bitrate_kbps, 0.5 * kTarget);
}

TEST_F(ChunkedPassTest, IsTheSameEachTimeAndWithAnyNumberOfThreads) {
  PacketList once;
  PacketList again;
  ASSERT_THAT(Run(Options(), once), IsOk());
  EncoderSettings settings = kSettings;
  settings.threads = 9;
  ASSERT_THAT(Run(Options(), again, settings), IsOk());
  EXPECT_TRUE(once.packets == again.packets);
}

TEST_F(ChunkedPassTest, OneChunkIsWhatAPassOverAllMakes) {
  PacketList whole;
  PacketList chunk;
  ASSERT_THAT(RunSerially(whole), IsOk());
  ASSERT_THAT(Run(Options({.max_chunks = 1}), chunk), IsOk());
  EXPECT_TRUE(chunk.packets == whole.packets);
}

TEST_F(ChunkedPassTest, GivesEachChunkAControllerThatKnowsOfNoOther) {
  ChunkedPassOptions options = Options();
  options.controller_for = ChunkedPassOptions::ControllerFor::kChunk;
  options.make_controller =
      []() -> absl::StatusOr<std::unique_ptr<RateController>> {
    return std::make_unique<ConstantQController>(
        ConstantQIndices{.key = 60, .alt_ref = 70, .golden = 80, .inter = 90});
  };
  PacketList sink;
  const auto result = Run(options, sink);
  ASSERT_THAT(result, IsOk());
  for (const CodedFrame& frame : result->frames) {
    if (frame.type == FrameType::kKey) {
      EXPECT_EQ(frame.q_index, 60);
    } else if (frame.type == FrameType::kInter) {
      EXPECT_EQ(frame.q_index, 90);
    }
  }
}

TEST_F(ChunkedPassTest, RefusesALaneControllerThatSharesNoBits) {
  ChunkedPassOptions options = Options();
  options.make_controller =
      []() -> absl::StatusOr<std::unique_ptr<RateController>> {
    return std::make_unique<ConstantQController>(ConstantQIndices{});
  };
  PacketList sink;
  EXPECT_THAT(Run(options, sink), HasStatus(absl::StatusCode::kInvalidArgument,
                                            "feedback controller"));
}

TEST_F(ChunkedPassTest, TheFirstErrorOfAChunkEndsAll) {
  ChunkedPassOptions options = Options();
  std::atomic<int> opened = 0;
  options.open_source =
      [&]() -> absl::StatusOr<std::unique_ptr<SeekableSource>> {
    if (++opened == 2) return absl::NotFoundError("the file is gone");
    return std::make_unique<JoinedClip>(kScenes);
  };
  PacketList sink;
  EXPECT_THAT(Run(options, sink),
              HasStatus(absl::StatusCode::kNotFound, "the file is gone"));
}

TEST_F(ChunkedPassTest, ProgressRisesAndCanEndAll) {
  int64_t last = 0;
  PacketList sink;
  const auto result =
      Run(Options(), sink, kSettings, [&](const EncodeProgress& progress) {
        EXPECT_EQ(progress.pass, 2);
        EXPECT_EQ(progress.expected_frames, kNumFrames);
        EXPECT_GE(progress.frames, last);
        last = progress.frames;
        return absl::OkStatus();
      });
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(last, kNumFrames);
  EXPECT_THAT(Run(Options(), sink, kSettings,
                  [](const EncodeProgress&) {
                    return absl::CancelledError("interrupted");
                  }),
              HasStatus(absl::StatusCode::kCancelled, "interrupted"));
}

}  // namespace
}  // namespace encoder_bridge
