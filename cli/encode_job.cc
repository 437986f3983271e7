#include "cli/encode_job.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/encode_request.h"
#include "cli/frame_stats.h"
#include "cli/messages.h"
#include "cli/policy.h"
#include "cli/progress_line.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/target_bitrates.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader.h"
#include "encoder_bridge/webm_writer.h"

namespace cli {
namespace {

using encoder_bridge::EncodeProgress;
using encoder_bridge::FirstPassResult;
using encoder_bridge::PendingFile;
using encoder_bridge::RateController;
using encoder_bridge::VideoReader;
using encoder_bridge::WebmWriter;
using Clock = std::chrono::steady_clock;

// A speed over less than this says nothing.
constexpr double kShortestMeasuredSeconds = 0.1;
// libvpx places GOPs by a target even where the quantizers are given.
constexpr double kDefaultTargetKbps = 512;

// One encode, from the open input to the finished files.
class EncodeJob {
 public:
  EncodeJob(const EncodeRequest& request, StopSignal& stop)
      : request_(request),
        stop_(stop),
        progress_(ProgressLine::ModeFor(request.quiet)) {}

  absl::StatusOr<EncodeOutcome> Run() {
    absl::StatusOr<std::unique_ptr<VideoReader>> reader =
        VideoReader::Open(request_.input, request_.reader);
    if (!reader.ok()) return reader.status();
    PrintNotes(**reader);
    absl::Status status = OpenOutputs((*reader)->format());
    if (!status.ok()) return status;
    const auto poll = [this](const EncodeProgress& p) { return Report(p); };
    const absl::StatusOr<FirstPassResult> first =
        encoder_bridge::RunFirstPass(**reader, request_.settings, poll);
    PrintNotes(**reader);
    if (!first.ok()) return first.status();
    status = SecondPass(**reader, *first, poll);
    PrintNotes(**reader);
    progress_.Clear();
    if (!status.ok()) return status;
    PrintFallback();
    status = Finish();
    if (!status.ok()) return status;
    return std::move(outcome_);
  }

 private:
  void PrintNotes(const VideoReader& reader) {
    for (; notes_printed_ < reader.notes().size(); ++notes_printed_) {
      progress_.Clear();
      PrintWarning(reader.notes()[notes_printed_]);
    }
  }

  // Before the work, so that a place that cannot be written fails at once.
  absl::Status OpenOutputs(const encoder_bridge::VideoFormat& format) {
    stop_.AlsoRemove(PendingFile::TemporaryPath(request_.output));
    auto writer = WebmWriter::Create(request_.output, format);
    if (!writer.ok()) return writer.status();
    writer_ = *std::move(writer);
    if (!request_.stats) return absl::OkStatus();
    stop_.AlsoRemove(PendingFile::TemporaryPath(*request_.stats));
    auto stats = PendingFile::Create(*request_.stats);
    if (!stats.ok()) return stats.status();
    stats_ = *std::move(stats);
    return absl::OkStatus();
  }

  absl::Status SecondPass(VideoReader& reader, const FirstPassResult& first,
                          const encoder_bridge::ProgressFn& poll) {
    const encoder_bridge::VideoFormat& format = reader.format();
    const double frame_rate = first.num_frames / first.duration_seconds;
    const double target_kbps = request_.target_kbps.value_or(
        encoder_bridge::ScaledTargetKbps(kDefaultTargetKbps, format));
    std::unique_ptr<RateController> controller;
    if (request_.controller.factory != nullptr) {
      auto made =
          request_.controller.factory({.width = format.width,
                                       .height = format.height,
                                       .frame_rate = frame_rate,
                                       .num_frames = first.num_frames,
                                       .target_bitrate_kbps = target_kbps},
                                      request_.level);
      if (!made.ok()) return made.status();
      controller = *std::move(made);
    }
    auto result = encoder_bridge::RunSecondPass(
        reader, request_.settings, first,
        {.mode = request_.controller.mode,
         .target_bitrate_kbps =
             std::max(1, static_cast<int>(std::lround(target_kbps))),
         .cq_level = request_.level,
         .controller = controller.get()},
        *writer_, poll);
    if (!result.ok()) return result.status();
    outcome_.result = *std::move(result);
    const auto* planner =
        dynamic_cast<const PolicyController*>(controller.get());
    if (planner != nullptr) outcome_.planning = planner->report();
    return absl::OkStatus();
  }

  void PrintFallback() {
    if (!outcome_.planning || outcome_.planning->fallback_frames == 0) return;
    PrintWarning(
        absl::StrCat("the model failed, so feedback chose for the last ",
                     outcome_.planning->fallback_frames, " of ",
                     outcome_.result.frames.size(),
                     " coded frames: ", outcome_.planning->fallback_reason));
  }

  absl::Status Report(const EncodeProgress& progress) {
    if (stop_.is_set()) return absl::CancelledError("interrupted");
    if (progress.pass != pass_) {
      pass_ = progress.pass;
      pass_start_ = Clock::now();
      // What comes next may be one call of libvpx that takes seconds.
      progress_.MakeDue();
    }
    if (!progress_.IsDue()) return absl::OkStatus();
    const double seconds =
        std::chrono::duration<double>(Clock::now() - pass_start_).count();
    const double fps = static_cast<double>(progress.frames) / seconds;
    std::string line =
        absl::StrFormat("pass %d/2  frame %d", progress.pass, progress.frames);
    if (progress.expected_frames > 0) {
      absl::StrAppendFormat(&line, "/%d", progress.expected_frames);
    }
    if (seconds >= kShortestMeasuredSeconds) {
      absl::StrAppendFormat(&line, "  %.1f fps", fps);
    }
    if (progress.pass == 2 && progress.seconds_of_video > 0) {
      absl::StrAppendFormat(&line, "  %.0f kbit/s",
                            static_cast<double>(progress.packet_bytes) * 8 /
                                1000 / progress.seconds_of_video);
    }
    if (progress.expected_frames > 0 && progress.frames > 0 &&
        seconds >= kShortestMeasuredSeconds) {
      const auto left =
          std::max<int64_t>(0, progress.expected_frames - progress.frames);
      absl::StrAppend(&line, "  ETA ",
                      ClockText(static_cast<double>(left) / fps));
    }
    progress_.Update(line);
    return absl::OkStatus();
  }

  absl::Status Finish() {
    if (stop_.is_set()) return absl::CancelledError("interrupted");
    if (stats_ != nullptr) {
      const absl::Status status =
          stats_->Write(FrameStatsLines(outcome_.result, outcome_.planning));
      if (!status.ok()) return status;
    }
    // The statistics last: they are worth nothing without the video.
    absl::Status status = writer_->Commit();
    if (status.ok() && stats_ != nullptr) status = stats_->Commit();
    return status;
  }

  const EncodeRequest& request_;
  StopSignal& stop_;
  ProgressLine progress_;
  size_t notes_printed_ = 0;
  int pass_ = 0;
  Clock::time_point pass_start_;
  std::unique_ptr<WebmWriter> writer_;
  std::unique_ptr<PendingFile> stats_;
  EncodeOutcome outcome_;
};

}  // namespace

absl::StatusOr<EncodeOutcome> RunEncodeJob(const EncodeRequest& request,
                                           StopSignal& stop) {
  return EncodeJob(request, stop).Run();
}

}  // namespace cli
