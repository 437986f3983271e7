#include "muzero/safetensors.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/testing/status_matchers.h"

namespace muzero {
namespace {

using ::testing_support::HasStatus;

std::string File(absl::string_view header, absl::string_view data,
                 uint64_t length) {
  std::string bytes(sizeof(length), '\0');
  std::memcpy(bytes.data(), &length, sizeof(length));
  return absl::StrCat(bytes, header, data);
}

std::string File(absl::string_view header, absl::string_view data) {
  return File(header, data, header.size());
}

TEST(SafetensorsTest, ReadsBackWhatItWrote) {
  const Safetensors file = {
      .tensors = {{"a", {.shape = {2, 1}, .values = {1, -2}}},
                  {"empty", {.shape = {3, 0}}},
                  {"scalar", {.shape = {}, .values = {0.5f}}}},
      .metadata = {{"name", "\"quoted\""}}};
  const std::string bytes = SerializeSafetensors(file);
  const auto read = ParseSafetensors(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->tensors.at("a").values, file.tensors.at("a").values);
  EXPECT_EQ(read->tensors.at("a").shape, file.tensors.at("a").shape);
  EXPECT_EQ(read->tensors.size(), 3u);
  EXPECT_EQ(read->metadata, file.metadata);
  EXPECT_EQ(SerializeSafetensors(*read), bytes);
}

// Written by hand from the format's description.
TEST(SafetensorsTest, ReadsAFileOfAnotherProgram) {
  const std::string bytes =
      File(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}   )",
           absl::string_view("\0\0\x80\x3f\0\0\0\xc0", 8));
  const auto read = ParseSafetensors(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->tensors.at("x").values, (std::vector<float>{1, -2}));
}

TEST(SafetensorsTest, OtherFormatsAreInvalid) {
  for (const std::string& bytes :
       {std::string(), std::string("{}"), std::string("plain text, no header"),
        std::string("\x1a\x45\xdf\xa3 a Matroska file's first bytes"),
        File("{}", "", uint64_t{1} << 62), File("{}", "", 100'000'000)}) {
    EXPECT_THAT(ParseSafetensors(bytes),
                HasStatus(absl::StatusCode::kInvalidArgument,
                          "it is not a safetensors file"));
  }
}

// `entry` is what stands after "x": in the header of a file of 8 data bytes.
TEST(SafetensorsTest, HostileHeadersAreErrors) {
  const struct {
    const char* reason;
    const char* entry;
  } kCases[] = {
      {"points outside",
       R"({"dtype":"F32","shape":[2],"data_offsets":[4,12]})"},
      {"points outside", R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"},
      {"points outside", R"({"dtype":"F32","shape":[2],)"
                         R"("data_offsets":[0,18446744073709551615]})"},
      {"two numbers", R"({"dtype":"F32","shape":[2],"data_offsets":[-8,0]})"},
      {"two numbers", R"({"dtype":"F32","shape":[2],"data_offsets":[0,8,8]})"},
      {"two numbers", R"({"dtype":"F32","shape":[2],"data_offsets":[0,8.0]})"},
      {"dtype F32", R"({"dtype":"F64","shape":[1],"data_offsets":[0,8]})"},
      {"dtype, shape", R"({"shape":[2],"data_offsets":[0,8]})"},
      {"dtype, shape", R"([])"},
      {"whole numbers", R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"},
      {"no shape", R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})"},
      {"does not fit", R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})"},
      {"larger than the file",
       R"({"dtype":"F32","shape":[4294967296,4294967296,4],)"
       R"("data_offsets":[0,0]})"},
      {"larger than 2^31", R"({"dtype":"F32","shape":[0,18446744073709551615],)"
                           R"("data_offsets":[0,0]})"},
      {"does not fit", R"({"dtype":"F32","shape":[0],"data_offsets":[0,8]})"},
      {"gap", R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"},
      {"tensors take 4", R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"},
      {"given twice",
       R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{})"},
      {"overlap", R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                  R"("y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]})"},
      {"malformed", R"({"dtype":)"},
      {"deeper", "[[[[[[[[[[[[[[[["},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.entry);
    EXPECT_THAT(ParseSafetensors(
                    File(absl::StrCat("{\"x\":", c.entry, "}"), "12345678")),
                HasStatus(absl::StatusCode::kDataLoss, c.reason));
  }
}

TEST(SafetensorsTest, MetadataMustBeStrings) {
  EXPECT_THAT(ParseSafetensors(File(R"({"__metadata__":{"a":1}})", "")),
              HasStatus(absl::StatusCode::kDataLoss, "__metadata__"));
  EXPECT_THAT(ParseSafetensors(File(R"({"__metadata__":[]})", "")),
              HasStatus(absl::StatusCode::kDataLoss, "__metadata__"));
}

}  // namespace
}  // namespace muzero
