#include "selfplay/training_report.h"

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "selfplay/episode_log.h"
#include "selfplay/experience_store.h"
#include "selfplay/metrics.h"
#include "selfplay/played_episode.h"
#include "selfplay/report_page.h"
#include "selfplay/self_competition.h"
#include "selfplay/training_curves.h"
#include "selfplay/training_report_assets.h"
#include "selfplay/training_status.h"

namespace selfplay {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kAll = std::numeric_limits<int>::max();
constexpr int kMaxPoints = 60;  // Of a curve of episodes.
constexpr int kMinGroup = 20;   // Episodes of such a point.
constexpr size_t kMaxLearnerPoints = 400;

// The mean of some neighbouring records, at the place of the last.
LearnerMetrics Mean(absl::Span<const LearnerMetrics> records) {
  LearnerMetrics mean = records.back();
  const double count = static_cast<double>(records.size());
  mean.loss = mean.policy_loss = mean.value_loss = 0;
  for (auto& [head, loss] : mean.auxiliary_losses) loss = 0;
  for (const LearnerMetrics& record : records) {
    mean.loss += record.loss / count;
    mean.policy_loss += record.policy_loss / count;
    mean.value_loss += record.value_loss / count;
    for (const auto& [head, loss] : record.auxiliary_losses) {
      mean.auxiliary_losses[head] += loss / count;
    }
  }
  return mean;
}

std::vector<LearnerMetrics> Thinned(absl::Span<const LearnerMetrics> records) {
  const size_t group =
      (records.size() + kMaxLearnerPoints - 1) / kMaxLearnerPoints;
  std::vector<LearnerMetrics> thinned;
  for (size_t i = 0; i < records.size(); i += group) {
    thinned.push_back(Mean(records.subspan(i, group)));
  }
  return thinned;
}

absl::Status ReadMetrics(ExperienceStore& store, TrainingReport& report) {
  const auto learner = store.Metrics(LearnerMetrics::kRole, kAll);
  if (!learner.ok()) return learner.status();
  std::vector<LearnerMetrics> records;
  for (const MetricsLine& line : *learner) {
    const auto record = ToLearnerMetrics(line);
    if (record.ok()) records.push_back(*record);
  }
  report.learner = Thinned(records);
  const auto evaluations = store.Metrics(EvaluationMetrics::kRole, kAll);
  if (!evaluations.ok()) return evaluations.status();
  for (const MetricsLine& line : *evaluations) {
    const auto record = ToEvaluationMetrics(line);
    if (record.ok()) report.evaluations.push_back(*record);
  }
  return absl::OkStatus();
}

Json OrNull(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

Json CurveJson(const std::vector<EpisodeSummary>& curve) {
  Json points = Json::array();
  for (const EpisodeSummary& point : curve) {
    points.push_back({{"episodes", point.last_sequence},
                      {"time", point.last_stored_at},
                      {"win_rate", OrNull(point.win_rate)},
                      {"share_on_target", OrNull(point.share_on_target)},
                      {"mean_overshoot", OrNull(point.mean_overshoot)},
                      {"encodes_per_hour", OrNull(point.encodes_per_hour)},
                      {"psnr_gain_db", OrNull(point.mean_psnr_gain_db)}});
  }
  return points;
}

template <typename Metrics>
Json RecordsJson(const std::vector<Metrics>& records) {
  Json json = Json::array();
  for (const Metrics& record : records) {
    json.push_back(Json::parse(ToLine(record).json));
  }
  return json;
}

Json PairsJson(const std::map<Pair, History>& histories) {
  Json pairs = Json::array();
  for (const auto& [pair, history] : histories) {
    pairs.push_back({{"clip", pair.clip},
                     {"target_kbps", pair.target_bitrate_kbps},
                     {"episodes", history.episodes},
                     {"quality_db", history.quality},
                     {"overshoot", history.overshoot}});
  }
  return pairs;
}

}  // namespace

absl::StatusOr<TrainingReport> ReadTrainingReport(ExperienceStore& store) {
  auto status = ReadTrainingStatus(store);
  if (!status.ok()) return status.status();
  TrainingReport report = {.status = *std::move(status)};
  const auto log = ReadEpisodeLog(store, std::numeric_limits<int64_t>::max());
  if (!log.ok()) return log.status();
  report.curve = TrainingCurve(*log, kMaxPoints, kMinGroup);
  if (absl::Status read = ReadMetrics(store, report); !read.ok()) return read;
  auto histories = store.Histories();
  if (!histories.ok()) return histories.status();
  report.histories = *std::move(histories);
  auto config = store.Setting(kConfigSetting);
  if (!config.ok()) return config.status();
  report.config = *std::move(config);
  return report;
}

std::string RenderTrainingReport(const TrainingReport& report,
                                 const std::string& title) {
  Json data;
  data["title"] = title;
  data["status"] = Json::parse(StatusJson(report.status));
  data["curve"] = CurveJson(report.curve);
  data["learner"] = RecordsJson(report.learner);
  data["evaluations"] = RecordsJson(report.evaluations);
  data["pairs"] = PairsJson(report.histories);
  data["config"] = report.config ? Json(*report.config) : Json();
  return RenderPage({.title = "muzero-rc training",
                     .style = TrainingReportStyle(),
                     .body = TrainingReportBody(),
                     .script = TrainingReportScript()},
                    data);
}

}  // namespace selfplay
