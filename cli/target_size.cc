#include "cli/target_size.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/encode_outcome.h"
#include "cli/media_output.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/packet_spool.h"
#include "encoder_bridge/size_search.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace cli {
namespace {

using encoder_bridge::FirstPassResult;
using encoder_bridge::PacketSpool;
using encoder_bridge::SizeSearch;
using OutputOr = absl::StatusOr<std::unique_ptr<MediaOutput>>;

// Containers spend a byte more on larger packets, which hardly counts.
constexpr int64_t kLargestStandIn = 16384;  // Bytes.

// Writes frames of about the size that the coded ones will have; they decode to
// nothing, but the muxer takes them.
absl::Status WriteStandIns(const SizedEncode& encode,
                           const FirstPassResult& first, MediaOutput& output) {
  // Frame marker, inter frame, shown: all that is looked at (VP9, 6.2).
  constexpr uint8_t kShownInterFrame = 0x86;
  const int64_t mean = encode.wanted_bytes / first.num_frames;
  std::vector<uint8_t> data(
      static_cast<size_t>(std::clamp<int64_t>(mean, 1, kLargestStandIn)));
  data[0] = kShownInterFrame;
  const auto ticks = static_cast<int64_t>(
      std::llround(first.duration_seconds / encode.time_base.value()));
  for (int64_t i = 0; i < first.num_frames; ++i) {
    const int64_t pts = ticks * i / first.num_frames;
    absl::Status status = encode.poll();
    if (status.ok()) {
      status =
          output.Write({.data = data,
                        .pts = pts,
                        .duration = ticks * (i + 1) / first.num_frames - pts,
                        .is_key = i == 0});
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// What the file has beside the packets of the video.
absl::StatusOr<int64_t> MeasureRest(const SizedEncode& encode,
                                    const FirstPassResult& first) {
  const OutputOr output = encode.open();
  if (!output.ok()) return output.status();
  (*output)->Start(first.duration_seconds);
  const absl::Status status = WriteStandIns(encode, first, **output);
  if (!status.ok()) return status;
  const absl::StatusOr<int64_t> file = (*output)->Finish(encode.poll);
  if (!file.ok()) return file.status();
  return *file - (*output)->video_bytes();
}

OutputOr WriteFile(const SizedEncode& encode, const FirstPassResult& first,
                   PacketSpool& packets) {
  OutputOr output = encode.open();
  if (!output.ok()) return output.status();
  (*output)->Start(first.duration_seconds);
  const absl::Status status = packets.CopyTo(**output, encode.poll);
  if (!status.ok()) return status;
  const absl::StatusOr<int64_t> size = (*output)->Finish(encode.poll);
  if (!size.ok()) return size.status();
  return output;
}

absl::Status TooSmall(const SizedEncode& encode, int64_t rest, double seconds) {
  return absl::OutOfRangeError(
      absl::StrCat("--target-size: ", encode.wanted_bytes,
                   " bytes are too few: sound and container alone take ", rest,
                   ", so that at least ",
                   SizeSearch::SmallestBytes(rest, seconds), " are wanted"));
}

absl::Status AllTooLarge(const SizedEncode& encode, const SizeSearch& search) {
  const auto& tries = search.tries();
  const auto smallest =
      std::min_element(tries.begin(), tries.end(),
                       [](const SizeSearch::Try& a, const SizeSearch::Try& b) {
                         return a.file_bytes < b.file_bytes;
                       });
  return absl::OutOfRangeError(
      absl::StrCat("--target-size: ", encode.wanted_bytes,
                   " bytes are too few: the smallest of ", tries.size(),
                   " encodes takes ", smallest->file_bytes));
}

}  // namespace

absl::StatusOr<FinishedOutput> EncodeToSize(const SizedEncode& encode,
                                            const FirstPassResult& first) {
  const absl::StatusOr<int64_t> rest = MeasureRest(encode, first);
  if (!rest.ok()) return rest.status();
  const double seconds = first.duration_seconds;
  if (encode.wanted_bytes < SizeSearch::SmallestBytes(*rest, seconds)) {
    return TooSmall(encode, *rest, seconds);
  }
  SizeSearch search({.wanted_bytes = encode.wanted_bytes,
                     .rest_bytes = *rest,
                     .seconds = seconds,
                     .has_whole_targets = encode.has_whole_targets});
  FinishedOutput best;
  std::unique_ptr<PacketSpool> best_packets;
  while (!search.is_over()) {
    const int number = static_cast<int>(search.tries().size()) + 1;
    const double kbps = search.NextTargetKbps();
    auto packets = PacketSpool::Create();
    if (!packets.ok()) return packets.status();
    absl::StatusOr<EncodeOutcome> outcome =
        encode.encode(number, kbps, **packets);
    if (!outcome.ok()) return outcome.status();
    best.output.reset();  // There is only one file of that name.
    OutputOr output = WriteFile(encode, first, **packets);
    if (!output.ok()) return output.status();
    search.Add({.target_kbps = kbps,
                .video_bytes = outcome->result.packet_bytes,
                .file_bytes = (*output)->file_bytes()});
    if (search.best() != search.tries().size() - 1) continue;
    best = {.output = *std::move(output), .outcome = *std::move(outcome)};
    best_packets = *std::move(packets);
  }
  if (!search.best()) return AllTooLarge(encode, search);
  if (best.output == nullptr) {
    OutputOr output = WriteFile(encode, first, *best_packets);
    if (!output.ok()) return output.status();
    best.output = *std::move(output);
  }
  best.outcome.tries = static_cast<int>(search.tries().size());
  return best;
}

}  // namespace cli
