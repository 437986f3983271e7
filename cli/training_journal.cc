#include "cli/training_journal.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/messages.h"
#include "selfplay/unix_time.h"

namespace cli {
namespace {

selfplay::WorkerMetrics ToMetrics(const selfplay::EpisodeEvent& event) {
  const selfplay::PlayedEpisode& episode = event.episode;
  return {.time = selfplay::UnixSeconds(),
          .worker = episode.worker,
          .episode = episode.id,
          .sequence = event.receipt.sequence,
          .clip = episode.pair.clip,
          .target_bitrate_kbps = episode.pair.target_bitrate_kbps,
          .weights_version = episode.weights_version,
          .reward = event.receipt.reward,
          .quality_db = episode.outcome.quality,
          .overshoot = episode.outcome.overshoot,
          .frames = static_cast<int64_t>(episode.encode.steps.size()),
          .seconds = episode.seconds,
          .planning_seconds = event.planning.planning_seconds,
          .simulations = event.planning.simulations,
          .guard_overrides = event.planning.guard_overrides,
          .fallback_frames = event.planning.fallback_frames,
          .store_seconds = event.store_seconds};
}

}  // namespace

absl::StatusOr<std::unique_ptr<TrainingJournal>> TrainingJournal::Open(
    selfplay::ExperienceStore& store, selfplay::MetricsFile* file,
    const std::optional<std::string>& prometheus_address) {
  std::unique_ptr<selfplay::PrometheusExporter> exporter;
  if (prometheus_address) {
    auto started = selfplay::PrometheusExporter::Start(*prometheus_address);
    if (!started.ok()) return started.status();
    exporter = *std::move(started);
  }
  return std::unique_ptr<TrainingJournal>(
      new TrainingJournal(store, file, std::move(exporter)));
}

TrainingJournal::TrainingJournal(
    selfplay::ExperienceStore& store, selfplay::MetricsFile* file,
    std::unique_ptr<selfplay::PrometheusExporter> exporter)
    : store_(store), file_(file), exporter_(std::move(exporter)) {}

absl::Status TrainingJournal::Write(const selfplay::MetricsLine& line) {
  if (file_ != nullptr) {
    const absl::Status status = file_->Append(line);
    if (!status.ok()) return status;
  }
  return store_.AddMetrics(line);
}

selfplay::WorkerEvents JournalEvents(TrainingJournal& journal,
                                     RecentEpisodes& recent) {
  return {.on_episode =
              [&journal, &recent](const selfplay::EpisodeEvent& event) {
                recent.Add(event);
                const absl::Status told = journal.Tell(ToMetrics(event));
                if (!told.ok()) PrintWarning(told.message());
              },
          .on_refused =
              [](int64_t ticket, const absl::Status& why) {
                PrintWarning(absl::StrCat("episode ", ticket,
                                          " is thrown away: ", why.message()));
              },
          .on_clip_left_out =
              [](const std::string& clip, const absl::Status& why) {
                PrintWarning(absl::StrCat("clip ", clip,
                                          " is left out: ", why.message()));
              }};
}

}  // namespace cli
