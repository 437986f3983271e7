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
#include "encoder_bridge/feedback_controller.h"
#include "encoder_bridge/packet_sink.h"
#include "encoder_bridge/quantizer_step.h"
#include "selfplay/encode_recorder.h"
#include "selfplay/plan_controller.h"
#include "selfplay/quantizer_plan.h"

namespace selfplay {
namespace {

using encoder_bridge::EncodeProgress;
using encoder_bridge::EncodeResult;
using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameType;
using encoder_bridge::RateControlMode;

// By how much (in ln) bits fall where the base rises by 1, until it is known.
constexpr double kUsualElasticity = 0.9;
constexpr double kLeastElasticity = 0.4;
constexpr double kMostElasticity = 2;
// A step of the base that tells what a bit is worth.
constexpr double kSlopeStep = 0.15;
// dB for each ln of bits: what real clips have, near their targets.
constexpr double kLeastSlope = 1;
constexpr double kMostSlope = 12;
constexpr double kUsualSlope = 5;
// What a price that was only guessed counts for, as a fraction of the clip.
constexpr double kPriceWeight = 0.02;
// ln of the step, standard deviation of a disturbance.
constexpr double kDisturbance = 0.25;
// Times that one change is made again while it pays.
constexpr int kMaxClimb = 4;
constexpr int kDisturbedFrames = 8;  // That share one.

class NullSink : public encoder_bridge::PacketSink {
 public:
  absl::Status Write(const encoder_bridge::EncodedPacket&) override {
    return absl::OkStatus();
  }
};

// A plan and what a whole encode by it came to.
struct TriedPlan {
  QuantizerPlan plan;
  double log_bits = 0;  // ln(bits / target bits)
  double psnr_db = 0;
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
    if (status.ok()) status = EncodeFeedback();
    if (!status.ok()) return status;
    auto best = Match(FirstPlan(), "rule");
    if (best.ok()) best = MeasureSlope(*best);
    if (!best.ok()) return best.status();
    best = Widen(*std::move(best));
    if (!best.ok()) return best.status();
    BranchSteps steps = options_.first_steps;
    for (int round = 1; round <= options_.rounds; ++round) {
      const auto found = Search(*best, steps, absl::StrCat("round ", round));
      if (!found.ok()) return found.status();
      if (AtTarget(*found) > AtTarget(*best)) best = found;
      steps.key *= options_.shrink;
      steps.alt_ref *= options_.shrink;
      steps.leaf *= options_.shrink;
    }
    status = Disturb(best->plan);
    if (!status.ok()) return status;
    // The best comes last.
    auto& encodes = lesson_.encodes;
    const auto chosen =
        encodes.begin() + static_cast<std::ptrdiff_t>(best->encode);
    for (EncodeStep& step : chosen->encode.steps) step.is_example = true;
    std::rotate(chosen, chosen + 1, encodes.end());
    return std::move(lesson_);
  }

 private:
  // One second pass by `controller`, written down as `what`.
  absl::StatusOr<EncodeResult> Encode(
      encoder_bridge::RateController& controller, const std::string& what) {
    EncodeRecorder recorder(controller);
    NullSink sink;
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
    NullSink sink;
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

  absl::Status EncodeFeedback() {
    encoder_bridge::FeedbackController feedback(sequence_);
    return Encode(feedback, "feedback").status();
  }

  // The rule's plan, at the base nearest to what feedback's leaves had.
  QuantizerPlan FirstPlan() const {
    QuantizerPlan plan =
        RulePlan(sequence_.width, sequence_.height, lesson_.stats);
    double sum = 0;
    int count = 0;
    for (const EncodeStep& step : lesson_.encodes.back().encode.steps) {
      if (step.frame.type != FrameType::kInter) continue;
      sum += encoder_bridge::LogQuantizerStep(step.result.q_index) -
             plan.leaf[static_cast<size_t>(step.frame.show_index)];
      ++count;
    }
    if (count > 0) plan.log_base = sum / count;
    return plan;
  }

  absl::StatusOr<TriedPlan> TryPlan(QuantizerPlan plan,
                                    const std::string& what) {
    PlanController controller(plan);
    const auto result = Encode(controller, what);
    if (!result.ok()) return result.status();
    return TriedPlan{
        .plan = std::move(plan),
        .log_bits = std::log(result->bitrate_kbps / task_.target_bitrate_kbps),
        .psnr_db = result->psnr.mean_db,
        .boundaries = BoundariesOf(lesson_.encodes.back().encode.steps),
        .encode = lesson_.encodes.size() - 1};
  }

  // Moves the base of `plan` until the target is met.
  absl::StatusOr<TriedPlan> Match(QuantizerPlan plan, const std::string& what) {
    std::optional<TriedPlan> best;
    double elasticity = elasticity_;
    for (int i = 0; i < options_.max_matches; ++i) {
      const auto tried = TryPlan(plan, what);
      if (!tried.ok()) return tried.status();
      if (best) {
        const double moved = tried->plan.log_base - best->plan.log_base;
        const double gained = tried->log_bits - best->log_bits;
        if (std::abs(moved) > 0.02) {
          elasticity =
              std::clamp(-gained / moved, kLeastElasticity, kMostElasticity);
        }
      }
      if (!best || std::abs(tried->log_bits) < std::abs(best->log_bits)) {
        best = *tried;
      }
      if (std::abs(best->log_bits) <= options_.rate_tolerance) break;
      plan = best->plan.Shifted(best->log_bits / elasticity);
    }
    elasticity_ = elasticity;
    return *std::move(best);
  }

  // What a bit is worth, by an encode with a coarser base.
  absl::StatusOr<TriedPlan> MeasureSlope(TriedPlan best) {
    const auto coarser =
        TryPlan(best.plan.Shifted(kSlopeStep), "rule, coarser");
    if (!coarser.ok()) return coarser.status();
    const double ratio = best.log_bits - coarser->log_bits;
    slope_ = ratio > 0.02
                 ? std::clamp((best.psnr_db - coarser->psnr_db) / ratio,
                              kLeastSlope, kMostSlope)
                 : kUsualSlope;
    return best;
  }

  // Mean PSNR at the target, were `tried` a little larger or smaller.
  double AtTarget(const TriedPlan& tried) const {
    return tried.psnr_db - slope_ * tried.log_bits;
  }

  // A way to change a plan over the whole clip, by an amount of either sign.
  struct Change {
    std::function<void(double by, QuantizerPlan& plan)> apply;
    // ln(bits) that a change by 1 adds, as the last one was found to.
    double log_bits = 0;
  };

  // Offsets that the whole clip has in common.
  std::vector<Change> Changes() const {
    const int end = sequence_.num_frames;
    return {{.apply =
                 [end](double by, QuantizerPlan& plan) {
                   AddToRange(plan.key, 0, end, by);
                 }},
            {.apply =
                 [end](double by, QuantizerPlan& plan) {
                   AddToRange(plan.alt_ref, 0, end, by);
                 }},
            // How much more dear stretches are spared than cheap ones.
            {.apply = [](double by, QuantizerPlan& plan) {
              for (size_t i = 0; i < plan.leaf.size(); ++i) {
                const double more = 2 * by * plan.leaf[i];
                plan.leaf[i] += more;
                plan.alt_ref[i] += more;
                plan.key[i] += more;
              }
            }}};
  }

  // Searches the offsets that the whole clip has in common, one after the
  // other, in ever smaller steps.
  absl::StatusOr<TriedPlan> Widen(TriedPlan best) {
    std::vector<Change> changes = Changes();
    for (const double step : options_.clip_steps) {
      for (Change& change : changes) {
        for (const double by : {-step, step}) {
          const auto better = Climb(best, change, by);
          if (!better.ok()) return better.status();
          if (!better->has_value()) continue;
          best = **better;
          break;
        }
      }
    }
    return Match(best.plan.Shifted(best.log_bits / elasticity_), "clip");
  }

  // The best plan that repeated changes by `by` lead to; none if the first one
  // does not pay.
  absl::StatusOr<std::optional<TriedPlan>> Climb(const TriedPlan& from,
                                                 Change& change, double by) {
    std::optional<TriedPlan> best;
    for (int i = 0; i < kMaxClimb; ++i) {
      const TriedPlan& last = best ? *best : from;
      // Where it should meet the target, so that qualities can be compared.
      const double shift = (last.log_bits + change.log_bits * by) / elasticity_;
      QuantizerPlan plan = last.plan.Shifted(shift);
      change.apply(by, plan);
      const auto tried = TryPlan(std::move(plan), "clip");
      if (!tried.ok()) return tried.status();
      change.log_bits =
          (tried->log_bits - last.log_bits + shift * elasticity_) / by;
      if (AtTarget(*tried) < AtTarget(last) + options_.min_gain_db) break;
      best = *tried;
    }
    return best;
  }

  absl::StatusOr<TriedPlan> Search(const TriedPlan& from,
                                   const BranchSteps& steps,
                                   const std::string& what) {
    const double target_bits =
        task_.target_bitrate_kbps * 1000.0 * task_.first_pass.duration_seconds;
    BranchingController controller(
        from.plan, from.boundaries,
        {.groups = options_.groups,
         .key_groups = options_.key_groups,
         .steps = steps,
         .min_gain_db = options_.min_gain_db,
         .db_per_bit = price_.value_or(slope_ / target_bits),
         .price_weight_bits = kPriceWeight * target_bits});
    const auto result = Encode(controller, what);
    if (controller.IsTrial()) ForkedTrial::GiveUp();
    if (!result.ok()) return result.status();
    price_ = controller.db_per_bit();
    lesson_.encodes_spent += static_cast<double>(controller.trial_frames()) /
                             task_.first_pass.num_frames;
    const double log_bits =
        std::log(result->bitrate_kbps / task_.target_bitrate_kbps);
    return Match(controller.plan().Shifted(log_bits / elasticity_), what);
  }

  absl::Status Disturb(const QuantizerPlan& plan) {
    std::seed_seq seed = {options_.seed,
                          static_cast<unsigned>(task_.target_bitrate_kbps),
                          static_cast<unsigned>(sequence_.num_frames)};
    std::mt19937 random(seed);
    std::normal_distribution<double> draw(0, kDisturbance);
    for (int i = 0; i < options_.disturbed; ++i) {
      QuantizerPlan disturbed = plan;
      for (int frame = 0; frame < sequence_.num_frames;
           frame += kDisturbedFrames) {
        const int end = frame + kDisturbedFrames;
        AddToRange(disturbed.leaf, frame, end, draw(random));
        AddToRange(disturbed.alt_ref, frame, end, draw(random));
        AddToRange(disturbed.key, frame, end, draw(random));
      }
      const auto tried = TryPlan(disturbed, "disturbed");
      if (!tried.ok()) return tried.status();
    }
    return absl::OkStatus();
  }

  const TeacherTask& task_;
  const TeacherOptions& options_;
  const encoder_bridge::SequenceInfo sequence_;
  double elasticity_ = kUsualElasticity;
  double slope_ = kUsualSlope;
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
  status.Update(wants("rate_tolerance", rate_tolerance > 0, "above 0"));
  status.Update(wants("max_matches", max_matches >= 1, "1 or more"));
  status.Update(wants("disturbed", disturbed >= 0, "0 or more"));
  return status;
}

absl::StatusOr<Lesson> Teach(const TeacherTask& task,
                             const TeacherOptions& options) {
  absl::Status status = options.Validate();
  if (!status.ok()) return status;
  if (task.settings.threads != 1) {
    return absl::InvalidArgumentError("a teacher encodes with one thread");
  }
  return Teacher(task, options).Run();
}

}  // namespace selfplay
