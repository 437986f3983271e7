#include "tests/selfplay/self_play.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy.h"
#include "selfplay/worker_pool.h"
#include "tests/selfplay/fake_policies.h"
#include "tests/testing/synthetic_file.h"

namespace selfplay {
namespace {

using testing_support::Content;

bool IsSameStep(const EncodeStep& a, const EncodeStep& b) {
  return a.frame.coding_index == b.frame.coding_index &&
         a.frame.show_index == b.frame.show_index &&
         a.frame.type == b.frame.type && a.result.q_index == b.result.q_index &&
         a.result.bits == b.result.bits && a.result.sse == b.result.sse &&
         a.search_policy == b.search_policy && a.root_value == b.root_value;
}

}  // namespace

SelfPlay::SelfPlay()
    : policy(std::make_shared<Policy>(
          std::make_unique<FakePolicyModel>(Feedback()), /*version=*/3)),
      folder_(std::filesystem::path(testing::TempDir()) /
              absl::StrCat("self_play-", getpid())) {
  config.episode = {.max_height = 0,
                    .max_frames = 12,
                    .cpu_used = 8,
                    .targets_kbps = {40, 80},
                    .scale_targets = false};
  config.self_play.search.num_simulations = 2;
  std::filesystem::create_directories(folder_);
  for (const Content content : {Content::kMovingTexture, Content::kSceneCut}) {
    const std::string name = absl::StrCat("clip-", clips.size(), ".webm");
    const std::string path = (folder_ / name).string();
    EXPECT_TRUE(testing_support::WriteSyntheticFile(
                    path, {.content = content, .num_frames = 16})
                    .ok());
    clips.push_back({.name = name, .path = path});
  }
}

SelfPlay::~SelfPlay() { std::filesystem::remove_all(folder_); }

void SelfPlay::AddBadClip(const std::string& bytes) {
  const std::string name = absl::StrCat("bad-", clips.size(), ".webm");
  const std::string path = (folder_ / name).string();
  std::ofstream(path) << bytes;
  clips.push_back({.name = name, .path = path});
}

std::unique_ptr<WorkerPool> SelfPlay::Start(int num_workers, int64_t episodes) {
  policies_ = std::make_unique<FixedPolicy>(policy);
  WorkerEvents events = {
      .on_episode = on_episode,
      .on_refused =
          [this](int64_t ticket, const absl::Status& why) {
            refused.push_back(absl::StrCat(ticket, ": ", why.message()));
          },
      .on_clip_left_out =
          [this](const std::string& clip, const absl::Status& why) {
            left_out.push_back(absl::StrCat(clip, ": ", why.message()));
          }};
  return std::make_unique<WorkerPool>(
      config, clips, store, *policies_, *gate, events,
      WorkerPoolOptions{.num_workers = num_workers,
                        .name = "test",
                        .max_episodes = episodes,
                        .shelf = shelf});
}

absl::Status SelfPlay::Play(int num_workers, int64_t episodes) {
  const std::unique_ptr<WorkerPool> pool = Start(num_workers, episodes);
  EXPECT_TRUE(pool->WaitFor(std::chrono::minutes(2)));
  return pool->status();
}

std::vector<StoredEpisode> SelfPlay::Stored() {
  return store.EpisodesAfter(0, /*limit=*/1000).value();
}

bool IsSameEpisode(const PlayedEpisode& a, const PlayedEpisode& b) {
  return a.id == b.id && a.pair == b.pair &&
         a.weights_version == b.weights_version &&
         a.first_pass == b.first_pass &&
         a.outcome.quality == b.outcome.quality &&
         a.outcome.overshoot == b.outcome.overshoot &&
         std::equal(a.encode.steps.begin(), a.encode.steps.end(),
                    b.encode.steps.begin(), b.encode.steps.end(), IsSameStep);
}

}  // namespace selfplay
