#include "encoder_bridge/media_tags.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/mathematics.h>
}

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/stream_tags.h"
#include "encoder_bridge/video_demuxer.h"

namespace encoder_bridge {
namespace {

constexpr AVRational kNanoseconds = {1, 1'000'000'000};

// Tags of the file, not of what is in it.
bool DescribesFile(absl::string_view name) {
  constexpr absl::string_view kNames[] = {
      "compatible_brands", "duration",        "encoder",
      "major_brand",       "minor_version",   "company_name",
      "product_name",      "product_version", "service_provider"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [name](absl::string_view other) {
                       return absl::EqualsIgnoreCase(name, other);
                     });
}

Tags TagsOf(const AVDictionary* dictionary) {
  Tags tags;
  const AVDictionaryEntry* entry = nullptr;
  while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)) !=
         nullptr) {
    if (!DescribesFile(entry->key)) tags.emplace_back(entry->key, entry->value);
  }
  return tags;
}

}  // namespace

StreamTags StreamTagsOf(const AVStream& stream) {
  StreamTags tags = {.disposition = stream.disposition};
  const AVDictionaryEntry* language =
      av_dict_get(stream.metadata, "language", nullptr, 0);
  if (language != nullptr && absl::string_view(language->value) != "und") {
    tags.tags.emplace_back("language", language->value);
  }
  const AVDictionaryEntry* title =
      av_dict_get(stream.metadata, "title", nullptr, 0);
  // As MP4 has it.
  if (title == nullptr) {
    title = av_dict_get(stream.metadata, "name", nullptr, 0);
  }
  if (title != nullptr) tags.tags.emplace_back("title", title->value);
  return tags;
}

std::string LanguageOf(const StreamTags& stream) {
  for (const auto& [name, value] : stream.tags) {
    if (name == "language") return value;
  }
  return "";
}

absl::StatusOr<MediaTags> ReadMediaTags(const std::string& path) {
  const absl::StatusOr<std::unique_ptr<VideoDemuxer>> demuxer =
      VideoDemuxer::Open(path);
  if (!demuxer.ok()) return demuxer.status();
  const AVFormatContext& input = (*demuxer)->input();
  MediaTags tags = {.tags = TagsOf(input.metadata),
                    .video = StreamTagsOf((*demuxer)->stream())};
  for (unsigned i = 0; i < input.nb_chapters; ++i) {
    const AVChapter& chapter = *input.chapters[i];
    if (chapter.start == AV_NOPTS_VALUE) continue;
    const int64_t start =
        av_rescale_q(chapter.start, chapter.time_base, kNanoseconds);
    const bool has_end =
        chapter.end != AV_NOPTS_VALUE && chapter.end > chapter.start;
    tags.chapters.push_back(
        {.start_ns = start,
         .end_ns = has_end ? av_rescale_q(chapter.end, chapter.time_base,
                                          kNanoseconds)
                           : start,
         .tags = TagsOf(chapter.metadata)});
  }
  return tags;
}

std::vector<Chapter> CutChapters(const std::vector<Chapter>& chapters,
                                 double origin_seconds,
                                 std::optional<double> duration_seconds) {
  const int64_t origin = std::llround(origin_seconds * 1e9);
  const int64_t end = duration_seconds.has_value()
                          ? std::llround(*duration_seconds * 1e9)
                          : std::numeric_limits<int64_t>::max();
  std::vector<Chapter> cut;
  for (Chapter chapter : chapters) {
    // A chapter may be a mere mark, with no length.
    const bool is_mark = chapter.end_ns <= chapter.start_ns;
    chapter.start_ns -= origin;
    chapter.end_ns -= origin;
    if (chapter.start_ns >= end) continue;
    if (is_mark ? chapter.start_ns < 0 : chapter.end_ns <= 0) continue;
    chapter.start_ns = std::max<int64_t>(chapter.start_ns, 0);
    chapter.end_ns = std::min(chapter.end_ns, end);
    cut.push_back(std::move(chapter));
  }
  return cut;
}

}  // namespace encoder_bridge
