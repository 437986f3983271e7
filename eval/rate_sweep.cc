#include "eval/rate_sweep.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/constant_q_controller.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/target_bitrates.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "eval/floors.h"
#include "eval/measured_encode.h"
#include "eval/points.h"
#include "eval/sweep_controller.h"
#include "eval/sweep_store.h"

namespace eval {
namespace {

using encoder_bridge::EncodeProgress;
using encoder_bridge::FirstPassResult;
using encoder_bridge::VideoReader;

// From here on an overshoot calls for knowing whether the target can be met.
constexpr double kOvershootOfInterest = 0.005;
// A floor moves little with the target: one this far below the next target
// says that the next can be met too.
constexpr double kClearlyFeasible = 0.9;

SweepController FloorController() {
  return {
      .name = "floor",
      .mode = encoder_bridge::RateControlMode::kExternal,
      .levels = {},
      .factory = [](const ControllerTask&)
          -> absl::StatusOr<std::unique_ptr<encoder_bridge::RateController>> {
        using encoder_bridge::kMaxQIndex;
        return std::make_unique<encoder_bridge::ConstantQController>(
            encoder_bridge::ConstantQIndices{.key = kMaxQIndex,
                                             .alt_ref = kMaxQIndex,
                                             .golden = kMaxQIndex,
                                             .inter = kMaxQIndex});
      }};
}

// Shares the work of a sweep among threads.  A clip's encodes wait for its
// first pass; a thread that finds no encode ready starts the next clip.
class Sweep {
 public:
  Sweep(const RateSweepOptions& options, SweepStore& store)
      : options_(options), start_(Clock::now()), store_(store) {
    for (const videos::Clip& clip : options.clips) clips_.emplace_back(clip);
    progress_.total =
        static_cast<int>(options.clips.size()) * MostEncodesPerClip();
  }

  absl::StatusOr<std::vector<SweepFailure>> Run() {
    {
      std::vector<std::jthread> workers;
      for (int i = 0; i < std::max(1, options_.jobs); ++i) {
        workers.emplace_back([this, i] { Work(i); });
      }
    }
    const std::lock_guard lock(mutex_);
    if (!status_.ok()) return status_;
    return failures_;
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Encode {
    const SweepController* controller = nullptr;
    int target_kbps = 0;
    std::optional<int> level;
  };

  struct ClipWork {
    explicit ClipWork(const videos::Clip& c) : clip(c) {}

    const videos::Clip& clip;
    std::vector<int> targets_kbps;
    std::unique_ptr<const FirstPassResult> first_pass;
    std::vector<Encode> waiting;  // Taken from the back.
    int running = 0;
  };

  int MostEncodesPerClip() const {
    size_t count = 0;
    for (const SweepController& controller : options_.controllers) {
      count += controller.levels.empty() ? options_.targets_kbps.size()
                                         : controller.levels.size();
    }
    return static_cast<int>(count);
  }

  void Work(int worker) {
    while (true) {
      ClipWork* clip = nullptr;
      std::optional<Encode> encode;
      {
        std::unique_lock lock(mutex_);
        if (ShouldStop()) return;
        for (ClipWork& candidate : clips_) {
          if (candidate.waiting.empty()) continue;
          clip = &candidate;
          encode = candidate.waiting.back();
          candidate.waiting.pop_back();
          ++candidate.running;
          break;
        }
        if (clip == nullptr && next_clip_ < clips_.size()) {
          clip = &clips_[next_clip_++];
          ++preparing_;
        }
        if (clip == nullptr) {
          if (preparing_ == 0) return;
          // A clip in preparation may bring work.
          prepared_.wait(lock, [this] {
            return preparing_ == 0 || HasWaiting() || !status_.ok();
          });
          continue;
        }
      }
      if (encode) {
        RunEncode(*clip, *encode, worker);
      } else {
        Prepare(*clip, worker);
      }
    }
  }

  bool HasWaiting() const {
    return std::any_of(clips_.begin(), clips_.end(), [](const ClipWork& clip) {
      return !clip.waiting.empty();
    });
  }

  bool ShouldStop() {
    if (status_.ok() && options_.should_stop()) {
      status_ = absl::CancelledError("interrupted");
    }
    return !status_.ok();
  }

  // Opens the clip, finds what is left to do and runs the first pass for it.
  void Prepare(ClipWork& clip, int worker) {
    absl::Status status = Open(clip);
    std::unique_ptr<FirstPassResult> first_pass;
    std::vector<Encode> todo;
    bool has_work = false;
    if (status.ok()) {
      const std::lock_guard lock(mutex_);
      todo = Missing(clip);
      // A run that was stopped may have left nothing but floors to find.
      has_work = !todo.empty() || MayMissFloors(clip);
      progress_.total += static_cast<int>(todo.size()) - MostEncodesPerClip();
    }
    if (has_work) {
      auto result = FirstPass(clip);
      status = result.status();
      if (result.ok()) {
        first_pass = std::make_unique<FirstPassResult>(*std::move(result));
      }
    }
    if (status.ok() && todo.empty() && has_work) {
      clip.first_pass = std::move(first_pass);
      FindFloors(clip, worker);
    }
    const std::lock_guard lock(mutex_);
    --preparing_;
    if (status.ok()) {
      clip.first_pass = std::move(first_pass);
      clip.waiting = std::move(todo);
    } else {
      Fail(clip, "", status);
      progress_.total -=
          todo.empty() ? MostEncodesPerClip() : static_cast<int>(todo.size());
    }
    Report();
    prepared_.notify_all();
  }

  bool MayMissFloors(const ClipWork& clip) {
    for (const int target_kbps : clip.targets_kbps) {
      if (IsExceeded(clip, target_kbps)) {
        return store_.FindFloor(clip.clip.name, target_kbps) == nullptr;
      }
    }
    return false;
  }

  absl::Status Open(ClipWork& clip) {
    const auto reader = VideoReader::Open(clip.clip.path, options_.reader);
    if (!reader.ok()) return reader.status();
    clip.targets_kbps = encoder_bridge::TargetsFor(
        (*reader)->format(), options_.targets_kbps, options_.scale_targets);
    return absl::OkStatus();
  }

  std::vector<Encode> Missing(const ClipWork& clip) {
    std::vector<Encode> todo;
    const auto add = [&](const Encode& encode) {
      if (FindPoint(clip, encode) == nullptr) todo.push_back(encode);
    };
    for (const SweepController& controller : options_.controllers) {
      if (controller.levels.empty()) {
        for (const int target_kbps : clip.targets_kbps) {
          add({.controller = &controller, .target_kbps = target_kbps});
        }
        continue;
      }
      for (const int level : controller.levels) {
        // libvpx places its GOPs by the target: the middle one.
        add({.controller = &controller,
             .target_kbps = clip.targets_kbps[clip.targets_kbps.size() / 2],
             .level = level});
      }
    }
    std::reverse(todo.begin(), todo.end());
    return todo;
  }

  const SweepPoint* FindPoint(const ClipWork& clip, const Encode& encode) {
    return store_.FindPoint(clip.clip.name, encode.controller->name,
                            encode.level ? 0 : encode.target_kbps,
                            encode.level);
  }

  absl::StatusOr<FirstPassResult> FirstPass(const ClipWork& clip) {
    const auto reader = VideoReader::Open(clip.clip.path, options_.reader);
    if (!reader.ok()) return reader.status();
    return encoder_bridge::RunFirstPass(
        **reader, options_.settings, [this](const EncodeProgress&) {
          return options_.should_stop() ? absl::CancelledError("interrupted")
                                        : absl::OkStatus();
        });
  }

  absl::StatusOr<MeasuredEncode> Measure(const ClipWork& clip,
                                         const Encode& encode, int worker) {
    const std::filesystem::path output =
        std::filesystem::path(options_.work_folder) /
        absl::StrCat("encode-", worker, ".webm");
    return RunMeasuredEncode({.clip = clip.clip,
                              .controller = *encode.controller,
                              .settings = options_.settings,
                              .reader = options_.reader,
                              .first_pass = *clip.first_pass,
                              .target_kbps = encode.target_kbps,
                              .level = encode.level.value_or(0),
                              .output = output.string(),
                              .should_stop = options_.should_stop});
  }

  void RunEncode(ClipWork& clip, const Encode& encode, int worker) {
    const auto result = Measure(clip, encode, worker);
    bool is_last = false;
    {
      const std::lock_guard lock(mutex_);
      if (result.ok()) {
        Note(store_.Append(result->point, result->trace));
      } else {
        Fail(clip, encode.controller->name, result.status());
      }
      ++progress_.done;
      progress_.clip = clip.clip.name;
      Report();
      is_last = --clip.running == 0 && clip.waiting.empty();
    }
    if (!is_last) return;
    FindFloors(clip, worker);
    clip.first_pass.reset();
  }

  // Runs q_index 255 for the targets that were exceeded.
  void FindFloors(ClipWork& clip, int worker) {
    const SweepController controller = FloorController();
    std::optional<double> known_floor_kbps;
    for (const int target_kbps : clip.targets_kbps) {
      if (known_floor_kbps &&
          *known_floor_kbps < kClearlyFeasible * target_kbps) {
        return;
      }
      {
        const std::lock_guard lock(mutex_);
        if (ShouldStop()) return;
        const FloorPoint* floor = store_.FindFloor(clip.clip.name, target_kbps);
        if (floor != nullptr) {
          known_floor_kbps = floor->floor_kbps;
          continue;
        }
        if (!IsExceeded(clip, target_kbps)) continue;
      }
      const auto result =
          Measure(clip, {.controller = &controller, .target_kbps = target_kbps},
                  worker);
      const std::lock_guard lock(mutex_);
      if (!result.ok()) {
        Fail(clip, controller.name, result.status());
        return;
      }
      known_floor_kbps = result->point.bitrate_kbps;
      Note(store_.AppendFloor({.clip = clip.clip.name,
                               .target_kbps = static_cast<double>(target_kbps),
                               .floor_kbps = *known_floor_kbps}));
    }
  }

  bool IsExceeded(const ClipWork& clip, int target_kbps) {
    return std::any_of(
        options_.controllers.begin(), options_.controllers.end(),
        [&](const SweepController& controller) {
          const SweepPoint* point = FindPoint(
              clip, {.controller = &controller, .target_kbps = target_kbps});
          return point != nullptr &&
                 encoder_bridge::Overshoot(point->bitrate_kbps, target_kbps) >
                     kOvershootOfInterest;
        });
  }

  void Fail(const ClipWork& clip, const std::string& controller,
            const absl::Status& status) {
    // No other encode would find more space.
    if (absl::IsCancelled(status) || absl::IsResourceExhausted(status)) {
      Note(status);
      return;
    }
    failures_.push_back(
        {.clip = clip.clip.name, .controller = controller, .status = status});
  }

  void Note(const absl::Status& status) {
    status_.Update(status);
    if (!status_.ok()) prepared_.notify_all();
  }

  void Report() {
    progress_.seconds =
        std::chrono::duration<double>(Clock::now() - start_).count();
    options_.on_progress(progress_);
  }

  const RateSweepOptions& options_;
  const Clock::time_point start_;

  // std::mutex, since Debian's Abseil is built without the annotations that
  // ThreadSanitizer needs to see absl::Mutex at work.  Guards the following.
  std::mutex mutex_;
  std::condition_variable prepared_;  // preparing_ or status_ changed.
  SweepStore& store_;
  // A ClipWork's targets and first pass belong to the thread that prepares
  // it, and may be read by all once it has something waiting.
  std::vector<ClipWork> clips_;
  size_t next_clip_ = 0;
  int preparing_ = 0;
  SweepProgress progress_;
  std::vector<SweepFailure> failures_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::vector<SweepFailure>> RunRateSweep(
    const RateSweepOptions& options, SweepStore& store) {
  return Sweep(options, store).Run();
}

}  // namespace eval
