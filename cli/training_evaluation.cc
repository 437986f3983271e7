#include "cli/training_evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cli/controllers.h"
#include "eval/points.h"
#include "eval/quality_measure.h"
#include "eval/rate_sweep.h"
#include "eval/run_info.h"
#include "eval/summary.h"
#include "eval/sweep_controller.h"
#include "eval/sweep_store.h"
#include "muzero/checkpoint.h"
#include "muzero/whole_file.h"
#include "selfplay/unix_time.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using selfplay::EvaluationMetrics;

constexpr absl::string_view kAnchor = "libvpx";
constexpr absl::string_view kPolicy = "muzero";
constexpr char kBdRateNote[] = "evaluation_bd_rate_percent";

// Of all `clips`, at most `count`, evenly spread.
std::vector<videos::Clip> Spread(const std::vector<videos::Clip>& clips,
                                 int count) {
  const size_t wanted = std::min(clips.size(), static_cast<size_t>(count));
  std::vector<videos::Clip> chosen;
  for (size_t i = 0; i < wanted; ++i) {
    chosen.push_back(clips[i * clips.size() / wanted]);
  }
  return chosen;
}

eval::RateSweepOptions SweepOptions(const TrainingEvaluationOptions& options) {
  const selfplay::EpisodeConfig& episode = options.config.episode;
  eval::RateSweepOptions sweep;
  sweep.clips = Spread(options.clips, options.config.evaluation.max_clips);
  sweep.targets_kbps = episode.targets_kbps;
  sweep.scale_targets = episode.scale_targets;
  sweep.settings.cpu_used = episode.cpu_used;
  if (episode.max_frames > 0) sweep.reader.max_frames = episode.max_frames;
  if (episode.max_height > 0) {
    sweep.reader.height = episode.max_height;
    sweep.reader.only_shrink = true;
  }
  return sweep;
}

// Sweeps into `folder`, which keeps what is done; adds to `points`.
absl::Status Sweep(const eval::RateSweepOptions& options,
                   const fs::path& folder, const std::string& settings,
                   std::vector<eval::SweepPoint>& points,
                   std::vector<eval::FloorPoint>& floors) {
  auto store = eval::SweepStore::Open(folder.string(), settings);
  if (!store.ok()) return store.status();
  const auto failures = eval::RunRateSweep(options, **store);
  if (!failures.ok()) return failures.status();
  // A clip that cannot be measured now never could: it is left out.
  points.insert(points.end(), (*store)->points().begin(),
                (*store)->points().end());
  floors.insert(floors.end(), (*store)->floors().begin(),
                (*store)->floors().end());
  return absl::OkStatus();
}

void ReadSummary(const eval::Summary& summary, EvaluationMetrics& metrics) {
  metrics.bd_rate_percent = std::numeric_limits<double>::quiet_NaN();
  for (const eval::ControllerSummary& controller : summary.controllers) {
    if (controller.name != kPolicy) continue;
    metrics.clips = controller.clips;
    if (controller.bd_rate) {
      const eval::BdRateSummary& rates =
          (*controller.bd_rate)[eval::IndexOf(eval::QualityMeasure::kPsnr)];
      if (rates.statistics) metrics.bd_rate_percent = rates.statistics->mean;
    }
    if (controller.overshoot && controller.overshoot->statistics) {
      metrics.encodes = controller.overshoot->encodes;
      metrics.share_over_2pct =
          controller.overshoot->statistics->share_over_2pct;
      metrics.mean_overshoot = controller.overshoot->statistics->mean;
    }
  }
}

// BD-rate of the best model so far; infinite if there is none.
double BestBdRate(const std::string& path) {
  const auto best = muzero::LoadCheckpoint(path);
  if (!best.ok()) return std::numeric_limits<double>::infinity();
  const auto note = best->notes.find(kBdRateNote);
  double percent = 0;
  if (note == best->notes.end() || !absl::SimpleAtod(note->second, &percent)) {
    return std::numeric_limits<double>::infinity();
  }
  return percent;
}

absl::Status KeepAsBest(const std::string& weights,
                        const EvaluationMetrics& metrics,
                        const std::string& path) {
  auto model = muzero::ParseCheckpoint(weights);
  if (!model.ok()) return model.status();
  model->notes[kBdRateNote] = absl::StrCat(metrics.bd_rate_percent);
  return muzero::SaveCheckpoint(*model, path);
}

}  // namespace

TrainingEvaluation::TrainingEvaluation(TrainingEvaluationOptions options)
    : options_(std::move(options)), result_(EvaluationMetrics()) {}

TrainingEvaluation::~TrainingEvaluation() {
  should_stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void TrainingEvaluation::Start(std::string weights,
                               const EvaluationMetrics& about) {
  is_over_ = false;
  thread_ = std::thread([this, weights = std::move(weights), about] {
    result_ = Measure(weights, about);
    is_over_ = true;
  });
}

std::optional<absl::StatusOr<EvaluationMetrics>> TrainingEvaluation::Take() {
  if (!is_running() || !is_over_) return std::nullopt;
  return Wait();
}

absl::StatusOr<EvaluationMetrics> TrainingEvaluation::Wait() {
  thread_.join();
  return result_;
}

absl::StatusOr<EvaluationMetrics> TrainingEvaluation::Measure(
    const std::string& weights, EvaluationMetrics metrics) const {
  const double begun = selfplay::UnixSeconds();
  const fs::path folder(options_.work_folder);
  const fs::path weights_folder =
      folder / absl::StrCat("weights-", metrics.weights_version);
  std::error_code error;
  fs::create_directories(weights_folder, error);
  if (error) {
    return absl::UnknownError(absl::StrCat(
        "cannot make ", weights_folder.string(), ": ", error.message()));
  }
  const absl::Cleanup remove = [&] {
    std::error_code ignored;
    fs::remove_all(weights_folder, ignored);
  };
  const std::string model = (weights_folder / "weights.safetensors").string();
  absl::Status status = muzero::WriteWholeFile(weights, model);
  if (!status.ok()) return status;

  eval::RateSweepOptions sweep = SweepOptions(options_);
  sweep.work_folder = weights_folder.string();
  sweep.should_stop = [this] { return should_stop_.load(); };
  sweep.on_progress = [](const eval::SweepProgress&) {};
  std::vector<eval::SweepPoint> points;
  std::vector<eval::FloorPoint> floors;
  for (const absl::string_view name : {kAnchor, kPolicy}) {
    auto controller = MakeController(
        name,
        {.model = model,
         .num_simulations = options_.config.self_play.search.num_simulations,
         .device = options_.device,
         .refuse_fallback = true});
    if (!controller.ok()) return controller.status();
    sweep.controllers = {*std::move(controller)};
    const bool is_anchor = name == kAnchor;
    // libvpx's encodes are the same for all weights of a run.
    status =
        Sweep(sweep, is_anchor ? folder / "libvpx" : weights_folder / "muzero",
              /*settings=*/is_anchor ? "anchor of a training run" : model,
              points, floors);
    if (!status.ok()) return status;
  }
  eval::RunInfo run;
  run.anchor = std::string(kAnchor);
  ReadSummary(eval::Summarize(points, floors, run), metrics);
  metrics.is_best =
      std::isfinite(metrics.bd_rate_percent) &&
      metrics.share_over_2pct <=
          options_.config.evaluation.max_overshoot_share &&
      metrics.bd_rate_percent < BestBdRate(options_.best_model_path);
  if (metrics.is_best) {
    status = KeepAsBest(weights, metrics, options_.best_model_path);
    if (!status.ok()) return status;
  }
  metrics.time = selfplay::UnixSeconds();
  metrics.seconds = metrics.time - begun;
  return metrics;
}

}  // namespace cli
