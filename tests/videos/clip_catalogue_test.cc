#include "videos/clip_catalogue.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/test_folder.h"
#include "videos/clip.h"

namespace videos {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing_support::TestFolder;

constexpr char kSha256[] =
    "85A4c1934e97e4175582c3f2e233982a4a98ad41ad3415d1f3aa5c0fda04e3dc";

class ClipCatalogueTest : public testing::Test {
 protected:
  std::string Path(absl::string_view name) const {
    return folder_.PathOf(std::string(name));
  }

  std::string Write(absl::string_view name, absl::string_view text) const {
    const fs::path path = Path(name);
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

  void WriteVideos(const std::vector<std::string>& names) const {
    for (const std::string& name : names) Write(name, "video");
  }

  absl::StatusOr<ClipCatalogue> OpenCsv(absl::string_view text) const {
    return ClipCatalogue::Open(Write("clips.csv", text));
  }

  // What is wrong with a CSV file, without the folder it is in.
  std::string ErrorOfCsv(absl::string_view text) const {
    const std::string error(OpenCsv(text).status().message());
    EXPECT_THAT(error, StartsWith(Path("clips.csv:")));
    EXPECT_THAT(error, Not(HasSubstr("\n")));
    return error.substr(std::min(error.size(), Path("").size()));
  }

  const TestFolder folder_;
};

std::vector<std::string> NamesOf(const absl::StatusOr<ClipCatalogue>& clips) {
  if (!clips.ok()) return {clips.status().ToString()};
  std::vector<std::string> names;
  for (const Clip& clip : clips->clips()) names.push_back(clip.name);
  return names;
}

TEST_F(ClipCatalogueTest, ReadsEveryColumnOfACsvFile) {
  WriteVideos({"a.mp4"});
  const auto catalogue = OpenCsv(absl::StrCat(
      "name,path,width,height,frame_rate,frames,sha256,licence,source,split\n",
      "a,a.mp4,640,480,30000/1001,217,", kSha256, ",CC0,\"here, there\",test"));
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  const Clip& clip = catalogue->clips().at(0);
  EXPECT_EQ(clip.name, "a");
  EXPECT_EQ(clip.path, Path("a.mp4"));
  EXPECT_EQ(clip.width, 640);
  EXPECT_EQ(clip.height, 480);
  EXPECT_NEAR(clip.frame_rate, 29.97003, 1e-5);
  EXPECT_EQ(clip.frames, 217);
  EXPECT_THAT(clip.sha256, StartsWith("85a4c1934e"));
  EXPECT_EQ(absl::StrCat(clip.licence, "|", clip.source, "|", clip.split),
            "CC0|here, there|test");
}

TEST_F(ClipCatalogueTest, TakesColumnsInAnyOrderAndIgnoresUnknownOnes) {
  WriteVideos({"a.mp4"});
  const auto catalogue = OpenCsv("mood, frames ,name\nsad, 5 ,a.mp4\n");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ(catalogue->clips().at(0).name, "a.mp4");
  EXPECT_EQ(catalogue->clips().at(0).frames, 5);
}

TEST_F(ClipCatalogueTest, LeavesZeroAndEmptyWhatTheCsvFileDoesNotSay) {
  WriteVideos({"a.mp4"});
  const auto catalogue = OpenCsv("name,width,frame_rate\na.mp4,,\n");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  const Clip& clip = catalogue->clips().at(0);
  EXPECT_EQ(clip.width, 0);
  EXPECT_EQ(clip.height, 0);
  EXPECT_EQ(clip.frame_rate, 0.0);
  EXPECT_EQ(clip.frames, 0);
  EXPECT_EQ(clip.sha256 + clip.licence + clip.source + clip.split, "");
}

TEST_F(ClipCatalogueTest, LetsNameAndPathStandForEachOther) {
  WriteVideos({"a.mp4", "sub/b.mp4", "c.mp4"});
  const auto catalogue = OpenCsv("name,path\na.mp4,\n,sub/b.mp4\nC,c.mp4\n");
  EXPECT_THAT(NamesOf(catalogue), ElementsAre("a.mp4", "sub/b.mp4", "C"));
  EXPECT_EQ(catalogue->clips().at(0).path, Path("a.mp4"));
  EXPECT_EQ(catalogue->clips().at(1).path, Path("sub/b.mp4"));
}

TEST_F(ClipCatalogueTest, TakesAbsolutePathsInACsvFile) {
  const std::string path = Write("elsewhere/a.mp4", "video");
  const auto catalogue = OpenCsv(absl::StrCat("path,name\n", path, ",a\n"));
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ(catalogue->clips().at(0).path, path);
}

TEST_F(ClipCatalogueTest, UnderstandsFrameRates) {
  WriteVideos({"a"});
  const struct {
    const char* text;
    double want;
  } kCases[] = {{"25", 25.0}, {"29.97", 29.97}, {"24000/1001", 23.976024}};
  for (const auto& c : kCases) {
    const auto clips = OpenCsv(absl::StrCat("name,frame_rate\na,", c.text));
    ASSERT_TRUE(clips.ok()) << clips.status();
    EXPECT_NEAR(clips->clips().at(0).frame_rate, c.want, 1e-6);
  }
}

TEST_F(ClipCatalogueTest, SaysWhereACsvFileIsWrongAndWhatWasWanted) {
  WriteVideos({"a", "b"});
  fs::create_directory(Path("folder"));
  const struct {
    const char* text;
    const char* want;
  } kCases[] = {
      {"", "clips.csv:1: the catalogue is empty"},
      {"\n\na,b\n", "clips.csv:3: wanted a header with a column 'name' or 'p"},
      {"name,name\n", "clips.csv:1: the header has two columns 'name'"},
      {"name\n\"a", "clips.csv:2: a quoted field begins here"},
      {"name\na,b\n", "clips.csv:2: wanted 1 fields as in the header, got 2"},
      {"name,path\n,\n", "clips.csv:2: wanted a clip's name or path"},
      {"name\na\nb\na\n", "clips.csv:4: clip 'a' is on line 2 already"},
      {"name,path\na,\n,a\n", "clips.csv:3: clip 'a' is on line 2 already"},
      {"name\nfolder\n", "clips.csv:2: clip 'folder': "},
  };
  for (const auto& c : kCases)
    EXPECT_THAT(ErrorOfCsv(c.text), StartsWith(c.want));
}

TEST_F(ClipCatalogueTest, RefusesBadNumbers) {
  WriteVideos({"a"});
  const struct {
    const char* column;
    std::vector<std::string> values;
    const char* want;
  } kCases[] = {
      {"width", {"0", "-1", "x", "1.5", "99999999999"}, "a whole number above"},
      {"height", {"0", "480p"}, "a whole number above 0"},
      {"frames", {"0", "1e3", "nan"}, "a whole number above 0"},
      {"frame_rate",
       {"0", "-1", "x", "25/0", "1/2/3", "/", "nan", "inf"},
       "frames per second, such as 25, 29.97 or 30000/1001"},
      {"sha256", {"abc", std::string(64, 'g')}, "64 hexadecimal digits"},
  };
  for (const auto& c : kCases) {
    for (const std::string& value : c.values) {
      EXPECT_THAT(ErrorOfCsv(absl::StrCat("name,", c.column, "\na,", value)),
                  StartsWith(absl::StrCat("clips.csv:2: ", c.column, " '",
                                          value, "': wanted ", c.want)));
    }
  }
}

TEST_F(ClipCatalogueTest, NamesTheClipFileThatIsNotThere) {
  WriteVideos({"a.mp4"});
  const auto status = OpenCsv("name,path\na,a.mp4\nb,gone.mp4\n").status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_EQ(status.message(),
            absl::StrCat(Path("clips.csv"), ":3: clip 'b': no file ",
                         Path("gone.mp4")));
}

TEST_F(ClipCatalogueTest, HintsAtFetchForAClipOutOfADebianPackage) {
  const auto status = OpenCsv("name,source\na,debian:p:/a\n").status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(
      std::string(status.message()),
      EndsWith(absl::StrCat("`videos/fetch ", folder_.path(), "` gets it")));
}

TEST_F(ClipCatalogueTest, RefusesACatalogueWithoutClips) {
  const auto status = OpenCsv("name,path\n").status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              EndsWith("clips.csv: no clip after the header"));
}

TEST_F(ClipCatalogueTest, RefusesRandomBytesAsCsvInOneLine) {
  EXPECT_THAT(ErrorOfCsv(absl::string_view("\x89PNG\r\n\x1a\0\0\xff\n,", 12)),
              StartsWith("clips.csv:1: wanted a header"));
}

TEST_F(ClipCatalogueTest, ListsTheVideosOfAFolderAndBelowByName) {
  WriteVideos({"b.MP4", "a.webm", "sub/deep/c.y4m", "notes.txt", "x.csv"});
  const auto catalogue = ClipCatalogue::Open(folder_.path());
  EXPECT_THAT(NamesOf(catalogue),
              ElementsAre("a.webm", "b.MP4", "sub/deep/c.y4m"));
  EXPECT_EQ(catalogue->clips().at(2).path, Path("sub/deep/c.y4m"));
}

TEST_F(ClipCatalogueTest, LeavesOutHiddenAndTemporaryFilesOfAFolder) {
  WriteVideos({"a.mp4", ".b.mp4", ".git/c.mp4", "d.part.mp4", "e.tmp.webm",
               "f.mp4.part", "g.mp4~"});
  EXPECT_THAT(NamesOf(ClipCatalogue::Open(folder_.path())),
              ElementsAre("a.mp4"));
}

TEST_F(ClipCatalogueTest, FollowsLinksToFilesButNotToFolders) {
  WriteVideos({"a.mp4"});
  fs::create_symlink("a.mp4", Path("b.mp4"));
  fs::create_symlink("gone", Path("c.mp4"));
  fs::create_symlink("d.mp4", Path("d.mp4"));
  fs::create_directory_symlink(".", Path("loop"));
  EXPECT_THAT(NamesOf(ClipCatalogue::Open(folder_.path())),
              ElementsAre("a.mp4", "b.mp4"));
}

TEST_F(ClipCatalogueTest, TakesSplitsFromTheSubfoldersOfAFolder) {
  WriteVideos({"train/x/a.mp4", "test/b.mp4", "other/test/c.mp4", "train.mp4"});
  const auto catalogue = ClipCatalogue::Open(absl::StrCat(Path(""), "/"));
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_THAT(NamesOf(catalogue->Select("train")),
              ElementsAre("train/x/a.mp4"));
  EXPECT_THAT(NamesOf(catalogue->Select("test")), ElementsAre("test/b.mp4"));
  EXPECT_THAT(NamesOf(catalogue->Select("")),
              ElementsAre("other/test/c.mp4", "train.mp4"));
}

TEST_F(ClipCatalogueTest, ReadsTheCatalogueOfAFolderThatHasOne) {
  WriteVideos({"a.mp4", "b.mp4"});
  Write("catalogue.csv", "name,path\nB,b.mp4\n");
  EXPECT_THAT(NamesOf(ClipCatalogue::Open(folder_.path())), ElementsAre("B"));
}

TEST_F(ClipCatalogueTest, RefusesAFolderWithoutVideos) {
  Write("notes.txt", "none");
  const auto status = ClipCatalogue::Open(folder_.path()).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              StartsWith(absl::StrCat("no video in folder ", folder_.path(),
                                      ", wanted files .3gp .asf .avi ")));
}

TEST_F(ClipCatalogueTest, IsOneClipForASingleFile) {
  const std::string path = Write("a.anything", "video");
  const auto catalogue = ClipCatalogue::Open(path);
  EXPECT_THAT(NamesOf(catalogue), ElementsAre("a.anything"));
  EXPECT_EQ(catalogue->clips().at(0).path, path);
}

TEST_F(ClipCatalogueTest, RefusesAPlaceThatIsNotThere) {
  for (const std::string& path :
       {Path("gone"), Path("gone.csv"), std::string()}) {
    const auto status = ClipCatalogue::Open(path).status();
    EXPECT_TRUE(absl::IsNotFound(status)) << status;
    EXPECT_EQ(status.message(), absl::StrCat("no clips at '", path,
                                             "': there is no such file or "
                                             "folder"));
  }
}

TEST_F(ClipCatalogueTest, RefusesWhatIsNeitherFileNorFolder) {
  fs::create_symlink("self", Path("self"));
  EXPECT_THAT(std::string(ClipCatalogue::Open(Path("self")).status().message()),
              StartsWith(Path("self: ")));
  EXPECT_EQ(
      ClipCatalogue::Open("/dev/null").status(),
      absl::InvalidArgumentError("/dev/null is neither a file nor a folder"));
}

TEST_F(ClipCatalogueTest, SelectsASplitInTheOrderOfTheCatalogue) {
  WriteVideos({"a", "b", "c"});
  const auto catalogue = OpenCsv("name,split\nc,test\nb,train\na,test\n");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_THAT(NamesOf(catalogue->Select("test")), ElementsAre("c", "a"));
}

TEST_F(ClipCatalogueTest, ListsTheSplitsThereAreWhenAskedForAnother) {
  WriteVideos({"a", "b", "c"});
  const auto catalogue = OpenCsv("name,split\na,test\nb,train\nc,test\n");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ(
      catalogue->Select("tset").status(),
      absl::NotFoundError(absl::StrCat(
          "no clip of ", Path("clips.csv"),
          " is in split 'tset'; its splits (clips): test (2), train (1)")));
}

TEST_F(ClipCatalogueTest, SaysSoWhenThereAreNoSplits) {
  const auto catalogue = ClipCatalogue::Open(Write("a.mp4", "video"));
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_THAT(std::string(catalogue->Select("test").status().message()),
              EndsWith("its splits (clips): none"));
}

}  // namespace
}  // namespace videos
