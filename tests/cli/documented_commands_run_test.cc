// Types what README.md and docs/ tell people to type, in folders where the
// files lie that they speak of.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/documented_commands.h"
#include "tests/cli/muzero_rc.h"
#include "tests/cli/policy_file.h"
#include "tests/testing/ffmpeg_tool.h"
#include "tests/testing/subprocess.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

using testing_support::MediaFolder;
using testing_support::ProgramResult;
using testing_support::Subprocess;

struct Replacement {
  std::string_view what;
  std::string_view by;
};

// What a reader puts in the place of capitals, and less patience.
constexpr Replacement kReplacements[] = {
    {"--max-time 2h", "--max-episodes 2"},
    {"--max-time 28m", "--max-episodes 2"},
    {"--max-time 58m", "--max-episodes 2"},
    {"--max-steps 4000", "--max-steps 2"},
    {"--duration 10", "--duration 0.2"},
    {"--start 1:30", "--start 0:00.1"},
    {"CORPUS", "videos/"},
    {"CLIPS", "videos/"},
    {"CLIP ", "in.mp4 "},
    {"--height 1080", "--height 72"},
    {"IMITATION.toml", "imitation.toml"},
    {"sqlite:TAUGHT/", "sqlite:taught/"},
    {"--run RUN --config imitation", "--run imitated --config imitation"},
    {" RUN", " run"},
    {" DIR", " results"},
    {" OUT", " results"},
};

std::string Replaced(std::string text) {
  for (const Replacement& r : kReplacements) {
    for (size_t at = text.find(r.what); at != std::string::npos;
         at = text.find(r.what, at + r.by.size())) {
      text.replace(at, r.what.size(), r.by);
    }
  }
  const bool is_endless = text.find("muzero-rc train") != std::string::npos &&
                          text.find("--max-") == std::string::npos;
  return is_endless ? text + " --max-episodes 2" : text;
}

// Why a command cannot be run like the others; empty if it can.
std::string ReasonNotToRun(const std::string& text) {
  if (text.find("postgresql://") != std::string::npos) {
    return "wants a database server: postgresql_store_test and slurm_test have "
           "one";
  }
  if (text.find("--watch") != std::string::npos) {
    return "goes on until it is interrupted: status_test does that";
  }
  return "";
}

// Takes away what a command is about to write, as a reader would who has typed
// the one before.
void RemoveOutputs(const std::string& text, const fs::path& folder) {
  std::istringstream stream(text);
  std::string last;
  for (std::string word; stream >> word; last = word) {
    for (const std::string_view flag :
         {"-o", "--out", "--out-dir", "--stats", "--html", ">"}) {
      if (last == flag && word != "-") fs::remove_all(folder / word);
    }
    if (word.starts_with("out.")) fs::remove(folder / word);
  }
}

std::vector<std::string> Documents() {
  std::vector<std::string> documents;
  for (const DocumentedCommand& command : DocumentedCommands()) {
    if (documents.empty() || documents.back() != command.document) {
      documents.push_back(command.document);
    }
  }
  return documents;
}

class DocumentedCommandsRunTest : public testing::TestWithParam<std::string> {
 protected:
  DocumentedCommandsRunTest() {
    const fs::path root = folder_.path();
    for (const char* name : {"in.mp4", "in.mkv", "in.mov"}) {
      folder_.MakeVideo(name, "64x48", "10", 10);
    }
    folder_.MakeVideo("in.y4m", "64x48", "10", 10);
    folder_.MakeVideo("hdr.mkv", "64x48", "10", 10,
                      {"-c:v", "ffv1", "-pix_fmt", "yuv420p10le"});
    fs::create_directory(root / "videos");
    folder_.MakeVideo("videos/one.mkv", "64x48", "10", 12);
    folder_.MakeVideo("videos/two.mkv", "64x48", "10", 12);
    folder_.Write("videos/catalogue.csv",
                  "name,path,split\none,one.mkv,train\n"
                  "two,two.mkv,validation\n");
    folder_.Write("clips.csv",
                  "name,path,split\ntwo,videos/two.mkv,validation\n");
    folder_.Write("imitation.toml", "");
    SavePolicy(RandomPolicy(1), folder_.PathOf("policy.safetensors"));
    SavePolicy(RandomPolicy(1), folder_.PathOf("MODEL"));
    fs::create_directories(root / "bin");
    fs::create_directories(root / "build/release");
    fs::create_symlink(MuzeroRcCommand({}).front(), root / "bin/muzero-rc");
    fs::create_symlink(MuzeroRcCommand({}).front(),
                       root / "build/release/muzero-rc");
    for (const char* name : {"docs", "models"}) {
      fs::create_directory_symlink(fs::path(SOURCE_FOLDER) / name, root / name);
    }
    // There is no screen to show anything on.
    folder_.Write("bin/ffplay",
                  "#!/bin/sh\nexec ffmpeg -v error -i - -f null -\n");
    fs::permissions(root / "bin/ffplay", fs::perms::owner_all);
    // What went before.
    if (GetParam() == "docs/c_api.md") {
      Shell("ffmpeg -i in.mp4 -c:v libvpx-vp9 -b:v 512k -pass 1 -f null -");
    }
    if (GetParam() == "docs/training.md") {
      Shell(
          "muzero-rc teach --clips videos/ --run taught --frames 0 --rounds 0");
    }
  }

  ProgramResult Shell(const std::string& text) const {
    Subprocess shell({"bash", "-o", "pipefail", "-c",
                      "cd \"$1\" && PATH=$1/bin:$PATH && eval \"$2\"", "bash",
                      folder_.path(), text});
    return shell.Wait(std::chrono::seconds(120));
  }

  MediaFolder folder_;
};

TEST_P(DocumentedCommandsRunTest, Succeed) {
  for (const DocumentedCommand& command : DocumentedCommands()) {
    if (command.document != GetParam()) continue;
    if (!ReasonNotToRun(command.text).empty()) continue;
    const std::string text = Replaced(command.text);
    RemoveOutputs(text, folder_.path());
    EXPECT_THAT(Shell(text), Succeeds()) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    EveryDocument, DocumentedCommandsRunTest, testing::ValuesIn(Documents()),
    [](const testing::TestParamInfo<std::string>& document) {
      std::string name = document.param;
      std::erase_if(name, [](char c) { return c == '/' || c == '.'; });
      std::erase(name, '_');
      return name;
    });

}  // namespace
}  // namespace cli
