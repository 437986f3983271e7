// How fast self-play is, and how fast the same encodes are without planning:
//
//   self_play_benchmark MODEL WORKERS EPISODES SIMULATIONS CLIP...
//
// plays episodes at the default settings into a store of their own, then codes
// them again with the quantizers they were coded with, on one thread.  Prints
// one JSON object; times are in seconds.

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/null_sink.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "muzero/checkpoint.h"
#include "muzero/network_model.h"
#include "nlohmann/json.hpp"
#include "selfplay/clip_shelf.h"
#include "selfplay/experience_store.h"
#include "selfplay/policy.h"
#include "selfplay/training_config.h"
#include "selfplay/worker_pool.h"
#include "tests/selfplay/plain_surroundings.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;

// Chooses what was chosen before.
class ReplayController : public encoder_bridge::RateController {
 public:
  explicit ReplayController(const EncodeEpisode& episode) : episode_(episode) {}

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats>) override {
    return absl::OkStatus();
  }
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override {
    return episode_.steps.at(static_cast<size_t>(frame.coding_index))
        .result.q_index;
  }
  absl::Status OnFrameEncoded(const FrameResult&) override {
    return absl::OkStatus();
  }

 private:
  const EncodeEpisode& episode_;
};

// Wall and processor time of this process since it was made.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                         start_)
        .count();
  }
  double cpu_seconds() const {
    return static_cast<double>(std::clock() - cpu_start_) / CLOCKS_PER_SEC;
  }

 private:
  const std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
  const std::clock_t cpu_start_ = std::clock();
};

struct Arguments {
  std::string model;
  int workers = 1;
  int64_t episodes = 1;
  int simulations = 16;
  std::vector<TrainingClip> clips;
};

class Benchmark {
 public:
  explicit Benchmark(Arguments arguments)
      : arguments_(std::move(arguments)),
        folder_(std::filesystem::temp_directory_path() /
                absl::StrCat("self_play_benchmark-", getpid())) {
    config_.self_play.search.num_simulations = arguments_.simulations;
    std::filesystem::create_directories(folder_);
  }
  ~Benchmark() { std::filesystem::remove_all(folder_); }

  absl::StatusOr<nlohmann::ordered_json> Run() {
    auto checkpoint = muzero::LoadCheckpoint(arguments_.model);
    if (!checkpoint.ok()) return checkpoint.status();
    auto network =
        muzero::NetworkModel::Create(*checkpoint, muzero::Device::kCpu);
    if (!network.ok()) return network.status();
    FixedPolicy policies(
        std::make_shared<Policy>(*std::move(network), /*version=*/1));
    auto store = ExperienceStore::Open(
        absl::StrCat("sqlite:", (folder_ / "store.sqlite").string()), {});
    if (!store.ok()) return store.status();
    absl::Status status = Play(policies, **store);
    if (!status.ok()) return status;
    auto episodes =
        (*store)->EpisodesAfter(0, static_cast<int>(arguments_.episodes));
    if (!episodes.ok()) return episodes.status();
    for (const StoredEpisode& stored : *episodes) {
      status = EncodeAgain(stored.episode);
      if (!status.ok()) return status;
    }
    result_["bare_seconds"] = bare_seconds_;
    result_["bare_cpu_seconds"] = bare_cpu_seconds_;
    return result_;
  }

 private:
  absl::Status Play(PolicySource& policies, ExperienceStore& store) {
    OpenGate gate;
    double planning_seconds = 0;
    double store_seconds = 0;
    int64_t coded_frames = 0;
    const auto add = [&](const EpisodeEvent& event) {
      planning_seconds += event.planning.planning_seconds;
      store_seconds += event.store_seconds;
      coded_frames += std::ssize(event.episode.encode.steps);
    };
    // First passes are made once for many episodes: not measured here.
    const ClipShelf::Options shelf = {
        .first_passes = {.folder = (folder_ / "first-passes").string()}};
    ClipShelf warm(config_.episode, shelf);
    for (const TrainingClip& clip : arguments_.clips) {
      const auto taken = warm.Take(clip, std::stop_token());
      if (!taken.ok()) return taken.status();
    }
    const Stopwatch stopwatch;
    WorkerPool pool(config_, arguments_.clips, store, policies, gate,
                    {.on_episode = add},
                    {.num_workers = arguments_.workers,
                     .name = "benchmark",
                     .max_episodes = arguments_.episodes,
                     .shelf = shelf});
    while (!pool.WaitFor(std::chrono::hours(1))) continue;
    result_ = {{"episodes", arguments_.episodes},
               {"seconds", stopwatch.seconds()},
               {"cpu_seconds", stopwatch.cpu_seconds()},
               {"coded_frames", coded_frames},
               {"planning_seconds", planning_seconds},
               {"store_seconds", store_seconds}};
    return pool.status();
  }

  absl::Status EncodeAgain(const PlayedEpisode& episode) {
    const std::string name =
        episode.pair.clip.substr(0, episode.pair.clip.rfind('@'));
    auto clip = shelf_.Take({.name = name, .path = name}, std::stop_token());
    if (!clip.ok()) return clip.status();
    ReplayController controller(episode.encode);
    encoder_bridge::NullSink sink;
    const Stopwatch stopwatch;
    const auto result = encoder_bridge::RunSecondPass(
        *clip->source, EpisodeSettings(config_.episode), *clip->first_pass,
        {.mode = encoder_bridge::RateControlMode::kExternal,
         .target_bitrate_kbps = episode.pair.target_bitrate_kbps,
         .controller = &controller},
        sink,
        [](const encoder_bridge::EncodeProgress&) { return absl::OkStatus(); });
    bare_seconds_ += stopwatch.seconds();
    bare_cpu_seconds_ += stopwatch.cpu_seconds();
    return result.status();
  }

  const Arguments arguments_;
  const std::filesystem::path folder_;
  TrainingConfig config_;
  ClipShelf shelf_{config_.episode, {}};
  nlohmann::ordered_json result_;
  double bare_seconds_ = 0;
  double bare_cpu_seconds_ = 0;
};

int Main(int argc, char** argv) {
  if (argc < 6) {
    std::cerr << "usage: self_play_benchmark MODEL WORKERS EPISODES "
                 "SIMULATIONS CLIP...\n";
    return 2;
  }
  Arguments arguments = {.model = argv[1],
                         .workers = std::atoi(argv[2]),
                         .episodes = std::atoll(argv[3]),
                         .simulations = std::atoi(argv[4])};
  for (int i = 5; i < argc; ++i) {
    arguments.clips.push_back({.name = argv[i], .path = argv[i]});
  }
  const auto result = Benchmark(std::move(arguments)).Run();
  if (!result.ok()) {
    std::cerr << "self_play_benchmark: " << result.status().message() << "\n";
    return 1;
  }
  std::cout << result->dump() << std::endl;
  return 0;
}

}  // namespace
}  // namespace selfplay

int main(int argc, char** argv) { return selfplay::Main(argc, argv); }
