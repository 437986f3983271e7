#include "encoder_bridge/container_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "encoder_bridge/container.h"
#include "encoder_bridge/hdr_metadata.h"
#include "encoder_bridge/media_tags.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/stream_sink.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/read_video.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/synthetic_clip.h"
#include "tests/testing/test_folder.h"

namespace encoder_bridge {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;
using ::testing_support::SyntheticClip;
using ::testing_support::TestFolder;

class ContainerWriterTest : public testing::Test {
 protected:
  // Encodes a clip into a file.
  absl::Status WriteClip(SyntheticClip& clip,
                         Container container = Container::kWebm) {
    const auto writer = ContainerWriter::Create(
        path_, {.container = container, .video = clip.format()});
    if (!writer.ok()) return writer.status();
    const absl::Status status = Encode(clip, **writer);
    if (!status.ok()) return status;
    return (*writer)->Commit();
  }

  static absl::Status Encode(SyntheticClip& clip, PacketSink& sink) {
    const ProgressFn ignore = [](const EncodeProgress&) {
      return absl::OkStatus();
    };
    const auto first = RunFirstPass(clip, {.cpu_used = 8}, ignore);
    if (!first.ok()) return first.status();
    return RunSecondPass(clip, {.cpu_used = 8}, *first,
                         {.target_bitrate_kbps = 100}, sink, ignore)
        .status();
  }

  bool IsFolderEmpty() { return std::filesystem::is_empty(folder_.path()); }

  const TestFolder folder_;
  std::string path_ = folder_.PathOf("out.webm");
};

TEST_F(ContainerWriterTest, KeepsTimestampsSizeAndColour) {
  const ColorInfo color = {.matrix = 9, .primaries = 9, .transfer = 16};
  SyntheticClip clip({.num_frames = 10,
                      .frame_rate = {30000, 1001},
                      .sample_aspect_ratio = {4, 3},
                      .color = color});
  ASSERT_THAT(WriteClip(clip), IsOk());
  const auto reader = VideoReader::Open(path_, {});
  ASSERT_THAT(reader, IsOk());
  const VideoFormat& read = (*reader)->format();
  EXPECT_EQ(read.width, 96);
  EXPECT_EQ(read.height, 64);
  EXPECT_EQ(read.frame_rate, (Rational{30000, 1001}));
  EXPECT_EQ(read.sample_aspect_ratio, (Rational{4, 3}));
  EXPECT_EQ(read.color, color);
  EXPECT_EQ(read.expected_frames, 10);
}

TEST_F(ContainerWriterTest, WritesEveryContainerSoThatItIsReadBack) {
  for (const Container container : {Container::kWebm, Container::kMatroska,
                                    Container::kMp4, Container::kIvf}) {
    SCOPED_TRACE(NameOf(container));
    SyntheticClip clip({.num_frames = 10, .frame_rate = {30000, 1001}});
    ASSERT_THAT(WriteClip(clip, container), IsOk());
    const testing_support::ReadVideo video = testing_support::Read(path_);
    EXPECT_EQ(video.frames.size(), 10);
    EXPECT_EQ(video.format().width, 96);
    EXPECT_EQ(video.format().frame_rate, (Rational{30000, 1001}));
    EXPECT_TRUE(video.notes().empty()) << video.notes()[0];
  }
}

TEST_F(ContainerWriterTest, KeepsTenBitsAndHdrMetadata) {
  const HdrMetadata hdr = {
      .mastering =
          MasteringDisplay{
              .colors =
                  MasteringDisplay::Colors{
                      .rgb = {{{{{17, 25}, {8, 25}}},
                               {{{53, 200}, {69, 100}}},
                               {{{3, 20}, {3, 50}}}}},
                      .white = {{{3127, 10000}, {329, 1000}}}},
              .luminance = MasteringDisplay::Luminance{.min = {1, 200},
                                                       .max = {1000, 1}}},
      .light = ContentLight{.max_content = 1000, .max_frame_average = 400}};
  for (const Container container :
       {Container::kWebm, Container::kMatroska, Container::kMp4}) {
    SCOPED_TRACE(NameOf(container));
    SyntheticClip clip({.num_frames = 5,
                        .color = {.matrix = 9, .primaries = 9, .transfer = 16},
                        .bit_depth = 10,
                        .hdr = hdr});
    ASSERT_THAT(WriteClip(clip, container), IsOk());
    const testing_support::ReadVideo video =
        testing_support::Read(path_, {.bit_depth = std::nullopt});
    EXPECT_EQ(video.format().bit_depth, 10);
    EXPECT_EQ(video.format().color, clip.format().color);
    EXPECT_EQ(video.frames.size(), 5);
    const HdrMetadata& read = video.format().hdr;
    EXPECT_EQ(read.light, hdr.light);
    ASSERT_TRUE(read.mastering && read.mastering->colors &&
                read.mastering->luminance);
    for (size_t color = 0; color < 3; ++color) {
      for (size_t i = 0; i < 2; ++i) {
        EXPECT_NEAR(read.mastering->colors->rgb[color][i].value(),
                    hdr.mastering->colors->rgb[color][i].value(), 2e-5);
      }
    }
    EXPECT_NEAR(read.mastering->luminance->max.value(), 1000, 1e-3);
    EXPECT_NEAR(read.mastering->luminance->min.value(), 0.005, 1e-4);
  }
}

TEST_F(ContainerWriterTest, WritesTheSameBytesForTheSamePackets) {
  for (const Container container : {Container::kWebm, Container::kMatroska,
                                    Container::kMp4, Container::kIvf}) {
    SCOPED_TRACE(NameOf(container));
    SyntheticClip clip({.num_frames = 5});
    ASSERT_THAT(WriteClip(clip, container), IsOk());
    const std::string first = testing_support::ReadFile(path_);
    SyntheticClip again({.num_frames = 5});
    ASSERT_THAT(WriteClip(again, container), IsOk());
    EXPECT_TRUE(testing_support::ReadFile(path_) == first);
  }
}

// So that playing begins before all is loaded.
TEST_F(ContainerWriterTest, PutsTheIndexOfMp4First) {
  SyntheticClip clip({.num_frames = 5});
  ASSERT_THAT(WriteClip(clip, Container::kMp4), IsOk());
  const std::string bytes = testing_support::ReadFile(path_);
  ASSERT_NE(bytes.find("mdat"), std::string::npos);
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));
  EXPECT_NE(bytes.find("vpcC"), std::string::npos);
}

TEST_F(ContainerWriterTest, KeepsTitleAndChapters) {
  for (const Container container :
       {Container::kWebm, Container::kMatroska, Container::kMp4}) {
    SCOPED_TRACE(NameOf(container));
    const auto writer = ContainerWriter::Create(
        path_, {.container = container,
                .video = {.width = 16, .height = 16},
                .tags = {.tags = {{"title", "Whole"}},
                         .chapters = {{.start_ns = 0,
                                       .end_ns = 500'000'000,
                                       .tags = {{"title", "Part"}}}}}});
    ASSERT_THAT(writer, IsOk());
    const std::vector<uint8_t> frame = {0x82, 0x49, 0x83, 0x42, 0x00, 0x00};
    ASSERT_THAT((*writer)->Write({.data = frame, .is_key = true}), IsOk());
    ASSERT_THAT((*writer)->Commit(), IsOk());
    const auto tags = ReadMediaTags(path_);
    ASSERT_THAT(tags, IsOk());
    EXPECT_THAT(tags->tags, testing::Contains(testing::Pair("title", "Whole")));
    ASSERT_EQ(tags->chapters.size(), 1);
    EXPECT_EQ(tags->chapters[0].end_ns, 500'000'000);
    EXPECT_THAT(tags->chapters[0].tags,
                testing::Contains(testing::Pair("title", "Part")));
  }
}

TEST_F(ContainerWriterTest, StreamsFromStartToEnd) {
  const int fd = open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
  ASSERT_GE(fd, 0);
  SyntheticClip clip({.num_frames = 10});
  const auto writer = ContainerWriter::CreateStream(
      std::make_unique<StreamSink>(fd, "a stream"), "a stream",
      {.video = clip.format()});
  ASSERT_THAT(writer, IsOk());
  ASSERT_THAT(Encode(clip, **writer), IsOk());
  ASSERT_THAT((*writer)->Commit(), IsOk());
  close(fd);
  const testing_support::ReadVideo video = testing_support::Read(path_);
  EXPECT_EQ(video.frames.size(), 10);
  EXPECT_TRUE(video.notes().empty()) << video.notes()[0];
}

TEST_F(ContainerWriterTest, StreamsOnlyWhatCanBeStreamed) {
  for (const Container container : {Container::kMp4, Container::kIvf}) {
    EXPECT_THAT(ContainerWriter::CreateStream(
                    std::make_unique<StreamSink>(-1, "a stream"), "a stream",
                    {.container = container}),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          "cannot be streamed to a stream"));
  }
}

TEST_F(ContainerWriterTest, HasNoFileUntilItIsComplete) {
  {
    const auto writer =
        ContainerWriter::Create(path_, {.video = {.width = 16, .height = 16}});
    ASSERT_THAT(writer, IsOk());
    EXPECT_FALSE(std::filesystem::exists(path_));
    EXPECT_TRUE(std::filesystem::exists(PendingFile::TemporaryPath(path_)));
  }
  EXPECT_TRUE(IsFolderEmpty()) << "the unfinished file is removed";
}

TEST_F(ContainerWriterTest, SaysWhyAPlaceCannotBeWritten) {
  EXPECT_THAT(ContainerWriter::Create(folder_.PathOf("no/a.webm"), {}),
              HasStatus(absl::StatusCode::kNotFound, "there is no folder"));
  EXPECT_THAT(
      ContainerWriter::Create(folder_.path(), {}),
      HasStatus(absl::StatusCode::kFailedPrecondition, "it is a folder"));
  EXPECT_TRUE(IsFolderEmpty());
}

}  // namespace
}  // namespace encoder_bridge
