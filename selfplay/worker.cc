#include "selfplay/worker.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/target_bitrates.h"
#include "muzero/model.h"
#include "muzero/sha256.h"
#include "selfplay/clip_shelf.h"
#include "selfplay/episode_plan.h"
#include "selfplay/episode_player.h"
#include "selfplay/experience_store.h"
#include "selfplay/played_episode.h"
#include "selfplay/policy.h"
#include "selfplay/stoppable_sleep.h"
#include "selfplay/training_config.h"

namespace selfplay {
namespace {

using encoder_bridge::FirstPassFrameStats;

constexpr std::chrono::milliseconds kPolicyWait(100);
// A model that fails this often in a row is taken to be broken for good.
constexpr int kMaxFailuresInARow = 5;

absl::Status Stopped() { return absl::CancelledError("interrupted"); }

// Whether a worker that is told to stop may end with that: a store that is away
// is not waited for any more.
bool IsOfStopping(const absl::Status& status) {
  return absl::IsCancelled(status) || absl::IsUnavailable(status);
}

// What came of `run`; takes its encode.
PlayedEpisode ToPlayedEpisode(const std::string& clip, EpisodeRun& run) {
  const encoder_bridge::SequenceInfo& sequence = run.encode.sequence;
  const Pair pair = {
      .clip = absl::StrCat(clip, "@", sequence.width, "x", sequence.height),
      .target_bitrate_kbps = static_cast<int>(sequence.target_bitrate_kbps)};
  return {.pair = pair,
          .encode = std::move(run.encode),
          .outcome = run.outcome,
          .seconds = run.seconds};
}

}  // namespace

Worker::Worker(WorkerSurroundings& surroundings, std::string name)
    : around_(surroundings), name_(std::move(name)) {}

absl::Status Worker::Run(const std::stop_token& stop) {
  while (!stop.stop_requested() && TakeFromQuota()) {
    const absl::StatusOr<bool> stored = PlayOne(stop);
    if (!stored.ok() || !*stored) ReturnToQuota();
    if (stored.ok()) continue;
    if (stop.stop_requested() && IsOfStopping(stored.status())) break;
    return stored.status();
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Worker::PlayOne(const std::stop_token& stop) {
  const absl::Status may_begin = around_.gate.WaitToBegin(stop);
  if (!may_begin.ok()) return may_begin;
  const auto policy = WaitForPolicy(stop);
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<int64_t> ticket = around_.store.TakeTicket();
  if (!ticket.ok()) return ticket.status();
  absl::StatusOr<bool> stored = PlayTicket(*ticket, **policy, stop);
  if (!stored.ok()) {
    // Where this fails as well, the ticket is lost, as with a killed worker.
    around_.store.ReturnTicket(*ticket).IgnoreError();
  }
  return stored;
}

absl::StatusOr<bool> Worker::PlayTicket(int64_t ticket, Policy& policy,
                                        const std::stop_token& stop) {
  const TrainingConfig& config = around_.config;
  const EpisodePlan plan = PlanEpisode(
      ticket,
      {.num_clips = static_cast<int>(around_.clips.size()),
       .num_targets = static_cast<int>(config.episode.targets_kbps.size()),
       .seed = config.seed},
      config.self_play);
  if (IsLeftOut(plan.clip)) return false;
  absl::StatusOr<EpisodeRun> run = Play(plan, policy, stop);
  if (!run.ok()) {
    if (stop.stop_requested()) return Stopped();
    const absl::Status status = LeaveOut(plan.clip, run.status());
    if (!status.ok()) return status;
    return false;
  }
  if (run->planning.fallback_frames > 0) {
    const absl::Status failed = absl::InternalError(
        absl::StrCat("the model of weights ", policy.version(),
                     " failed: ", run->planning.fallback_reason));
    Refuse(ticket, failed);
    if (++failures_in_a_row_ == kMaxFailuresInARow) return failed;
    return false;
  }
  failures_in_a_row_ = 0;
  const absl::StatusOr<std::string> first_pass = NameFirstPass(run->stats);
  if (!first_pass.ok()) return first_pass.status();
  PlayedEpisode episode =
      ToPlayedEpisode(around_.clips[static_cast<size_t>(plan.clip)].name, *run);
  episode.id = absl::StrCat("ticket-", ticket);
  episode.worker = name_;
  episode.weights_version = policy.version();
  episode.first_pass = *first_pass;
  return Deliver(ticket, episode, run->planning);
}

absl::StatusOr<std::shared_ptr<Policy>> Worker::WaitForPolicy(
    const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    absl::StatusOr<std::shared_ptr<Policy>> policy = around_.policies.Newest();
    if (!policy.ok() || *policy != nullptr) return policy;
    SleepUnlessStopped(stop, kPolicyWait);
  }
  return Stopped();
}

absl::StatusOr<EpisodeRun> Worker::Play(const EpisodePlan& plan, Policy& policy,
                                        const std::stop_token& stop) {
  const TrainingConfig& config = around_.config;
  absl::StatusOr<PreparedClip> clip =
      around_.shelf.Take(around_.clips[static_cast<size_t>(plan.clip)], stop);
  if (!clip.ok()) return clip.status();
  PlanningOptions planning;
  planning.search = WithExploration(config.self_play.search, plan.exploration);
  if (!plan.is_guarded) planning.guard.reset();
  planning.seed = plan.search_seed;
  const std::unique_ptr<muzero::Model> model = policy.NewClient();
  return PlayEpisode(
      {.source = *clip->source,
       .first_pass = *clip->first_pass,
       .settings = EpisodeSettings(config.episode),
       .target_bitrate_kbps = encoder_bridge::TargetFor(
           clip->source->format(),
           config.episode.targets_kbps[static_cast<size_t>(plan.target)],
           config.episode.scale_targets),
       .planning = planning,
       .model = *model},
      stop);
}

absl::StatusOr<bool> Worker::Deliver(int64_t ticket,
                                     const PlayedEpisode& episode,
                                     const PlanningReport& planning) {
  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<EpisodeReceipt> receipt =
      around_.store.AddEpisode(episode, around_.config.self_competition);
  if (absl::IsInvalidArgument(receipt.status())) {
    first_passes_.clear();  // In case the store has lost one.
    Refuse(ticket, receipt.status());
    return false;
  }
  if (!receipt.ok()) return receipt.status();
  if (!around_.events.on_episode) return true;
  const std::chrono::duration<double> store_seconds =
      std::chrono::steady_clock::now() - start;
  const std::lock_guard lock(around_.mutex);
  around_.events.on_episode({.ticket = ticket,
                             .episode = episode,
                             .receipt = *receipt,
                             .planning = planning,
                             .store_seconds = store_seconds.count()});
  return true;
}

absl::StatusOr<std::string> Worker::NameFirstPass(
    absl::Span<const FirstPassFrameStats> stats) {
  static_assert(sizeof(FirstPassFrameStats) % sizeof(double) == 0);
  std::string& name = first_passes_[muzero::Sha256Hex(
      absl::string_view(reinterpret_cast<const char*>(stats.data()),
                        stats.size() * sizeof(FirstPassFrameStats)))];
  if (name.empty()) {
    absl::StatusOr<std::string> put = around_.store.PutFirstPass(stats);
    if (!put.ok()) return put;
    name = *std::move(put);
  }
  return name;
}

bool Worker::TakeFromQuota() {
  const std::lock_guard lock(around_.mutex);
  if (around_.episodes_left <= 0) return false;
  --around_.episodes_left;
  return true;
}

void Worker::ReturnToQuota() {
  const std::lock_guard lock(around_.mutex);
  ++around_.episodes_left;
}

bool Worker::IsLeftOut(int clip) {
  const std::lock_guard lock(around_.mutex);
  return around_.clips_left_out.contains(clip);
}

absl::Status Worker::LeaveOut(int clip, const absl::Status& why) {
  const std::string& name = around_.clips[static_cast<size_t>(clip)].name;
  const std::lock_guard lock(around_.mutex);
  if (around_.clips_left_out.insert(clip).second &&
      around_.events.on_clip_left_out) {
    around_.events.on_clip_left_out(name, why);
  }
  if (around_.clips_left_out.size() < around_.clips.size()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "none of the ", around_.clips.size(),
      " clips can be encoded; the last: ", name, ": ", why.message()));
}

void Worker::Refuse(int64_t ticket, const absl::Status& why) {
  if (!around_.events.on_refused) return;
  const std::lock_guard lock(around_.mutex);
  around_.events.on_refused(ticket, why);
}

}  // namespace selfplay
