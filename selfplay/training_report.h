#ifndef SELFPLAY_TRAINING_REPORT_H_
#define SELFPLAY_TRAINING_REPORT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "selfplay/experience_store.h"
#include "selfplay/metrics.h"
#include "selfplay/played_episode.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_curves.h"
#include "selfplay/training_status.h"

namespace selfplay {

// What the HTML report of a training run is made from.
struct TrainingReport {
  TrainingStatus status;
  std::vector<EpisodeSummary> curve;           // Of all kept episodes.
  std::vector<LearnerMetrics> learner;         // Thinned out, by order of time.
  std::vector<EvaluationMetrics> evaluations;  // By order of time.
  std::map<Pair, History> histories;
  std::optional<std::string> config;  // The run's, as TOML.
};

// Reads every kept episode, some hundred a second.
// Errors: the store's.
absl::StatusOr<TrainingReport> ReadTrainingReport(ExperienceStore& store);

// One page, report_page.h.  `title` names the run.
std::string RenderTrainingReport(const TrainingReport& report,
                                 const std::string& title);

}  // namespace selfplay

#endif  // SELFPLAY_TRAINING_REPORT_H_
