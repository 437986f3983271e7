#include "encoder_bridge/chunked_pass.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/chunk_ledger.h"
#include "encoder_bridge/chunk_shares.h"
#include "encoder_bridge/chunk_source.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/first_pass_packets.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/key_frames.h"
#include "encoder_bridge/lane_controller.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/packet_spool.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace encoder_bridge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kDefaultKfMaxDist = 128;  // libvpx's.
constexpr int kMaxRowMtCpuUsed = 4;
constexpr std::chrono::milliseconds kProgressInterval{100};
// libvpx caps the PSNR of a perfect picture here (vpx_sse_to_psnr).
constexpr double kMaxPsnrDb = 100;

int KfMaxDist(const EncoderSettings& settings) {
  return settings.kf_max_dist.value_or(kDefaultKfMaxDist);
}

// The results of a clip's chunks, one after the other, as those of one encode.
class JoinedResult {
 public:
  explicit JoinedResult(const FirstPassResult& first_pass) {
    result_.duration_seconds = first_pass.duration_seconds;
  }

  void Add(const EncodeResult& chunk) {
    const auto frames = static_cast<double>(chunk.shown_frames);
    mean_db_ += chunk.psnr.mean_db * frames;
    y_db_ += chunk.psnr.y_db * frames;
    // sse = samples 255^2 / 10^(dB / 10): all frames have as many samples.
    relative_sse_ += frames * std::pow(10, -chunk.psnr.global_db / 10);
    for (CodedFrame frame : chunk.frames) {
      frame.show_index += result_.shown_frames;
      frame.coding_index = static_cast<int>(result_.frames.size());
      result_.frames.push_back(frame);
    }
    result_.shown_frames += chunk.shown_frames;
    result_.packet_bytes += chunk.packet_bytes;
  }

  EncodeResult Finish(double seconds) {
    const auto frames = static_cast<double>(result_.shown_frames);
    result_.bitrate_kbps = static_cast<double>(result_.packet_bytes) * 8 /
                           1000 / result_.duration_seconds;
    result_.psnr = {.mean_db = mean_db_ / frames,
                    .global_db = std::min(
                        kMaxPsnrDb, -10 * std::log10(relative_sse_ / frames)),
                    .y_db = y_db_ / frames};
    result_.encode_seconds = seconds;
    return std::move(result_);
  }

 private:
  EncodeResult result_;
  double mean_db_ = 0;
  double y_db_ = 0;
  double relative_sse_ = 0;
};

// One second pass in chunks.
class ChunkedPass {
 public:
  ChunkedPass(const ChunkedPassOptions& options,
              const EncoderSettings& settings,
              const FirstPassResult& first_pass,
              std::vector<FirstPassFrameStats> stats)
      : options_(options),
        first_pass_(first_pass),
        stats_(std::move(stats)),
        settings_(settings),
        shares_(ChunkShares(
            first_pass.width, first_pass.height, stats_, options.chunks,
            KfMaxDist(settings),
            options.target_kbps * 1000 * first_pass.duration_seconds)),
        ledger_(options.chunks.size()),
        done_(options.chunks.size()) {
    settings_.threads =
        std::max(1, settings.threads / NumLanes(options.chunks));
  }

  absl::StatusOr<EncodeResult> Run(PacketSink& sink,
                                   const ProgressFn& progress) {
    const Clock::time_point start = Clock::now();
    std::vector<std::thread> lanes;
    absl::Status status = StartLanes(lanes);
    JoinedResult joined(first_pass_);
    for (size_t i = 0; i < done_.size() && status.ok(); ++i) {
      status = AwaitChunk(i, progress);
      if (status.ok()) status = TakeChunk(i, sink, progress, joined);
    }
    if (!status.ok()) Stop(status);
    for (std::thread& lane : lanes) lane.join();
    if (!status.ok()) return status;
    return joined.Finish(
        std::chrono::duration<double>(Clock::now() - start).count());
  }

 private:
  // What a chunk has come to when it is coded.
  struct Done {
    EncodeResult result;
    std::unique_ptr<PacketSpool> packets;
  };

  // ResourceExhausted if there may be no more threads: without one of them the
  // others would wait for ever.
  absl::Status StartLanes(std::vector<std::thread>& lanes) {
    for (int lane = 0; lane < NumLanes(options_.chunks); ++lane) {
      try {
        lanes.emplace_back([this, lane] {
          const absl::Status status = EncodeLane(lane);
          if (!status.ok()) Stop(status);
        });
      } catch (const std::system_error& error) {
        return absl::ResourceExhaustedError(absl::StrCat(
            "cannot start a thread for each chunk: ", error.what()));
      }
    }
    return absl::OkStatus();
  }

  // On the lane's thread.
  absl::Status EncodeLane(int lane) {
    auto source = options_.open_source();
    if (!source.ok()) return source.status();
    ChunkSource frames(*std::move(source), options_.log);
    std::unique_ptr<LaneController> controller;
    if (options_.controller_for == ChunkedPassOptions::ControllerFor::kLane) {
      auto made = MakeLaneController(lane);
      if (!made.ok()) return made.status();
      controller = *std::move(made);
    }
    for (const size_t chunk : ChunksOf(lane)) {
      const absl::Status status = EncodeChunk(chunk, frames, controller.get());
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<LaneController>> MakeLaneController(int lane) {
    auto made = options_.make_controller();
    if (!made.ok()) return made.status();
    auto* feedback = dynamic_cast<FeedbackController*>(made->get());
    if (feedback == nullptr) {
      return absl::InvalidArgumentError(
          "only the feedback controller shares the bits of a video between "
          "chunks");
    }
    made->release();
    std::unique_ptr<FeedbackController> owned(feedback);
    const absl::Status status = owned->OnFirstPassStats(stats_);
    if (!status.ok()) return status;
    return std::make_unique<LaneController>(options_.chunks, lane,
                                            std::move(owned), ledger_);
  }

  // Indices of the chunks on a lane, in the order of time.
  std::vector<size_t> ChunksOf(int lane) const {
    const std::vector<Chunk>& chunks = options_.chunks;
    std::vector<size_t> indices;
    for (size_t i = 0; i < chunks.size(); ++i) {
      if (chunks[i].lane == lane) indices.push_back(i);
    }
    std::sort(indices.begin(), indices.end(), [&](size_t a, size_t b) {
      return chunks[a].start_time < chunks[b].start_time;
    });
    return indices;
  }

  // `controller`: the lane's, or nullptr if each chunk has its own.
  absl::Status EncodeChunk(size_t index, ChunkSource& frames,
                           LaneController* controller) {
    const Chunk& chunk = options_.chunks[index];
    frames.SetChunk(chunk.first, chunk.end);
    std::unique_ptr<RateController> own;
    if (controller != nullptr) {
      controller->BeginChunk(index);
    } else {
      auto made = options_.make_controller();
      if (!made.ok()) return made.status();
      own = *std::move(made);
    }
    auto packets = PacketSpool::Create();
    if (!packets.ok()) return packets.status();
    const FirstPassResult first_pass = FirstPassOf(chunk, frames.format());
    EncodeProgress last;
    auto result = RunSecondPass(
        frames, settings_, first_pass,
        {.mode = RateControlMode::kExternal,
         .target_bitrate_kbps = std::max(
             1, static_cast<int>(std::lround(shares_[index] / 1000 /
                                             first_pass.duration_seconds))),
         .controller = controller != nullptr
                           ? static_cast<RateController*>(controller)
                           : own.get()},
        **packets, [&](const EncodeProgress& now) {
          return Report(now, std::exchange(last, now));
        });
    if (!result.ok()) return result.status();
    const std::lock_guard lock(mutex_);
    done_[index] = {.result = *std::move(result),
                    .packets = *std::move(packets)};
    changed_.notify_all();
    return absl::OkStatus();
  }

  FirstPassResult FirstPassOf(const Chunk& chunk,
                              const VideoFormat& format) const {
    int64_t ticks = 0;
    for (int i = chunk.first; i < chunk.end; ++i) {
      ticks += options_.log[static_cast<size_t>(i)].duration;
    }
    return {.stats = SliceFirstPassPackets(first_pass_.stats, chunk.first,
                                           chunk.end),
            .width = first_pass_.width,
            .height = first_pass_.height,
            .num_frames = chunk.num_frames(),
            .duration_seconds =
                static_cast<double>(ticks) * format.time_base.value(),
            .min_q_index = first_pass_.min_q_index};
  }

  // On a lane's thread: counts what is new since `last`.
  absl::Status Report(const EncodeProgress& now, const EncodeProgress& last) {
    const std::lock_guard lock(mutex_);
    progress_.frames += now.frames - last.frames;
    progress_.packet_bytes += now.packet_bytes - last.packet_bytes;
    progress_.seconds_of_video += now.seconds_of_video - last.seconds_of_video;
    return stopped_;
  }

  // Ends all lanes; of several reasons the first counts.
  void Stop(const absl::Status& reason) {
    {
      const std::lock_guard lock(mutex_);
      if (stopped_.ok()) stopped_ = reason;
    }
    ledger_.Stop(reason);
    changed_.notify_all();
  }

  EncodeProgress Progress() {
    const std::lock_guard lock(mutex_);
    EncodeProgress progress = progress_;
    progress.pass = 2;
    progress.expected_frames = first_pass_.num_frames;
    return progress;
  }

  absl::Status AwaitChunk(size_t index, const ProgressFn& progress) {
    while (true) {
      absl::Status status = progress(Progress());
      if (!status.ok()) return status;
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kProgressInterval, [&] {
        return done_[index].has_value() || !stopped_.ok();
      });
      if (!stopped_.ok()) return stopped_;
      if (done_[index].has_value()) return absl::OkStatus();
    }
  }

  // Hands on what a chunk came to; from then on nothing is kept of it but its
  // frames' results.
  absl::Status TakeChunk(size_t index, PacketSink& sink,
                         const ProgressFn& progress, JoinedResult& joined) {
    std::optional<Done> done;
    {
      const std::lock_guard lock(mutex_);
      done = std::exchange(done_[index], std::nullopt);
    }
    joined.Add(done->result);
    return done->packets->CopyTo(sink, [&] { return progress(Progress()); });
  }

  const ChunkedPassOptions& options_;
  const FirstPassResult& first_pass_;
  const std::vector<FirstPassFrameStats> stats_;  // Of the whole clip.
  EncoderSettings settings_;                      // Of each chunk.
  const std::vector<double> shares_;              // [num_chunks] bits.
  ChunkLedger ledger_;

  std::mutex mutex_;  // Guards the following.
  std::condition_variable changed_;
  std::vector<std::optional<Done>> done_;  // [num_chunks], until taken.
  EncodeProgress progress_;                // Of all chunks.
  absl::Status stopped_;                   // Why all must end.
};

}  // namespace

absl::StatusOr<std::vector<Chunk>> PlanChunks(
    const FirstPassResult& first_pass, const EncoderSettings& settings,
    const ChunkDivisionOptions& options) {
  const auto stats = ReadFirstPassPackets(first_pass.stats);
  if (!stats.ok()) return stats.status();
  const std::vector<int> key_frames = FindKeyFrames(
      *stats,
      {.kf_max_dist = KfMaxDist(settings),
       .only_at_distance = settings.kf_min_dist == KfMaxDist(settings),
       .width = first_pass.width,
       .height = first_pass.height,
       .frame_rate = first_pass.num_frames / first_pass.duration_seconds});
  return DivideIntoChunks(key_frames, first_pass.num_frames, options);
}

// libvpx has rows on several threads up to cpu-used 4 only, which its first
// pass does not depend on otherwise.
EncoderSettings ParallelFirstPassSettings(const EncoderSettings& settings) {
  EncoderSettings parallel = settings;
  parallel.row_mt = true;
  parallel.cpu_used = std::min(settings.cpu_used, kMaxRowMtCpuUsed);
  return parallel;
}

std::vector<int> ChunkStarts(const std::vector<Chunk>& chunks) {
  std::vector<int> starts;
  for (size_t i = 1; i < chunks.size(); ++i) starts.push_back(chunks[i].first);
  return starts;
}

absl::StatusOr<EncodeResult> RunChunkedPass(const ChunkedPassOptions& options,
                                            const EncoderSettings& settings,
                                            const FirstPassResult& first_pass,
                                            PacketSink& sink,
                                            const ProgressFn& progress) {
  auto stats = ReadFirstPassPackets(first_pass.stats);
  if (!stats.ok()) return stats.status();
  return ChunkedPass(options, settings, first_pass, *std::move(stats))
      .Run(sink, progress);
}

}  // namespace encoder_bridge
