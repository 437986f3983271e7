#include "encoder_bridge/media_input.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/ffmpeg_handles.h"
#include "encoder_bridge/input_file.h"

namespace encoder_bridge {
namespace {

struct FreeDictionary {
  void operator()(AVDictionary* options) const { av_dict_free(&options); }
};
using OptionsHandle = std::unique_ptr<AVDictionary, FreeDictionary>;

// Only this file, and its name taken literally.
OptionsHandle LocalFileOptions() {
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  av_dict_set(&options, "pattern_type", "none", 0);  // Of image2: no "%d".
  return OptionsHandle(options);
}

absl::Status Unreadable(const std::string& path, int error) {
  return absl::InvalidArgumentError(absl::StrCat(
      path, ": cannot be read as a video: ", FfmpegErrorText(error)));
}

// These "demuxers" render text, or read other files or the network.
bool IsVideoContainer(const AVInputFormat& format) {
  constexpr absl::string_view kRefused[] = {
      "adf", "bin",  "concat", "dash",   "hls",  "idf", "imf",
      "rtp", "rtsp", "sdp",    "vobsub", "xbin", "tty"};
  const std::string names = absl::StrCat(",", format.name, ",");
  return std::none_of(std::begin(kRefused), std::end(kRefused),
                      [&names](absl::string_view name) {
                        return absl::StrContains(names,
                                                 absl::StrCat(",", name, ","));
                      });
}

absl::StatusOr<const AVInputFormat*> ProbeFormat(const std::string& path,
                                                 const std::string& url) {
  OptionsHandle options = LocalFileOptions();
  AVDictionary* raw_options = options.release();
  AVIOContext* file = nullptr;
  int error = avio_open2(&file, url.c_str(), AVIO_FLAG_READ,
                         /*int_cb=*/nullptr, &raw_options);
  options.reset(raw_options);
  if (error < 0) return Unreadable(path, error);
  const AVInputFormat* format = nullptr;
  error = av_probe_input_buffer2(file, &format, url.c_str(),
                                 /*logctx=*/nullptr, /*offset=*/0,
                                 /*max_probe_size=*/0);
  avio_closep(&file);
  if (error < 0) return Unreadable(path, error);
  if (!IsVideoContainer(*format)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is not a video (", format->long_name, ")"));
  }
  return format;
}

}  // namespace

absl::StatusOr<InputHandle> OpenMediaInput(const std::string& path) {
  const absl::Status checked = CheckInputFile(path);
  if (!checked.ok()) return checked;
  const std::string url = absl::StrCat("file:", path);
  const absl::StatusOr<const AVInputFormat*> format = ProbeFormat(path, url);
  if (!format.ok()) return format.status();
  OptionsHandle options = LocalFileOptions();
  AVDictionary* raw_options = options.release();
  AVFormatContext* raw_input = nullptr;
  int error =
      avformat_open_input(&raw_input, url.c_str(), *format, &raw_options);
  options.reset(raw_options);
  if (error < 0) return Unreadable(path, error);
  InputHandle input(raw_input);
  error = avformat_find_stream_info(input.get(), /*options=*/nullptr);
  if (error < 0) return Unreadable(path, error);
  return input;
}

AVStream* FirstVideoStream(const AVFormatContext& input) {
  constexpr int kPictures =
      AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  for (unsigned i = 0; i < input.nb_streams; ++i) {
    AVStream* stream = input.streams[i];
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
        (stream->disposition & kPictures) == 0) {
      return stream;
    }
  }
  return nullptr;
}

}  // namespace encoder_bridge
