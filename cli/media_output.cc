#include "cli/media_output.h"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/encode_places.h"
#include "cli/encode_request.h"
#include "encoder_bridge/audio_interleaver.h"
#include "encoder_bridge/audio_track.h"
#include "encoder_bridge/audio_tracks.h"
#include "encoder_bridge/container_writer.h"
#include "encoder_bridge/media_check.h"
#include "encoder_bridge/media_tags.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/stream_sink.h"
#include "encoder_bridge/video_reader.h"

namespace cli {
namespace {

constexpr char kStandardOutput[] = "standard output";

}  // namespace

using encoder_bridge::AudioInterleaver;
using encoder_bridge::AudioTrack;
using encoder_bridge::AudioTracks;
using encoder_bridge::ContainerWriter;
using encoder_bridge::MediaContents;
using encoder_bridge::MediaTags;
using encoder_bridge::OpenAudioTrack;
using encoder_bridge::OutputFormat;
using encoder_bridge::PendingFile;
using encoder_bridge::VideoReader;

absl::StatusOr<std::unique_ptr<MediaOutput>> MediaOutput::Open(
    const EncodeRequest& request, const VideoReader& reader) {
  auto output = absl::WrapUnique(new MediaOutput(request, reader));
  absl::StatusOr<AudioTracks> audio =
      encoder_bridge::OpenAudioTracks(request.input, request.audio);
  if (!audio.ok()) return audio.status();
  output->audio_ = *std::move(audio);
  const absl::Status status = output->OpenFile(reader);
  if (!status.ok()) return status;
  return output;
}

MediaOutput::MediaOutput(const EncodeRequest& request,
                         const VideoReader& reader)
    : request_(request),
      origin_seconds_(reader.origin_seconds()),
      time_base_(reader.format().time_base) {}

absl::Status MediaOutput::OpenFile(const VideoReader& reader) {
  absl::StatusOr<MediaTags> tags =
      encoder_bridge::ReadMediaTags(request_.input);
  if (!tags.ok()) return tags.status();
  tags->chapters = encoder_bridge::CutChapters(tags->chapters, origin_seconds_,
                                               ExpectedSeconds(reader));
  OutputFormat format = {.container = request_.audio.container,
                         .video = reader.format(),
                         .tags = *std::move(tags)};
  std::vector<AudioTrack*> tracks;
  for (const OpenAudioTrack& audio : audio_.tracks) {
    const AVCodecParameters& codec = audio.track->parameters();
    format.audio.push_back({.codec = &codec, .tags = audio.tags});
    tracks.push_back(audio.track.get());
  }
  auto writer = request_.output == kStandardStream
                    ? ContainerWriter::CreateStream(
                          std::make_unique<encoder_bridge::StreamSink>(
                              STDOUT_FILENO, kStandardOutput),
                          kStandardOutput, format)
                    : ContainerWriter::Create(request_.output, format);
  if (!writer.ok()) return writer.status();
  writer_ = *std::move(writer);
  interleaver_ =
      std::make_unique<AudioInterleaver>(*writer_, tracks, time_base_);
  return absl::OkStatus();
}

bool MediaOutput::IsCutAtEnd() const {
  return request_.reader.duration_seconds || request_.reader.max_frames;
}

// What is known before the first pass, if not all is asked for.
std::optional<double> MediaOutput::ExpectedSeconds(
    const VideoReader& reader) const {
  if (!IsCutAtEnd()) return std::nullopt;
  return static_cast<double>(reader.format().expected_frames) /
         reader.format().frame_rate.value();
}

// Sound ends with the last frame where that was asked for; else a video with
// a longer soundtrack keeps it.
void MediaOutput::Start(double video_seconds) {
  encoder_bridge::AudioSpan span = {.origin_seconds = origin_seconds_};
  if (IsCutAtEnd()) span.duration_seconds = video_seconds;
  interleaver_->Start(span);
}

absl::Status MediaOutput::Write(const encoder_bridge::EncodedPacket& packet) {
  ++num_packets_;
  video_bytes_ += static_cast<int64_t>(packet.data.size());
  last_pts_ = packet.pts;
  end_pts_ = packet.pts + packet.duration;
  return interleaver_->Write(packet);
}

absl::StatusOr<int64_t> MediaOutput::Finish(const Poll& poll) {
  while (true) {
    const absl::Status status = poll();
    if (!status.ok()) return status;
    const absl::StatusOr<bool> goes_on = interleaver_->WriteRest();
    if (!goes_on.ok()) return goes_on.status();
    if (!*goes_on) break;
  }
  const absl::StatusOr<int64_t> size = writer_->Finish();
  if (size.ok()) file_bytes_ = *size;
  return size;
}

absl::Status MediaOutput::Verify(const Poll& poll) const {
  const double tick = time_base_.value();
  MediaContents wanted = {
      .frames = num_packets_,
      .last_frame_seconds = static_cast<double>(last_pts_) * tick,
      .end_seconds = static_cast<double>(end_pts_) * tick};
  const std::vector<AudioInterleaver::Amount> amounts = interleaver_->Amounts();
  for (size_t i = 0; i < amounts.size(); ++i) {
    wanted.audio.push_back({.end_seconds = amounts[i].end_seconds,
                            .has_to_decode = !audio_.tracks[i].is_copied});
  }
  const absl::Status status = encoder_bridge::CheckMediaFile(
      PendingFile::TemporaryPath(request_.output), wanted, poll);
  if (status.ok() || absl::IsCancelled(status)) return status;
  return absl::Status(status.code(),
                      absl::StrCat(request_.output,
                                   ": the finished file is not what was "
                                   "written, so it is not kept: ",
                                   status.message()));
}

std::vector<AudioOutcome> MediaOutput::Audio() const {
  std::vector<AudioOutcome> outcomes;
  const std::vector<AudioInterleaver::Amount> amounts = interleaver_->Amounts();
  for (size_t i = 0; i < amounts.size(); ++i) {
    const OpenAudioTrack& track = audio_.tracks[i];
    const AudioInterleaver::Amount& amount = amounts[i];
    outcomes.push_back(
        {.stream_index = track.stream_index,
         .source_codec = track.source_codec,
         .codec = track.codec,
         .language = encoder_bridge::LanguageOf(track.tags),
         .is_copied = track.is_copied,
         .channels = track.channels,
         .bytes = amount.bytes,
         .bitrate_kbps =
             amount.seconds > 0
                 ? static_cast<double>(amount.bytes) * 8 / 1000 / amount.seconds
                 : 0});
  }
  return outcomes;
}

}  // namespace cli
