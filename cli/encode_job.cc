#include "cli/encode_job.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "cli/encode_outcome.h"
#include "cli/encode_places.h"
#include "cli/encode_progress_line.h"
#include "cli/encode_report_page.h"
#include "cli/encode_request.h"
#include "cli/frame_stats.h"
#include "cli/media_output.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "cli/second_pass.h"
#include "cli/standard_input.h"
#include "cli/stop_signal.h"
#include "cli/target_size.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/chunk_division.h"
#include "encoder_bridge/chunked_pass.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/frame_log.h"
#include "encoder_bridge/null_sink.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/read_ahead.h"
#include "encoder_bridge/target_bitrates.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"

namespace cli {
namespace {

using encoder_bridge::AttemptProgress;
using encoder_bridge::EncodeProgress;
using encoder_bridge::FirstPassResult;
using encoder_bridge::PendingFile;
using encoder_bridge::VideoReader;

// libvpx places GOPs by a target even where the quantizers are given.
constexpr double kDefaultTargetKbps = 512;
// Of a wanted size; below that a warning says so.
constexpr double kSmallestPartOfSize = 0.99;

// One encode, from the open input to the finished files.
class EncodeJob {
 public:
  EncodeJob(const EncodeRequest& request, StopSignal& stop, const WarnFn& warn)
      : request_(request),
        stop_(stop),
        warn_(warn),
        progress_(ProgressLine::ModeFor(request.quiet),
                  request.controller.attempts) {}

  absl::StatusOr<EncodeOutcome> Run() {
    absl::StatusOr<std::unique_ptr<VideoReader>> reader =
        VideoReader::Open(request_.input, request_.reader);
    if (!reader.ok()) return reader.status();
    PrintNotes(**reader);
    absl::Status status = OpenOutputs(**reader);
    if (!status.ok()) return status;
    const absl::StatusOr<FirstPassResult> first = FirstPass(**reader);
    PrintNotes(**reader);
    if (!first.ok()) return first.status();
    status = PlanChunks(*first);
    if (!status.ok()) return status;
    status = request_.target_bytes ? EncodeToSize(**reader, *first)
                                   : EncodeOnce(**reader, *first);
    if (status.ok() && request_.report_libvpx) {
      status = AskLibvpx(**reader, *first);
    }
    PrintNotes(**reader);
    if (status.ok()) status = Finish();
    progress_.Clear();
    if (!status.ok()) return status;
    return std::move(outcome_);
  }

 private:
  absl::StatusOr<FirstPassResult> FirstPass(VideoReader& reader) {
    const auto report = [this](const EncodeProgress& p) {
      return Report({.encode = p});
    };
    if (request_.chunks == 1) {
      return encoder_bridge::RunFirstPass(reader, request_.settings, report);
    }
    encoder_bridge::FrameLog log(reader);
    absl::StatusOr<FirstPassResult> first;
    {
      // It writes the log on a thread that ends with it.
      encoder_bridge::ReadAhead frames(log);
      first = encoder_bridge::RunFirstPass(
          frames, encoder_bridge::ParallelFirstPassSettings(request_.settings),
          report);
    }
    log_ = log.frames();
    return first;
  }

  // Leaves none if the video is to be encoded as a whole.
  absl::Status PlanChunks(const FirstPassResult& first) {
    if (request_.chunks == 1) return absl::OkStatus();
    auto chunks = encoder_bridge::PlanChunks(
        first, request_.settings, {.max_chunks = request_.chunks.value_or(0)});
    if (!chunks.ok()) return chunks.status();
    if (chunks->size() > 1) {
      chunks_ = *std::move(chunks);
    } else if (!request_.quiet) {
      progress_.Clear();
      PrintNote(
          "the video is too short, or has no key frame, to divide it into "
          "chunks: it is encoded as a whole");
    }
    return absl::OkStatus();
  }

  void PrintNotes(const VideoReader& reader) {
    for (; notes_printed_ < reader.notes().size(); ++notes_printed_) {
      progress_.Clear();
      warn_(reader.notes()[notes_printed_]);
    }
  }

  // Before the work, so that what cannot be done fails at once.
  absl::Status OpenOutputs(const VideoReader& reader) {
    if (request_.output != kStandardStream) {
      stop_.AlsoRemove(PendingFile::TemporaryPath(request_.output));
    }
    auto output = MediaOutput::Open(request_, reader);
    if (!output.ok()) return output.status();
    output_ = *std::move(output);
    for (const std::string& note : output_->notes()) warn_(note);
    const absl::Status status = OpenExtra(request_.stats, stats_);
    return status.ok() ? OpenExtra(request_.report, report_) : status;
  }

  // A file beside the video, if it was asked for.
  absl::Status OpenExtra(const std::optional<std::string>& path,
                         std::unique_ptr<PendingFile>& file) {
    if (!path) return absl::OkStatus();
    stop_.AlsoRemove(PendingFile::TemporaryPath(*path));
    auto created = PendingFile::Create(*path);
    if (!created.ok()) return created.status();
    file = *std::move(created);
    return absl::OkStatus();
  }

  absl::Status EncodeOnce(VideoReader& reader, const FirstPassResult& first) {
    const double target_kbps = request_.target_kbps.value_or(
        encoder_bridge::ScaledTargetKbps(kDefaultTargetKbps, reader.format()));
    output_->Start(first.duration_seconds);
    absl::StatusOr<EncodeOutcome> outcome =
        SecondPass(reader, first, target_kbps, *output_);
    if (!outcome.ok()) return outcome.status();
    outcome_ = *std::move(outcome);
    return output_->Finish([this] { return Poll(); }).status();
  }

  absl::Status EncodeToSize(VideoReader& reader, const FirstPassResult& first) {
    output_.reset();
    absl::StatusOr<FinishedOutput> finished = cli::EncodeToSize(
        {.wanted_bytes = *request_.target_bytes,
         .has_whole_targets =
             request_.controller.mode == encoder_bridge::RateControlMode::kVbr,
         .time_base = reader.format().time_base,
         .open = [&] { return MediaOutput::Open(request_, reader); },
         .encode =
             [&](int number, double target_kbps,
                 encoder_bridge::PacketSink& sink) {
               progress_.BeginTry(number);
               return SecondPass(reader, first, target_kbps, sink);
             },
         .poll = [this] { return Poll(); }},
        first);
    if (!finished.ok()) return finished.status();
    output_ = std::move(finished->output);
    outcome_ = std::move(finished->outcome);
    return absl::OkStatus();
  }

  absl::StatusOr<EncodeOutcome> SecondPass(VideoReader& reader,
                                           const FirstPassResult& first,
                                           double target_kbps,
                                           encoder_bridge::PacketSink& sink) {
    return RunSecondPassOf(
        request_,
        {.first = first,
         .chunks = chunks_,
         .log = log_,
         .target_kbps = target_kbps,
         .progress = [this](const AttemptProgress& p) { return Report(p); }},
        reader, sink);
  }

  // The same with libvpx's own rate control, for the report alone.
  absl::Status AskLibvpx(VideoReader& reader, const FirstPassResult& first) {
    progress_.BeginLibvpx();
    encoder_bridge::NullSink nowhere;
    auto result = encoder_bridge::RunSecondPass(
        reader, request_.settings, first,
        {.mode = encoder_bridge::RateControlMode::kVbr,
         .target_bitrate_kbps =
             std::max(1, static_cast<int>(std::lround(outcome_.target_kbps)))},
        nowhere,
        [this](const EncodeProgress& p) { return Report({.encode = p}); });
    if (!result.ok()) return result.status();
    outcome_.libvpx = *std::move(result);
    return absl::OkStatus();
  }

  absl::Status Report(const AttemptProgress& progress) {
    const absl::Status status = Poll();
    if (status.ok()) progress_.Show(progress);
    return status;
  }

  absl::Status Poll() const {
    if (stop_.is_set()) return absl::CancelledError("interrupted");
    return absl::OkStatus();
  }

  void PrintFallback() {
    if (!outcome_.planning || outcome_.planning->fallback_frames == 0) return;
    warn_(absl::StrCat("the model failed, so feedback chose for the last ",
                       outcome_.planning->fallback_frames, " of ",
                       outcome_.result.frames.size(),
                       " coded frames: ", outcome_.planning->fallback_reason));
  }

  void PrintMissedSize() {
    if (!request_.target_bytes) return;
    const double part = static_cast<double>(outcome_.file_bytes) /
                        static_cast<double>(*request_.target_bytes);
    if (part >= kSmallestPartOfSize) return;
    warn_(absl::StrFormat(
        "the file is %.1f %% below --target-size: the nearest of %d encodes",
        100 * (1 - part), outcome_.tries));
  }

  absl::Status Finish() {
    outcome_.audio = output_->Audio();
    outcome_.file_bytes = output_->file_bytes();
    progress_.Clear();
    PrintFallback();
    PrintMissedSize();
    absl::Status status = absl::OkStatus();
    if (request_.verify) {
      status = output_->Verify([this] { return Poll(); });
    }
    if (status.ok() && stats_ != nullptr) {
      status =
          stats_->Write(FrameStatsLines(outcome_.result, outcome_.planning));
    }
    if (status.ok() && report_ != nullptr) {
      status = report_->Write(EncodeReportPage(request_, outcome_));
    }
    if (status.ok()) status = Poll();
    // The video first: the others are worth nothing without it.
    if (status.ok()) status = output_->Commit();
    if (status.ok() && stats_ != nullptr) status = stats_->Commit();
    if (status.ok() && report_ != nullptr) status = report_->Commit();
    return status;
  }

  const EncodeRequest& request_;
  StopSignal& stop_;
  const WarnFn& warn_;
  EncodeProgressLine progress_;
  size_t notes_printed_ = 0;
  std::unique_ptr<MediaOutput> output_;
  std::unique_ptr<PendingFile> stats_;
  std::unique_ptr<PendingFile> report_;
  EncodeOutcome outcome_;
  // For a second pass in chunks; without chunks there is none.
  std::vector<encoder_bridge::LoggedFrame> log_;
  std::vector<encoder_bridge::Chunk> chunks_;
};

}  // namespace

absl::StatusOr<EncodeOutcome> RunEncodeJob(const EncodeRequest& request,
                                           StopSignal& stop,
                                           const WarnFn& warn) {
  if (request.input != kStandardStream) {
    return EncodeJob(request, stop, warn).Run();
  }
  const auto input = SpoolStandardInput(request.quiet, stop);
  if (!input.ok()) return input.status();
  EncodeRequest spooled = request;
  spooled.input = (*input)->path();
  spooled.input_name = kStandardInput;
  absl::StatusOr<EncodeOutcome> outcome = EncodeJob(spooled, stop, warn).Run();
  if (outcome.ok()) return outcome;
  return absl::Status(outcome.status().code(),
                      absl::StrReplaceAll(outcome.status().message(),
                                          {{spooled.input, kStandardInput}}));
}

}  // namespace cli
