#ifndef CLI_TRAINING_JOURNAL_H_
#define CLI_TRAINING_JOURNAL_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/recent_episodes.h"
#include "selfplay/experience_store.h"
#include "selfplay/metrics.h"
#include "selfplay/metrics_file.h"
#include "selfplay/prometheus_exporter.h"
#include "selfplay/worker_events.h"

namespace cli {

// Takes the metrics of a process to where they are read: the store, a file of
// its run folder if it has one, Prometheus if it was asked for.  Thread-safe.
class TrainingJournal {
 public:
  // `store` and `file`, which may be null, must outlive this object.  Errors:
  // as PrometheusExporter::Start().
  static absl::StatusOr<std::unique_ptr<TrainingJournal>> Open(
      selfplay::ExperienceStore& store, selfplay::MetricsFile* file,
      const std::optional<std::string>& prometheus_address);

  // Errors: the store's and the file's.  Metrics is one of metrics.h.
  template <typename Metrics>
  absl::Status Tell(const Metrics& metrics) {
    if (exporter_ != nullptr) exporter_->Observe(metrics);
    return Write(selfplay::ToLine(metrics));
  }

 private:
  TrainingJournal(selfplay::ExperienceStore& store, selfplay::MetricsFile* file,
                  std::unique_ptr<selfplay::PrometheusExporter> exporter);
  absl::Status Write(const selfplay::MetricsLine& line);

  selfplay::ExperienceStore& store_;
  selfplay::MetricsFile* const file_;
  const std::unique_ptr<selfplay::PrometheusExporter> exporter_;
};

// Events that go into `journal` and `recent`, which must outlive the workers;
// what people should know of at once goes to stderr.
selfplay::WorkerEvents JournalEvents(TrainingJournal& journal,
                                     RecentEpisodes& recent);

}  // namespace cli

#endif  // CLI_TRAINING_JOURNAL_H_
