#include "selfplay/teacher.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/null_sink.h"
#include "selfplay/encode_recorder.h"
#include "selfplay/list_controller.h"
#include "selfplay/offset_plan.h"
#include "selfplay/plan_controller.h"

namespace selfplay {
namespace {

using encoder_bridge::EncodeProgress;
using encoder_bridge::EncodeResult;
using encoder_bridge::FrameType;
using encoder_bridge::RateControlMode;

// dB for each ln of bits, to compare encodes that are off the target by a
// percent or two: what real clips have, near their targets.
constexpr double kSlopeDb = 5;
// What the price of a bit that follows from that counts for, as a fraction of
// the clip's bits: next to nothing, once trials have found the real one.
constexpr double kPriceWeight = 0.02;
// ln of the step, standard deviation of a disturbance.
constexpr double kDisturbance = 0.25;
constexpr int kDisturbedFrames = 8;  // That share one.
// Times that one change is made again while it pays.
constexpr int kMaxClimb = 4;

// A plan and what a whole encode by it came to.
struct TriedPlan {
  OffsetPlan plan;
  double score_db = 0;          // Mean PSNR, were it at the target.
  std::vector<int> boundaries;  // Show indices at which groups began.
  size_t encode = 0;            // Index into Lesson::encodes.
};

std::vector<int> BoundariesOf(const std::vector<EncodeStep>& steps) {
  std::vector<int> boundaries;
  for (const EncodeStep& step : steps) {
    if (step.frame.type == FrameType::kInter ||
        step.frame.type == FrameType::kOverlay) {
      continue;
    }
    boundaries.push_back(step.frame.show_index);
  }
  std::sort(boundaries.begin(), boundaries.end());
  boundaries.erase(std::unique(boundaries.begin(), boundaries.end()),
                   boundaries.end());
  return boundaries;
}

class Teacher {
 public:
  Teacher(const TeacherTask& task, const TeacherOptions& options)
      : task_(task),
        options_(options),
        sequence_({.width = task.first_pass.width,
                   .height = task.first_pass.height,
                   .frame_rate = task.first_pass.num_frames /
                                 task.first_pass.duration_seconds,
                   .num_frames = task.first_pass.num_frames,
                   .target_bitrate_kbps =
                       static_cast<double>(task.target_bitrate_kbps)}) {}

  absl::StatusOr<Lesson> Run() {
    absl::Status status = EncodeVbr();
    if (!status.ok()) return status;
    absl::StatusOr<TriedPlan> best =
        Try(OffsetPlan::None(sequence_.num_frames), "feedback");
    const size_t first_try = lesson_.encodes.size();
    if (best.ok()) best = SearchClip(*std::move(best));
    BranchSteps steps = options_.first_steps;
    for (int round = 1; best.ok() && round <= options_.rounds; ++round) {
      best =
          SearchGroups(*std::move(best), steps, absl::StrCat("round ", round));
      steps.key *= options_.shrink;
      steps.alt_ref *= options_.shrink;
      steps.leaf *= options_.shrink;
    }
    if (!best.ok()) return best.status();
    auto& encodes = lesson_.encodes;
    for (size_t i = first_try; i < encodes.size(); ++i) {
      encodes[i].is_try = true;
    }
    status = Disturb(best->plan);
    if (!status.ok()) return status;
    // The best comes last.
    const auto chosen =
        encodes.begin() + static_cast<std::ptrdiff_t>(best->encode);
    for (EncodeStep& step : chosen->encode.steps) step.is_example = true;
    std::rotate(chosen, chosen + 1, encodes.end());
    return std::move(lesson_);
  }

 private:
  // A way to change a plan over the whole clip, by an amount of either sign.
  using Change = std::function<void(double by, OffsetPlan& plan)>;

  // One second pass by `controller`, written down as `what`.
  absl::StatusOr<EncodeResult> Encode(
      encoder_bridge::RateController& controller, const std::string& what) {
    EncodeRecorder recorder(controller);
    encoder_bridge::NullSink sink;
    auto result = encoder_bridge::RunSecondPass(
        task_.source, task_.settings, task_.first_pass,
        {.mode = RateControlMode::kExternal,
         .target_bitrate_kbps = task_.target_bitrate_kbps,
         .controller = &recorder},
        sink, [](const EncodeProgress&) { return absl::OkStatus(); });
    if (!result.ok()) return result.status();
    lesson_.stats = recorder.stats();
    lesson_.encodes_spent += 1;
    lesson_.encodes.push_back(
        {.what = what,
         .encode = {.sequence = sequence_,
                    .tracker = {},
                    .steps = recorder.steps(),
                    .outcome = {.bits_fraction = result->bitrate_kbps /
                                                 task_.target_bitrate_kbps,
                                .mean_psnr_db = result->psnr.mean_db}},
         .outcome = {.quality = result->psnr.mean_db,
                     .overshoot = encoder_bridge::Overshoot(
                         result->bitrate_kbps, task_.target_bitrate_kbps)},
         .seconds = result->encode_seconds});
    return result;
  }

  // What libvpx itself does, told by the hook: its q_index values once more.
  absl::Status EncodeVbr() {
    encoder_bridge::NullSink sink;
    const auto vbr = encoder_bridge::RunSecondPass(
        task_.source, task_.settings, task_.first_pass,
        {.mode = RateControlMode::kVbr,
         .target_bitrate_kbps = task_.target_bitrate_kbps},
        sink, [](const EncodeProgress&) { return absl::OkStatus(); });
    if (!vbr.ok()) return vbr.status();
    lesson_.encodes_spent += 1;
    std::vector<int> q_indices;
    for (const encoder_bridge::CodedFrame& frame : vbr->frames) {
      q_indices.push_back(std::max(frame.q_index, encoder_bridge::kMinQIndex));
    }
    ListController list(std::move(q_indices));
    // Groups may come out otherwise: then there is no such encode.
    const auto again = Encode(list, "vbr");
    return absl::IsFailedPrecondition(again.status()) ? absl::OkStatus()
                                                      : again.status();
  }

  // What the last encode came to, by `plan`.
  TriedPlan LastTried(OffsetPlan plan) const {
    const TaughtEncode& last = lesson_.encodes.back();
    return {.plan = std::move(plan),
            .score_db = last.outcome.quality -
                        kSlopeDb * std::log(last.encode.outcome.bits_fraction),
            .boundaries = BoundariesOf(last.encode.steps),
            .encode = lesson_.encodes.size() - 1};
  }

  absl::StatusOr<TriedPlan> Try(OffsetPlan plan, const std::string& what) {
    PlanController controller(sequence_, std::move(plan));
    const auto result = Encode(controller, what);
    if (!result.ok()) return result.status();
    return LastTried(controller.plan());
  }

  // Of the whole clip.
  std::vector<Change> Changes() const {
    const int end = sequence_.num_frames;
    return {[end](double by, OffsetPlan& plan) {
              AddToRange(plan.key, 0, end, by);
            },
            [end](double by, OffsetPlan& plan) {
              AddToRange(plan.alt_ref, 0, end, by);
            }};
  }

  // Searches the offsets that the whole clip has in common, one after the
  // other, in ever smaller steps.
  absl::StatusOr<TriedPlan> SearchClip(TriedPlan best) {
    for (const double step : options_.clip_steps) {
      for (const Change& change : Changes()) {
        for (const double by : {-step, step}) {
          const auto better = Climb(best, change, by);
          if (!better.ok()) return better.status();
          if (!better->has_value()) continue;
          best = **better;
          break;
        }
      }
    }
    return best;
  }

  // The best plan that repeated changes by `by` lead to; none if the first one
  // does not pay.
  absl::StatusOr<std::optional<TriedPlan>> Climb(const TriedPlan& from,
                                                 const Change& change,
                                                 double by) {
    std::optional<TriedPlan> best;
    for (int i = 0; i < kMaxClimb; ++i) {
      const TriedPlan& last = best ? *best : from;
      OffsetPlan plan = last.plan;
      change(by, plan);
      auto tried = Try(std::move(plan), "clip");
      if (!tried.ok()) return tried.status();
      if (tried->score_db < last.score_db + options_.min_gain_db) break;
      best = *std::move(tried);
    }
    return best;
  }

  // What a search by groups makes of `best`, or that itself.
  absl::StatusOr<TriedPlan> SearchGroups(TriedPlan best,
                                         const BranchSteps& steps,
                                         const std::string& what) {
    const double target_bits =
        task_.target_bitrate_kbps * 1000.0 * task_.first_pass.duration_seconds;
    BranchingController controller(
        sequence_, best.plan, best.boundaries,
        {.groups = options_.groups,
         .key_groups = options_.key_groups,
         .steps = steps,
         .min_gain_db = options_.min_gain_db,
         .db_per_bit = price_.value_or(kSlopeDb / target_bits),
         .price_weight_bits = kPriceWeight * target_bits});
    const auto result = Encode(controller, what);
    if (controller.IsTrial()) ForkedTrial::GiveUp();
    if (!result.ok()) return result.status();
    price_ = controller.db_per_bit();
    lesson_.encodes_spent += static_cast<double>(controller.trial_frames()) /
                             task_.first_pass.num_frames;
    TriedPlan found = LastTried(controller.plan());
    return found.score_db > best.score_db ? found : best;
  }

  absl::Status Disturb(const OffsetPlan& plan) {
    std::seed_seq seed = {options_.seed,
                          static_cast<unsigned>(task_.target_bitrate_kbps),
                          static_cast<unsigned>(sequence_.num_frames)};
    std::mt19937 random(seed);
    std::normal_distribution<double> draw(0, kDisturbance);
    for (int i = 0; i < options_.disturbed; ++i) {
      OffsetPlan disturbed = plan;
      for (int frame = 0; frame < sequence_.num_frames;
           frame += kDisturbedFrames) {
        const int end = frame + kDisturbedFrames;
        AddToRange(disturbed.leaf, frame, end, draw(random));
        AddToRange(disturbed.alt_ref, frame, end, draw(random));
        AddToRange(disturbed.key, frame, end, draw(random));
      }
      const auto tried = Try(std::move(disturbed), "disturbed");
      if (!tried.ok()) return tried.status();
    }
    return absl::OkStatus();
  }

  const TeacherTask& task_;
  const TeacherOptions& options_;
  const encoder_bridge::SequenceInfo sequence_;
  std::optional<double> price_;  // dB for a bit, as trials have found it.
  Lesson lesson_;
};

}  // namespace

absl::Status TeacherOptions::Validate() const {
  const auto wants = [](const char* field, bool is_good, const char* wanted) {
    return is_good ? absl::OkStatus()
                   : absl::InvalidArgumentError(
                         absl::StrCat(field, " must be ", wanted));
  };
  absl::Status status = wants("rounds", rounds >= 0, "0 or more");
  status.Update(wants(
      "first_steps",
      first_steps.key > 0 && first_steps.alt_ref > 0 && first_steps.leaf > 0,
      "above 0"));
  status.Update(wants("shrink", shrink > 0 && shrink <= 1, "in (0, 1]"));
  status.Update(wants("groups", groups >= 1 && key_groups >= 1, "1 or more"));
  status.Update(wants("min_gain_db", min_gain_db >= 0, "0 or more"));
  status.Update(wants("disturbed", disturbed >= 0, "0 or more"));
  return status;
}

absl::StatusOr<Lesson> Teach(const TeacherTask& task,
                             const TeacherOptions& options) {
  const absl::Status status = options.Validate();
  if (!status.ok()) return status;
  if (task.settings.threads != 1) {
    return absl::InvalidArgumentError("a teacher encodes with one thread");
  }
  return Teacher(task, options).Run();
}

}  // namespace selfplay
