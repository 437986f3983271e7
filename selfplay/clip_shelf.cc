#include "selfplay/clip_shelf.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/libraries.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader.h"
#include "selfplay/decoded_clip.h"
#include "selfplay/training_config.h"

namespace selfplay {
namespace {

namespace fs = std::filesystem;
using encoder_bridge::EncodeProgress;
using encoder_bridge::EncoderSettings;
using encoder_bridge::FirstPassResult;
using encoder_bridge::FrameSource;
using encoder_bridge::VideoReader;

constexpr int kMaxClipShare = 4;  // One over the share of memory.

// What tells a file from another, or from itself after a change.
std::string FileIdentity(const std::string& path) {
  std::error_code ignored;
  return absl::StrCat(
      fs::absolute(path, ignored).string(), "\n", fs::file_size(path, ignored),
      "\n", fs::last_write_time(path, ignored).time_since_epoch().count());
}

// All that a first pass of these frames depends on.  cpu_used does not matter
// to it.
std::string FirstPassKey(const std::string& file,
                         const encoder_bridge::VideoFormat& format,
                         const encoder_bridge::VideoReaderOptions& reader,
                         const EncoderSettings& settings) {
  return absl::StrCat(file, "\n", format.width, "x", format.height, "\nframes ",
                      reader.max_frames.value_or(0), "\nlag_in_frames ",
                      settings.lag_in_frames, "\nauto_alt_ref ",
                      settings.auto_alt_ref, "\nlibvpx ",
                      encoder_bridge::LibraryVersions().at("libvpx"));
}

}  // namespace

EncoderSettings EpisodeSettings(const EpisodeConfig& config) {
  return {.cpu_used = config.cpu_used, .threads = 1};
}

ClipShelf::ClipShelf(const EpisodeConfig& episode, const Options& options)
    : settings_(EpisodeSettings(episode)),
      reader_({.height = episode.max_height,
               .only_shrink = episode.max_height > 0}),
      max_clip_bytes_(options.max_frame_bytes / kMaxClipShare),
      first_passes_(options.first_passes),
      frames_(options.max_frame_bytes, [](const Frames& frames) {
        return frames.decoded == nullptr ? 0 : frames.decoded->bytes();
      }) {
  if (episode.max_frames > 0) reader_.max_frames = episode.max_frames;
}

absl::StatusOr<PreparedClip> ClipShelf::Take(const TrainingClip& clip,
                                             const std::stop_token& stop) {
  const std::string file = FileIdentity(clip.path);
  const auto frames =
      frames_.Get(file, [&]() -> absl::StatusOr<std::shared_ptr<const Frames>> {
        absl::StatusOr<Frames> decoded = Decode(clip, stop);
        if (!decoded.ok()) return decoded.status();
        return std::make_shared<const Frames>(*std::move(decoded));
      });
  if (!frames.ok()) return frames.status();
  PreparedClip prepared;
  if ((*frames)->decoded != nullptr) {
    prepared.source = std::make_unique<DecodedClipSource>((*frames)->decoded);
  } else {
    auto reader = VideoReader::Open(clip.path, reader_);
    if (!reader.ok()) return reader.status();
    prepared.source = *std::move(reader);
  }
  auto first_pass = first_passes_.Get(
      FirstPassKey(file, prepared.source->format(), reader_, settings_), [&] {
        return encoder_bridge::RunFirstPass(
            *prepared.source, settings_, [&stop](const EncodeProgress&) {
              return stop.stop_requested() ? absl::CancelledError("interrupted")
                                           : absl::OkStatus();
            });
      });
  if (!first_pass.ok()) return first_pass.status();
  prepared.first_pass = *std::move(first_pass);
  return prepared;
}

absl::StatusOr<ClipShelf::Frames> ClipShelf::Decode(
    const TrainingClip& clip, const std::stop_token& stop) const {
  auto reader = VideoReader::Open(clip.path, reader_);
  if (!reader.ok()) return reader.status();
  auto decoded = DecodedClip::Read(**reader, max_clip_bytes_, stop);
  if (absl::IsResourceExhausted(decoded.status())) return Frames();
  if (!decoded.ok()) return decoded.status();
  return Frames{.decoded = *std::move(decoded)};
}

}  // namespace selfplay
