#include "encoder_bridge/audio_interleaver.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/packet.h>
}

#include <cstddef>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace encoder_bridge {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kRestStepSeconds = 10;

}  // namespace

AudioInterleaver::AudioInterleaver(ContainerWriter& writer,
                                   const std::vector<AudioTrack*>& tracks,
                                   Rational video_time_base)
    : writer_(writer), video_time_base_(video_time_base) {
  for (AudioTrack* track : tracks) {
    inputs_.push_back({.track = track,
                       .time_base = {1, track->parameters().sample_rate},
                       .upcoming = PacketHandle(av_packet_alloc())});
  }
}

void AudioInterleaver::Start(const AudioSpan& span) {
  for (const Input& input : inputs_) input.track->Start(span);
}

absl::Status AudioInterleaver::Write(const EncodedPacket& packet) {
  const absl::Status status =
      WriteBefore(static_cast<double>(packet.pts) * video_time_base_.value());
  if (!status.ok()) return status;
  return writer_.Write(packet);
}

absl::StatusOr<bool> AudioInterleaver::WriteRest() {
  absl::Status status = ReadFirst();
  if (!status.ok()) return status;
  const Input* earliest = Earliest();
  if (earliest == nullptr) return false;
  status = WriteBefore(earliest->upcoming_seconds + kRestStepSeconds);
  if (!status.ok()) return status;
  return Earliest() != nullptr;
}

std::vector<AudioInterleaver::Amount> AudioInterleaver::Amounts() const {
  std::vector<Amount> amounts;
  for (const Input& input : inputs_) amounts.push_back(input.amount);
  return amounts;
}

absl::Status AudioInterleaver::ReadFirst() {
  if (has_first_) return absl::OkStatus();
  has_first_ = true;
  for (Input& input : inputs_) {
    const absl::Status status = ReadNext(input);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status AudioInterleaver::ReadNext(Input& input) {
  const absl::StatusOr<bool> is_read = input.track->Next(*input.upcoming);
  if (!is_read.ok()) return is_read.status();
  input.upcoming_seconds = *is_read ? static_cast<double>(input.upcoming->pts) *
                                          input.time_base.value()
                                    : kNever;
  return absl::OkStatus();
}

absl::Status AudioInterleaver::WriteBefore(double seconds) {
  absl::Status status = ReadFirst();
  if (!status.ok()) return status;
  while (Input* input = Earliest()) {
    if (input->upcoming_seconds >= seconds) break;
    input->amount.bytes += input->upcoming->size;
    const double duration = static_cast<double>(input->upcoming->duration) *
                            input->time_base.value();
    input->amount.seconds += duration;
    input->amount.end_seconds = input->upcoming_seconds + duration;
    status = writer_.WriteAudio(static_cast<int>(input - inputs_.data()),
                                *input->upcoming);
    if (status.ok()) status = ReadNext(*input);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

AudioInterleaver::Input* AudioInterleaver::Earliest() {
  Input* earliest = nullptr;
  for (Input& input : inputs_) {
    if (input.upcoming_seconds < kNever &&
        (earliest == nullptr ||
         input.upcoming_seconds < earliest->upcoming_seconds)) {
      earliest = &input;
    }
  }
  return earliest;
}

}  // namespace encoder_bridge
