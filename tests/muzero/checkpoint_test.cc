#include "muzero/checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "muzero/safetensors.h"
#include "muzero/sha256.h"
#include "muzero/whole_file.h"
#include "tests/muzero/small_network.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;
using ::testing_support::IsOk;

std::string TempPath(absl::string_view name) {
  return absl::StrCat(testing::TempDir(), "/checkpoint_test_", name);
}

TEST(CheckpointTest, ReadsBackWhatItWrote) {
  const Checkpoint checkpoint = SmallCheckpoint();
  const std::string bytes = SerializeCheckpoint(checkpoint);
  const auto read = ParseCheckpoint(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->step, 7);
  EXPECT_EQ(read->notes, checkpoint.notes);
  EXPECT_EQ(read->config.auxiliary_heads[1].name, "psnr_db");
  EXPECT_EQ(read->weights.at("prediction.heads.bias").values,
            checkpoint.weights.at("prediction.heads.bias").values);
  EXPECT_EQ(read->optimizer.at("step").values[0], 7);
  EXPECT_EQ(SerializeCheckpoint(*read), bytes);
}

TEST(CheckpointTest, HasTheShaOfItsBytesWithItsDigitsZero) {
  std::string bytes = SerializeCheckpoint(SmallCheckpoint());
  const std::string mark = "\"sha256\":\"";
  const size_t digits = bytes.find(mark) + mark.size();
  const std::string sha = bytes.substr(digits, 64);
  bytes.replace(digits, 64, 64, '0');
  EXPECT_EQ(Sha256Hex(bytes), sha);
}

TEST(CheckpointTest, CutShortAnywhereIsAnError) {
  const std::string bytes = SerializeCheckpoint(SmallCheckpoint());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParseCheckpoint(absl::string_view(bytes).substr(0, size)).ok())
        << size;
  }
  EXPECT_FALSE(ParseCheckpoint(bytes + "x").ok());
}

TEST(CheckpointTest, AnyByteChangedIsAnError) {
  std::string bytes = SerializeCheckpoint(SmallCheckpoint());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char old = bytes[i];
    bytes[i] = static_cast<char>(old ^ (1 << (i % 8)));
    EXPECT_FALSE(ParseCheckpoint(bytes).ok()) << i;
    bytes[i] = old;
  }
  EXPECT_THAT(ParseCheckpoint(bytes), IsOk());
}

TEST(CheckpointTest, DamagedNumbersAreDataLoss) {
  std::string bytes = SerializeCheckpoint(SmallCheckpoint());
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_THAT(ParseCheckpoint(bytes),
              HasStatus(absl::StatusCode::kDataLoss, "SHA-256"));
  bytes.resize(bytes.size() - 4);
  EXPECT_THAT(ParseCheckpoint(bytes),
              HasStatus(absl::StatusCode::kDataLoss, "outside the file"));
}

TEST(CheckpointTest, ANewerVersionIsSaidToBe) {
  const std::string bytes = absl::StrReplaceAll(
      SerializeCheckpoint(SmallCheckpoint()),
      {{"\"format_version\":\"1\"", "\"format_version\":\"2\""}});
  EXPECT_THAT(ParseCheckpoint(bytes),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "of version 2, newer than 1"));
}

TEST(CheckpointTest, WeightsThatDoNotFitNameTheTensorWithBothShapes) {
  Checkpoint checkpoint = SmallCheckpoint();
  checkpoint.weights["token_mean"] = {.shape = {2}, .values = {0, 0}};
  EXPECT_THAT(ParseCheckpoint(SerializeCheckpoint(checkpoint)),
              HasStatus(absl::StatusCode::kInvalidArgument,
                        "tensor 'token_mean' has shape [2], but the network "
                        "needs [3]"));
}

// A configuration for terabytes of weights in a file of a few kilobytes.
TEST(CheckpointTest, AHugeConfigurationIsRefusedBeforeItIsBuilt) {
  Checkpoint checkpoint = SmallCheckpoint();
  checkpoint.config.token_width = 4096;
  checkpoint.config.feed_forward_width = 16384;
  checkpoint.config.num_layers = 64;
  EXPECT_THAT(ParseCheckpoint(SerializeCheckpoint(checkpoint)),
              HasStatus(absl::StatusCode::kInvalidArgument, "tensor"));
}

TEST(CheckpointTest, OtherFilesAreNoCheckpoints) {
  const struct {
    const char* name;
    std::string bytes;
  } kCases[] = {
      {"empty", ""},
      {"text", "Once upon a time there was a file.\n"},
      {"webm", std::string("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01{webm", 14)},
      {"safetensors", SerializeSafetensors({.metadata = {{"a", "b"}}})},
  };
  for (const auto& c : kCases) {
    const std::string path = TempPath(c.name);
    ASSERT_THAT(WriteWholeFile(c.bytes, path), IsOk());
    const absl::Status status = LoadCheckpoint(path).status();
    EXPECT_THAT(status, HasStatus(absl::StatusCode::kInvalidArgument, path));
    EXPECT_THAT(status, HasStatus(absl::StatusCode::kInvalidArgument,
                                  "not a checkpoint"));
    EXPECT_EQ(status.message().find('\n'), absl::string_view::npos);
  }
}

TEST(CheckpointTest, AMissingFileOrAFolderIsSaidToBe) {
  EXPECT_THAT(LoadCheckpoint(TempPath("missing")),
              HasStatus(absl::StatusCode::kNotFound, TempPath("missing")));
  EXPECT_THAT(LoadCheckpoint(testing::TempDir()),
              HasStatus(absl::StatusCode::kInvalidArgument, "a folder"));
}

TEST(CheckpointTest, SavesAndLoads) {
  const std::string path = TempPath("saved");
  ASSERT_THAT(SaveCheckpoint(SmallCheckpoint(), path), IsOk());
  const auto loaded = LoadCheckpoint(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(SerializeCheckpoint(*loaded),
            SerializeCheckpoint(SmallCheckpoint()));
}

TEST(CheckpointTest, KeepsTheOldFileRatherThanWriteWhatNobodyCanRead) {
  const std::string path = TempPath("kept");
  ASSERT_THAT(SaveCheckpoint(SmallCheckpoint(), path), IsOk());
  Checkpoint checkpoint = SmallCheckpoint();
  checkpoint.notes["long"] = std::string(2'000'000, 'x');
  EXPECT_THAT(SaveCheckpoint(checkpoint, path),
              HasStatus(absl::StatusCode::kInvalidArgument, path));
  EXPECT_THAT(LoadCheckpoint(path), IsOk());
}

}  // namespace
}  // namespace muzero
