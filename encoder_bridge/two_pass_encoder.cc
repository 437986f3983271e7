#include "encoder_bridge/two_pass_encoder.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/ext_ratectrl.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/psnr.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/sample_variance.h"
#include "encoder_bridge/ten_bit_controller.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/vp9_frame_header.h"
#include "encoder_bridge/vpx_encoder.h"

namespace encoder_bridge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMaxCqLevel = 63;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What is summed up while the packets of a second pass come out.
class SecondPassTally {
 public:
  explicit SecondPassTally(int bit_depth) : bit_depth_(bit_depth) {}

  absl::Status AddFrame(const VpxEncoder::Packet& packet) {
    absl::StatusOr<std::vector<Vp9FrameHeader>> headers =
        ParseVp9Packet(packet.data);
    if (!headers.ok()) return headers.status();
    packet_bytes_ += static_cast<int64_t>(packet.data.size());
    ticks_ += packet.duration;
    for (const Vp9FrameHeader& header : *headers) {
      if (header.show_existing_frame) {
        ++shown_frames_;
        continue;
      }
      CodedFrame frame;
      frame.type = header.is_key     ? FrameType::kKey
                   : header.is_shown ? FrameType::kInter
                                     : FrameType::kAltRef;
      frame.is_shown = header.is_shown;
      frame.show_index = shown_frames_;
      frame.coding_index = static_cast<int>(frames_.size());
      frame.q_index = header.q_index;
      frame.bits = header.bytes * 8;
      frames_.push_back(frame);
      if (header.is_shown) ++shown_frames_;
    }
    return absl::OkStatus();
  }

  void AddPsnr(const VpxEncoder::Packet& packet) { psnr_.push_back(packet); }

  // Lets the hook tell what the headers do not: types, places, ARF targets.
  absl::Status AddHookFrames(const std::vector<ExtRateControl::Frame>& hooked) {
    if (hooked.size() != frames_.size()) {
      return absl::InternalError(
          absl::StrCat("the hook saw ", hooked.size(),
                       " coded frames, the packets hold ", frames_.size()));
    }
    for (size_t i = 0; i < hooked.size(); ++i) {
      CodedFrame& frame = frames_[i];
      if (frame.q_index != hooked[i].result.q_index) {
        return absl::InternalError(
            absl::StrCat("coded frame ", i, " was to have q_index ",
                         hooked[i].result.q_index, " and has ", frame.q_index));
      }
      frame.type = hooked[i].info.type;
      frame.show_index = hooked[i].info.show_index;
      frame.gop_index = hooked[i].info.gop_index;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<EncodeResult> Finish(const FirstPassResult& first_pass,
                                      double seconds) {
    if (shown_frames_ != first_pass.num_frames) {
      return absl::FailedPreconditionError(
          absl::StrCat("the second pass shows ", shown_frames_,
                       " frames, the first saw ", first_pass.num_frames));
    }
    EncodeResult result;
    result.shown_frames = shown_frames_;
    result.packet_bytes = packet_bytes_;
    result.duration_seconds = first_pass.duration_seconds;
    result.bitrate_kbps = static_cast<double>(packet_bytes_) * 8 / 1000 /
                          first_pass.duration_seconds;
    AddPsnrTo(result);
    result.frames = std::move(frames_);
    result.encode_seconds = seconds;
    return result;
  }

  int shown_frames() const { return shown_frames_; }
  int64_t packet_bytes() const { return packet_bytes_; }
  int64_t ticks() const { return ticks_; }

 private:
  void AddPsnrTo(EncodeResult& result) {
    double sse = 0;
    double samples = 0;
    size_t shown = 0;
    for (CodedFrame& frame : frames_) {
      if (!frame.is_shown || shown >= psnr_.size()) continue;
      const VpxEncoder::Packet& psnr = psnr_[shown++];
      frame.sse = static_cast<int64_t>(psnr.sse[0]);
      frame.psnr_db = psnr.psnr_db[0];
      sse += static_cast<double>(psnr.sse[0]);
      samples += psnr.samples[0];
      result.psnr.mean_db += psnr.psnr_db[0];
      result.psnr.y_db += psnr.psnr_db[1];
    }
    if (shown == 0) return;
    result.psnr.mean_db /= static_cast<double>(shown);
    result.psnr.y_db /= static_cast<double>(shown);
    result.psnr.global_db = PsnrDb(sse, samples, bit_depth_);
  }

  const int bit_depth_;
  std::vector<CodedFrame> frames_;
  std::vector<VpxEncoder::Packet> psnr_;  // One per shown coded frame.
  int shown_frames_ = 0;
  int64_t packet_bytes_ = 0;
  int64_t ticks_ = 0;
};

absl::Status CheckOptions(const FrameSource& source,
                          const FirstPassResult& first_pass,
                          const SecondPassOptions& options) {
  if (options.target_bitrate_kbps < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("target bitrate ", options.target_bitrate_kbps,
                     " kbps is not at least 1 kbps"));
  }
  if (options.mode == RateControlMode::kConstantQuality &&
      (options.cq_level < 0 || options.cq_level > kMaxCqLevel)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cq-level ", options.cq_level, " is not in [0, ", kMaxCqLevel, "]"));
  }
  if (options.mode == RateControlMode::kExternal &&
      options.controller == nullptr) {
    return absl::InvalidArgumentError(
        "external rate control needs a controller");
  }
  const VideoFormat& format = source.format();
  if (first_pass.width != format.width || first_pass.height != format.height) {
    return absl::FailedPreconditionError(
        absl::StrCat("first-pass statistics are of ", first_pass.width, "x",
                     first_pass.height, ", the frames are ", format.width, "x",
                     format.height));
  }
  return absl::OkStatus();
}

// Takes what the last Encode() gave.
absl::Status DrainSecondPass(VpxEncoder& encoder, SecondPassTally& tally,
                             PacketSink& sink) {
  while (const std::optional<VpxEncoder::Packet> packet =
             encoder.NextPacket()) {
    if (packet->kind == VpxEncoder::Packet::Kind::kPsnr) {
      tally.AddPsnr(*packet);
    } else if (packet->kind == VpxEncoder::Packet::Kind::kFrame) {
      absl::Status status = tally.AddFrame(*packet);
      if (!status.ok()) return status;
      status = sink.Write({.data = packet->data,
                           .pts = packet->pts,
                           .duration = packet->duration,
                           .is_key = packet->is_key});
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

// Passes everything on, but for two things.  It asks `poll` before every frame:
// the last lag_in_frames frames are coded inside one call of libvpx, which
// would otherwise be deaf to a cancellation.  And it raises what is below
// `min_q_index`; what is out of range altogether stays, and is refused later.
class GuardedController : public RateController {
 public:
  GuardedController(RateController& controller,
                    std::function<absl::Status()> poll, int min_q_index)
      : controller_(controller),
        poll_(std::move(poll)),
        min_q_index_(min_q_index) {}

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override {
    return controller_.OnFirstPassStats(stats);
  }
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override {
    const absl::Status status = poll_();
    if (!status.ok()) return status;
    absl::StatusOr<int> q_index = controller_.ChooseQIndex(frame);
    if (q_index.ok() && *q_index >= kMinQIndex) {
      q_index = std::max(*q_index, min_q_index_);
    }
    return q_index;
  }
  absl::Status OnFrameEncoded(const FrameResult& result) override {
    return controller_.OnFrameEncoded(result);
  }

 private:
  RateController& controller_;
  const std::function<absl::Status()> poll_;
  const int min_q_index_;
};

}  // namespace

absl::StatusOr<FirstPassResult> RunFirstPass(FrameSource& source,
                                             const EncoderSettings& settings,
                                             const ProgressFn& progress) {
  const Clock::time_point start = Clock::now();
  absl::Status status = source.Rewind();
  if (!status.ok()) return status;
  const VideoFormat& format = source.format();
  absl::StatusOr<std::unique_ptr<VpxEncoder>> encoder =
      VpxEncoder::Create({.format = format, .settings = settings, .pass = 1});
  if (!encoder.ok()) return encoder.status();

  FirstPassResult result;
  result.width = format.width;
  result.height = format.height;
  int64_t ticks = 0;
  bool at_end = false;
  while (!at_end) {
    const absl::StatusOr<const VideoFrame*> frame = source.Next();
    if (!frame.ok()) return frame.status();
    at_end = *frame == nullptr;
    if (at_end && result.num_frames == 0) {
      return absl::InvalidArgumentError("there is no frame to encode");
    }
    status = (*encoder)->Encode(*frame);
    if (!status.ok()) return status;
    while (const auto packet = (*encoder)->NextPacket()) {
      if (packet->kind == VpxEncoder::Packet::Kind::kFirstPassStats) {
        result.stats.append(packet->data.begin(), packet->data.end());
      }
    }
    if (at_end) break;
    ++result.num_frames;
    if (format.bit_depth == 8) {
      result.min_q_index =
          std::max(result.min_q_index, SafeMinQIndex(LocalVariance(**frame)));
    }
    ticks += (*frame)->duration;
    result.duration_seconds =
        static_cast<double>(ticks) * format.time_base.value();
    status = progress({.pass = 1,
                       .frames = result.num_frames,
                       .expected_frames = format.expected_frames,
                       .seconds_of_video = result.duration_seconds});
    if (!status.ok()) return status;
  }
  result.seconds = SecondsSince(start);
  return result;
}

absl::StatusOr<EncodeResult> RunSecondPass(FrameSource& source,
                                           const EncoderSettings& settings,
                                           const FirstPassResult& first_pass,
                                           const SecondPassOptions& options,
                                           PacketSink& sink,
                                           const ProgressFn& progress) {
  const Clock::time_point start = Clock::now();
  absl::Status status = CheckOptions(source, first_pass, options);
  if (!status.ok()) return status;
  status = source.Rewind();
  if (!status.ok()) return status;
  const VideoFormat& format = source.format();

  SecondPassTally tally(format.bit_depth);
  const auto report = [&] {
    return progress({.pass = 2,
                     .frames = tally.shown_frames(),
                     .expected_frames = first_pass.num_frames,
                     .packet_bytes = tally.packet_bytes(),
                     .seconds_of_video = static_cast<double>(tally.ticks()) *
                                         format.time_base.value()});
  };
  // Destroyed in the reverse order: the encoder holds on to the hook.
  std::optional<TenBitController> ten_bit;
  std::optional<GuardedController> controller;
  std::unique_ptr<ExtRateControl> hook;
  if (options.mode == RateControlMode::kExternal) {
    RateController* chooser = options.controller;
    if (format.bit_depth > 8 && chooser->ThinksInEightBits()) {
      chooser = &ten_bit.emplace(*chooser);
    }
    controller.emplace(*chooser, report, first_pass.min_q_index);
    hook = std::make_unique<ExtRateControl>(*controller);
  }
  absl::StatusOr<std::unique_ptr<VpxEncoder>> encoder =
      VpxEncoder::Create({.format = format,
                          .settings = settings,
                          .pass = 2,
                          .mode = options.mode,
                          .target_bitrate_kbps = options.target_bitrate_kbps,
                          .cq_level = options.cq_level,
                          .min_q_index = first_pass.min_q_index,
                          .first_pass_stats = &first_pass.stats});
  if (!encoder.ok()) return encoder.status();
  if (hook != nullptr) {
    status = hook->Attach((*encoder)->handle());
    if (!status.ok()) return status;
  }

  int num_frames = 0;
  bool at_end = false;
  // While flushing libvpx stops when its output buffer is half full, so the
  // flush is repeated until nothing comes.
  while (true) {
    const VideoFrame* frame = nullptr;
    if (!at_end) {
      const absl::StatusOr<const VideoFrame*> next = source.Next();
      if (!next.ok()) return next.status();
      frame = *next;
      at_end = frame == nullptr;
      num_frames += at_end ? 0 : 1;
      if (num_frames > first_pass.num_frames) break;
    }
    const int64_t bytes_before = tally.packet_bytes();
    status = (*encoder)->Encode(frame);
    if (hook != nullptr) {
      if (status.ok()) hook->Settle();
      if (!hook->status().ok()) return hook->status();
    }
    if (!status.ok()) return status;
    status = DrainSecondPass(**encoder, tally, sink);
    if (!status.ok()) return status;
    if (at_end && tally.packet_bytes() == bytes_before) break;
    status = report();
    if (!status.ok()) return status;
  }
  if (num_frames != first_pass.num_frames) {
    return absl::FailedPreconditionError(
        absl::StrCat("the first pass saw ", first_pass.num_frames,
                     " frames, the second ", at_end ? "" : "more than ",
                     at_end ? num_frames : first_pass.num_frames));
  }
  if (hook != nullptr) {
    status = tally.AddHookFrames(hook->frames());
    if (!status.ok()) return status;
  }
  return tally.Finish(first_pass, SecondsSince(start));
}

}  // namespace encoder_bridge
