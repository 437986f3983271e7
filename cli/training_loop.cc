#include "cli/training_loop.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/messages.h"
#include "selfplay/metrics.h"
#include "selfplay/run_end.h"

namespace cli {
namespace {

using selfplay::EvaluationMetrics;

constexpr std::chrono::milliseconds kIdle{20};
constexpr std::chrono::seconds kMetricsInterval{10};

}  // namespace

TrainingLoop::TrainingLoop(const Parts& parts,
                           const TrainingLoopOptions& options)
    : parts_(parts),
      options_(options),
      progress_(ProgressLine::ModeFor(options.is_quiet)),
      begun_(Clock::now()),
      first_episodes_(parts.learner.episodes()),
      next_metrics_(begun_ + kMetricsInterval),
      metrics_step_(parts.learner.step()),
      evaluated_episodes_(first_episodes_) {}

absl::Status TrainingLoop::Run() {
  const absl::Status status = OrInterrupted(Learn());
  progress_.Clear();
  if (!status.ok() && !absl::IsCancelled(status)) return status;
  if (parts_.pool != nullptr) parts_.pool->Stop();
  absl::Status saved = parts_.learner.Save();
  if (parts_.pool != nullptr) parts_.pool->Wait();
  if (saved.ok() && status.ok()) saved = FinishRun();
  if (saved.ok()) saved = TellMetrics();
  saved = OrInterrupted(saved);
  return saved.ok() ? status : saved;
}

absl::Status TrainingLoop::OrInterrupted(const absl::Status& status) const {
  if (!absl::IsUnavailable(status) || !options_.should_stop()) return status;
  return absl::CancelledError("interrupted");
}

absl::Status TrainingLoop::Learn() {
  for (;;) {
    const Clock::time_point turn_begun = Clock::now();
    const absl::StatusOr<bool> has_stepped = parts_.learner.Turn();
    if (!has_stepped.ok()) return has_stepped.status();
    if (options_.should_stop()) return absl::CancelledError("interrupted");
    if (IsOver(*has_stepped)) {
      return parts_.pool != nullptr ? parts_.pool->status() : absl::OkStatus();
    }
    absl::Status status = Evaluate();
    if (status.ok() && Clock::now() >= next_metrics_) status = TellMetrics();
    if (!status.ok()) return status;
    ShowProgress();
    if (!*has_stepped) {
      std::this_thread::sleep_for(kIdle);
    } else if (parts_.config.learner.cpu_share < 1) {
      std::this_thread::sleep_for((Clock::now() - turn_begun) *
                                  (1 / parts_.config.learner.cpu_share - 1));
    }
  }
}

bool TrainingLoop::IsOver(bool has_stepped) {
  if (Clock::now() - begun_ >= options_.max_time ||
      parts_.learner.step() >= options_.max_steps) {
    return true;
  }
  // Workers elsewhere may go on for ever, and the learner with them.
  if (parts_.pool == nullptr) {
    return parts_.learner.episodes() >= options_.max_episodes;
  }
  const bool has_ended = parts_.pool->WaitFor(std::chrono::milliseconds(0));
  if (!has_ended) return false;
  // The pool's last episode may have come after the learner looked.
  return !parts_.pool->status().ok() ||
         (!has_stepped &&
          parts_.learner.episodes() >= first_episodes_ + parts_.recent.count());
}

absl::Status TrainingLoop::TellMetrics() {
  next_metrics_ = Clock::now() + kMetricsInterval;
  if (parts_.learner.step() == metrics_step_) return absl::OkStatus();
  metrics_step_ = parts_.learner.step();
  const selfplay::LearnerMetrics metrics = parts_.learner.TakeMetrics();
  loss_ = metrics.loss;
  return parts_.journal.Tell(metrics);
}

absl::Status TrainingLoop::Evaluate() {
  if (parts_.evaluation == nullptr) return absl::OkStatus();
  const auto result = parts_.evaluation->Take();
  if (result) {
    if (!result->ok()) return result->status();
    const absl::Status status = parts_.journal.Tell(**result);
    if (!status.ok()) return status;
  }
  const int64_t every = parts_.config.evaluation.every_episodes;
  if (parts_.evaluation->is_running() || every == 0 ||
      parts_.learner.episodes() / every == evaluated_episodes_ / every) {
    return absl::OkStatus();
  }
  return StartEvaluation();
}

absl::Status TrainingLoop::StartEvaluation() {
  evaluated_episodes_ = parts_.learner.episodes();
  const int64_t version = parts_.learner.weights_version();
  absl::StatusOr<std::string> weights = parts_.store.Weights(version);
  if (!weights.ok()) return weights.status();
  parts_.evaluation->Start(*std::move(weights),
                           {.weights_version = version,
                            .learner_step = parts_.learner.step(),
                            .episodes = evaluated_episodes_});
  return absl::OkStatus();
}

absl::Status TrainingLoop::FinishRun() {
  // Before the last evaluation: there is nothing left to play for.
  const absl::Status status = selfplay::TellRunIsFinished(parts_.store);
  if (!status.ok() || parts_.evaluation == nullptr) return status;
  return FinishEvaluation();
}

absl::Status TrainingLoop::FinishEvaluation() {
  if (!parts_.evaluation->is_running()) {
    if (parts_.config.evaluation.every_episodes == 0 ||
        evaluated_episodes_ == parts_.learner.episodes()) {
      return absl::OkStatus();
    }
    const absl::Status status = StartEvaluation();
    if (!status.ok()) return status;
  }
  for (;;) {
    if (options_.should_stop()) return absl::CancelledError("interrupted");
    const auto result = parts_.evaluation->Take();
    if (result) {
      progress_.Clear();
      if (!result->ok()) return result->status();
      return parts_.journal.Tell(**result);
    }
    progress_.Update("measuring the last weights on clips not trained on");
    std::this_thread::sleep_for(kIdle);
  }
}

void TrainingLoop::ShowProgress() {
  if (!progress_.IsDue()) return;
  const double seconds =
      std::chrono::duration<double>(Clock::now() - begun_).count();
  const auto played =
      static_cast<double>(parts_.learner.episodes() - first_episodes_);
  std::string text = absl::StrFormat("episode %d", parts_.learner.episodes());
  const bool is_bounded =
      options_.max_episodes < std::numeric_limits<int64_t>::max();
  if (is_bounded) absl::StrAppend(&text, " of ", options_.max_episodes);
  absl::StrAppendFormat(&text, "  %.0f/h  step %d", played / seconds * 3600,
                        parts_.learner.step());
  if (std::isfinite(loss_)) absl::StrAppendFormat(&text, "  loss %.3f", loss_);
  absl::StrAppend(&text, parts_.recent.Text());
  double left = options_.max_time.count() - seconds;
  if (is_bounded && played > 0) {
    left = std::min(left, seconds / played *
                              static_cast<double>(options_.max_episodes -
                                                  parts_.learner.episodes()));
  }
  if (std::isfinite(left)) {
    absl::StrAppend(&text, "  ETA ", ClockText(std::max(0.0, left)));
  }
  progress_.Update(text);
}

}  // namespace cli
