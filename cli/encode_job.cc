#include "cli/encode_job.h"

#include <algorithm>
#include <chrono>
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
#include "cli/encode_request.h"
#include "cli/frame_stats.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "cli/stop_signal.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/audio_interleaver.h"
#include "encoder_bridge/audio_track.h"
#include "encoder_bridge/audio_tracks.h"
#include "encoder_bridge/container_writer.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/media_tags.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/target_bitrates.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader.h"
#include "selfplay/policy_controller.h"

namespace cli {
namespace {

using encoder_bridge::AudioInterleaver;
using encoder_bridge::AudioTrack;
using encoder_bridge::AudioTracks;
using encoder_bridge::ContainerWriter;
using encoder_bridge::EncodeProgress;
using encoder_bridge::FirstPassResult;
using encoder_bridge::MediaTags;
using encoder_bridge::OpenAudioTrack;
using encoder_bridge::OutputFormat;
using encoder_bridge::PendingFile;
using encoder_bridge::RateController;
using encoder_bridge::VideoReader;
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
    absl::Status status = OpenAudio();
    if (status.ok()) status = OpenOutputs(**reader);
    if (!status.ok()) return status;
    const auto poll = [this](const EncodeProgress& p) { return Report(p); };
    const absl::StatusOr<FirstPassResult> first =
        encoder_bridge::RunFirstPass(**reader, request_.settings, poll);
    PrintNotes(**reader);
    if (!first.ok()) return first.status();
    StartAudio(**reader, *first);
    status = SecondPass(**reader, *first);
    if (status.ok()) status = WriteRestOfAudio();
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

  // Before the work, so that what cannot be done fails at once.
  absl::Status OpenAudio() {
    absl::StatusOr<AudioTracks> audio =
        encoder_bridge::OpenAudioTracks(request_.input, request_.audio);
    if (!audio.ok()) return audio.status();
    audio_ = *std::move(audio);
    for (const std::string& note : audio_.notes) PrintWarning(note);
    return absl::OkStatus();
  }

  // As above, for a place that cannot be written.
  absl::Status OpenOutputs(const VideoReader& reader) {
    absl::StatusOr<MediaTags> tags =
        encoder_bridge::ReadMediaTags(request_.input);
    if (!tags.ok()) return tags.status();
    tags->chapters = encoder_bridge::CutChapters(
        tags->chapters, reader.origin_seconds(), ExpectedSeconds(reader));
    OutputFormat format = {.container = request_.audio.container,
                           .video = reader.format(),
                           .tags = *std::move(tags)};
    std::vector<AudioTrack*> tracks;
    for (const OpenAudioTrack& audio : audio_.tracks) {
      const AVCodecParameters& codec = audio.track->parameters();
      format.audio.push_back({.codec = &codec, .tags = audio.tags});
      tracks.push_back(audio.track.get());
    }
    stop_.AlsoRemove(PendingFile::TemporaryPath(request_.output));
    auto writer = ContainerWriter::Create(request_.output, format);
    if (!writer.ok()) return writer.status();
    writer_ = *std::move(writer);
    interleaver_ = std::make_unique<AudioInterleaver>(*writer_, tracks,
                                                      format.video.time_base);
    if (!request_.stats) return absl::OkStatus();
    stop_.AlsoRemove(PendingFile::TemporaryPath(*request_.stats));
    auto stats = PendingFile::Create(*request_.stats);
    if (!stats.ok()) return stats.status();
    stats_ = *std::move(stats);
    return absl::OkStatus();
  }

  absl::Status SecondPass(VideoReader& reader, const FirstPassResult& first) {
    const encoder_bridge::VideoFormat& format = reader.format();
    const double frame_rate = first.num_frames / first.duration_seconds;
    const double target_kbps = request_.target_kbps.value_or(
        encoder_bridge::ScaledTargetKbps(kDefaultTargetKbps, format));
    const auto make_controller =
        [&](int attempt) -> absl::StatusOr<std::unique_ptr<RateController>> {
      if (request_.controller.factory == nullptr) return nullptr;
      return request_.controller.factory(
          {.sequence = {.width = format.width,
                        .height = format.height,
                        .frame_rate = frame_rate,
                        .num_frames = first.num_frames,
                        .target_bitrate_kbps = target_kbps},
           .level = request_.level,
           .attempt = attempt});
    };
    auto best = encoder_bridge::RunAttempts(
        reader, request_.settings, first,
        {.attempts = request_.controller.attempts,
         .second_pass = {.mode = request_.controller.mode,
                         .target_bitrate_kbps = std::max(
                             1, static_cast<int>(std::lround(target_kbps))),
                         .cq_level = request_.level},
         .make_controller = make_controller,
         .progress =
             [this](int attempt, const EncodeProgress& progress) {
               attempt_ = attempt;
               return Report(progress);
             }},
        *interleaver_);
    if (!best.ok()) return best.status();
    outcome_.result = std::move(best->result);
    outcome_.attempts = std::move(best->attempts);
    outcome_.attempt = best->attempt;
    const auto* planner =
        dynamic_cast<const selfplay::PolicyController*>(best->controller.get());
    if (planner != nullptr) outcome_.planning = planner->report();
    return absl::OkStatus();
  }

  bool IsCutAtEnd() const {
    return request_.reader.duration_seconds || request_.reader.max_frames;
  }

  // What is known before the first pass, if not all is asked for.
  std::optional<double> ExpectedSeconds(const VideoReader& reader) const {
    if (!IsCutAtEnd()) return std::nullopt;
    return static_cast<double>(reader.format().expected_frames) /
           reader.format().frame_rate.value();
  }

  // Sound ends with the last frame where that was asked for; else a video with
  // a longer soundtrack keeps it.
  void StartAudio(const VideoReader& reader, const FirstPassResult& first) {
    encoder_bridge::AudioSpan span = {.origin_seconds =
                                          reader.origin_seconds()};
    if (IsCutAtEnd()) span.duration_seconds = first.duration_seconds;
    interleaver_->Start(span);
  }

  absl::Status WriteRestOfAudio() {
    while (true) {
      if (stop_.is_set()) return absl::CancelledError("interrupted");
      const absl::StatusOr<bool> goes_on = interleaver_->WriteRest();
      if (!goes_on.ok()) return goes_on.status();
      if (!*goes_on) break;
    }
    const std::vector<AudioInterleaver::Amount> amounts =
        interleaver_->Amounts();
    for (size_t i = 0; i < amounts.size(); ++i) {
      const OpenAudioTrack& track = audio_.tracks[i];
      const AudioInterleaver::Amount& amount = amounts[i];
      outcome_.audio.push_back(
          {.stream_index = track.stream_index,
           .source_codec = track.source_codec,
           .codec = track.codec,
           .language = encoder_bridge::LanguageOf(track.tags),
           .is_copied = track.is_copied,
           .channels = track.channels,
           .bytes = amount.bytes,
           .bitrate_kbps = amount.seconds > 0
                               ? static_cast<double>(amount.bytes) * 8 / 1000 /
                                     amount.seconds
                               : 0});
    }
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
    if (progress.pass != pass_ || attempt_ != reported_attempt_) {
      pass_ = progress.pass;
      reported_attempt_ = attempt_;
      pass_start_ = Clock::now();
      // What comes next may be one call of libvpx that takes seconds.
      progress_.MakeDue();
    }
    if (!progress_.IsDue()) return absl::OkStatus();
    const double seconds =
        std::chrono::duration<double>(Clock::now() - pass_start_).count();
    const double fps = static_cast<double>(progress.frames) / seconds;
    const int attempts = request_.controller.attempts;
    std::string line = absl::StrFormat("pass %d/2", progress.pass);
    if (progress.pass == 2 && attempts > 1) {
      absl::StrAppendFormat(&line, "  attempt %d/%d", attempt_ + 1, attempts);
    }
    absl::StrAppendFormat(&line, "  frame %d", progress.frames);
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
      const int64_t attempts_left =
          progress.pass == 2 ? attempts - 1 - attempt_ : 0;
      const int64_t left =
          std::max<int64_t>(0, progress.expected_frames - progress.frames) +
          attempts_left * progress.expected_frames;
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
  int attempt_ = 0;
  int reported_attempt_ = 0;
  Clock::time_point pass_start_;
  AudioTracks audio_;
  std::unique_ptr<ContainerWriter> writer_;
  std::unique_ptr<AudioInterleaver> interleaver_;  // Of `audio_` in `writer_`.
  std::unique_ptr<PendingFile> stats_;
  EncodeOutcome outcome_;
};

}  // namespace

absl::StatusOr<EncodeOutcome> RunEncodeJob(const EncodeRequest& request,
                                           StopSignal& stop) {
  return EncodeJob(request, stop).Run();
}

}  // namespace cli
