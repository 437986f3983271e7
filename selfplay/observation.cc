#include "selfplay/observation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "encoder_bridge/bit_plan.h"
#include "encoder_bridge/feedback_outlook.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/rate_model.h"
#include "encoder_bridge/sane_statistic.h"
#include "muzero/model.h"
#include "selfplay/features.h"
#include "selfplay/frame_history.h"

namespace selfplay {
namespace {

using encoder_bridge::CostKind;
using encoder_bridge::FeedbackOutlook;
using encoder_bridge::FirstPassFrameStats;
using encoder_bridge::FrameInfo;
using encoder_bridge::FrameType;
using encoder_bridge::SaneStatistic;

constexpr int kSinglesBefore = 8;
constexpr int kSinglesAfter = 16;
constexpr int kBlocks = 14;  // On either side.
static_assert(kSinglesBefore + 1 + kSinglesAfter + 2 * kBlocks == kMaxTokens);

// Shown frames `begin` to `end` - 1: one token.
struct Block {
  int begin = 0;
  int end = 0;
};

// The numbers of one token or context, each kept in its range.
class Row {
 public:
  Row(absl::Span<const Feature> features, absl::Span<float> values)
      : features_(features), values_(values) {}

  void Set(int feature, double value) {
    const auto i = static_cast<size_t>(feature);
    values_[i] = Bounded(features_[i], value);
  }

 private:
  const absl::Span<const Feature> features_;
  const absl::Span<float> values_;
};

// Sums over the frames of a block, a frame's numbers bounded first so that one
// frame without sense does not drown the others.
using Sums = std::array<double, kNumTokenFeatures>;

void Add(Sums& sums, TokenFeature feature, double value) {
  const auto i = static_cast<size_t>(feature);
  sums[i] += Bounded(TokenFeatures()[i], value);
}

double Sane(double value) { return std::isfinite(value) ? value : 0; }

// ln(1 + |percent|), with its sign.
double SignedLogPercent(double part, double whole) {
  const double percent = std::log1p(100 * std::abs(Sane(part)) / whole);
  return part < 0 ? -percent : percent;
}

double PixelsOf(const ObservationSource& source) {
  return static_cast<double>(source.sequence.width) * source.sequence.height;
}

double MacroblocksOf(const ObservationSource& source) {
  return static_cast<double>((source.sequence.width + 15) / 16) *
         ((source.sequence.height + 15) / 16);
}

// ln(1 + error).  libvpx adds to each frame's error, of all its macroblocks,
// 200 for the root of their number (first_pass_stat_calc, vp9_firstpass.c):
// taken off, or it would say more of small pictures than what they show.
double LogError(const ObservationSource& source, double error) {
  const double floor = 200 / std::sqrt(MacroblocksOf(source));
  return std::log1p(std::max(0.0, SaneStatistic(error) - floor));
}

// ln(bits per luma pixel).
double LogRate(const ObservationSource& source, double bits) {
  return std::log(std::max(1e-9, bits) / PixelsOf(source));
}

void AddStatistics(const ObservationSource& source, int show_index,
                   Sums& sums) {
  const FirstPassFrameStats& s = source.stats[static_cast<size_t>(show_index)];
  Add(sums, kLogIntraError, LogError(source, s.intra_error));
  Add(sums, kLogCodedError, LogError(source, s.coded_error));
  Add(sums, kLogSecondRefError, LogError(source, s.sr_coded_error));
  Add(sums, kLogNoiseEnergy, std::log1p(SaneStatistic(s.frame_noise_energy)));
  Add(sums, kInterShare, s.pcnt_inter);
  Add(sums, kMotionShare, s.pcnt_motion);
  Add(sums, kSecondRefShare, s.pcnt_second_ref);
  Add(sums, kNeutralShare, s.pcnt_neutral);
  Add(sums, kIntraLowShare, s.pcnt_intra_low);
  Add(sums, kIntraHighShare, s.pcnt_intra_high);
  Add(sums, kIntraSkipShare, s.intra_skip_pct);
  Add(sums, kIntraSmoothShare, s.intra_smooth_pct);
  // Zones are in macroblocks, motion in 1/8 pixel.
  const double mb_rows = (source.sequence.height + 15) / 16;
  const double mb_columns = (source.sequence.width + 15) / 16;
  Add(sums, kInactiveRows, s.inactive_zone_rows / mb_rows);
  Add(sums, kInactiveColumns, s.inactive_zone_cols / mb_columns);
  const double height = 8.0 * source.sequence.height;
  const double width = 8.0 * source.sequence.width;
  Add(sums, kMotionRows, SignedLogPercent(std::abs(s.mv_row_abs), height));
  Add(sums, kMotionColumns, SignedLogPercent(std::abs(s.mv_col_abs), width));
  Add(sums, kMotionRowsSpread,
      SignedLogPercent(std::sqrt(SaneStatistic(s.mv_row_variance)), height));
  Add(sums, kMotionColumnsSpread,
      SignedLogPercent(std::sqrt(SaneStatistic(s.mv_col_variance)), width));
  Add(sums, kPanRows, SignedLogPercent(s.mv_row, height));
  Add(sums, kPanColumns, SignedLogPercent(s.mv_col, width));
  Add(sums, kMotionInOut, s.mv_in_out_count);
  Add(sums, kLogForecastBpp,
      source.model.Leaf(show_index).log_bits - std::log(PixelsOf(source)));
}

// Counts of coded frames and ARFs go to the shares, sums over those alone to
// the rest.
void AddOutcomes(const ObservationSource& source, int show_index, Sums& sums) {
  const ShownFrame* frame = source.history.At(show_index);
  const bool is_coded = frame != nullptr && frame->coded.has_value();
  Add(sums, kKeyShare,
      is_coded ? frame->type == FrameType::kKey
               : source.is_key[static_cast<size_t>(show_index)]);
  if (is_coded) {
    Add(sums, kCodedShare, 1);
    Add(sums, kOverlayShare, frame->type == FrameType::kOverlay);
    Add(sums, kCodedLogStep, frame->coded->log_step);
    Add(sums, kCodedLogBpp, frame->coded->log_bpp);
    Add(sums, kCodedPsnr, frame->coded->psnr_db / 10);
  }
  if (frame != nullptr && frame->alt_ref.has_value()) {
    Add(sums, kAltRefShare, 1);
    Add(sums, kAltRefLogStep, frame->alt_ref->log_step);
    Add(sums, kAltRefLogBpp, frame->alt_ref->log_bpp);
  }
}

double Take(const Sums& sums, TokenFeature feature) {
  return sums[static_cast<size_t>(feature)];
}

void FillPosition(const ObservationSource& source, const Block& block,
                  Row& row) {
  const double center = (block.begin + block.end - 1) / 2.0;
  const double distance = center - source.frame.show_index;
  const double magnitude = std::log1p(std::abs(distance));
  row.Set(kSignedLogDistance, distance < 0 ? -magnitude : magnitude);
  row.Set(kSignedDistance, distance / 16);
  row.Set(kNearness, 1 / (1 + std::abs(distance)));
  row.Set(kIsFocus, distance == 0 && block.end - block.begin == 1);
  row.Set(kLogBlockLength, std::log(block.end - block.begin));
  row.Set(kStretchPosition, (center - source.stretch.begin + 0.5) /
                                (source.stretch.end - source.stretch.begin));
}

void FillToken(const ObservationSource& source, const Block& block, Row row) {
  Sums sums = {};
  for (int i = block.begin; i < block.end; ++i) {
    AddStatistics(source, i, sums);
    AddOutcomes(source, i, sums);
  }
  const double frames = block.end - block.begin;
  const double coded = std::max(1.0, Take(sums, kCodedShare));
  const double alt_refs = std::max(1.0, Take(sums, kAltRefShare));
  for (int i = 0; i < kNumTokenFeatures; ++i) {
    row.Set(i, sums[static_cast<size_t>(i)] / frames);
  }
  for (const TokenFeature f : {kCodedLogStep, kCodedLogBpp, kCodedPsnr}) {
    row.Set(f, Take(sums, f) / coded);
  }
  for (const TokenFeature f : {kAltRefLogStep, kAltRefLogBpp}) {
    row.Set(f, Take(sums, f) / alt_refs);
  }
  FillPosition(source, block, row);
}

// Lengths of the tokens on one side of the focus, nearest first, for `frames`
// shown frames.
std::vector<int> BlockLengths(int frames, int singles) {
  std::vector<int> lengths(static_cast<size_t>(std::min(frames, singles)), 1);
  int left = frames - std::min(frames, singles);
  for (int i = 0; i < kBlocks && left > 0; ++i) {
    const int length = i == kBlocks - 1 ? left : std::min(left, 2 << (i / 2));
    lengths.push_back(length);
    left -= length;
  }
  return lengths;
}

// In display order.
std::vector<Block> BlocksAround(int focus, int begin, int end) {
  std::vector<Block> blocks;
  int edge = focus;
  for (const int length : BlockLengths(focus - begin, kSinglesBefore)) {
    blocks.push_back({.begin = edge - length, .end = edge});
    edge -= length;
  }
  std::reverse(blocks.begin(), blocks.end());
  blocks.push_back({.begin = focus, .end = focus + 1});
  edge = focus + 1;
  for (const int length : BlockLengths(end - edge, kSinglesAfter)) {
    blocks.push_back({.begin = edge, .end = edge + length});
    edge += length;
  }
  return blocks;
}

void FillFrame(const ObservationSource& source, Row& row) {
  const FrameInfo& frame = source.frame;
  row.Set(kIsKey, frame.type == FrameType::kKey);
  row.Set(kIsInter, frame.type == FrameType::kInter);
  row.Set(kIsAltRef, frame.type == FrameType::kAltRef);
  row.Set(kIsOverlay, frame.type == FrameType::kOverlay);
  row.Set(kIsGolden, frame.type == FrameType::kGolden);
  row.Set(kLogGroupPlace, std::log1p(std::max(0, frame.gop_index)));
  row.Set(kLogSinceKey,
          std::log1p(source.history.FramesSinceKey(frame.show_index)));
  constexpr ContextFeature kHas[] = {kHasLast, kHasGolden, kHasAltRef};
  constexpr ContextFeature kLogSteps[] = {kLastLogStep, kGoldenLogStep,
                                          kAltRefReferenceLogStep};
  for (size_t i = 0; i < frame.reference_coding_indices.size(); ++i) {
    const std::optional<int>& reference = frame.reference_coding_indices[i];
    if (!reference) continue;
    const std::optional<double> log_step = source.history.LogStepOf(*reference);
    row.Set(kHas[i], log_step.has_value());
    row.Set(kLogSteps[i], log_step.value_or(0));
  }
}

void FillProgress(const ObservationSource& source, Row& row) {
  const StretchState& stretch = source.stretch;
  const double frames = stretch.end - stretch.begin;
  row.Set(kFramesDone, stretch.frames_shown / frames);
  row.Set(kLogFramesLeft,
          std::log1p(std::max(0.0, frames - stretch.frames_shown)));
  row.Set(kBitsUsed, 1 - stretch.bits_left / stretch.budget_bits);
  row.Set(kLogBitsPerComplexity,
          std::log(std::max(1.0, stretch.bits_left) /
                   std::max(1.0, stretch.complexity_left)));
  row.Set(kMeanPsnr, stretch.psnr_sum / std::max(1, stretch.frames_shown) / 10);
}

void FillSequence(const ObservationSource& source, Row& row) {
  const encoder_bridge::SequenceInfo& sequence = source.sequence;
  row.Set(kLogTargetBpp, LogRate(source, sequence.target_bitrate_kbps * 1000 /
                                             sequence.frame_rate));
  row.Set(kLogFrameRate, std::log(sequence.frame_rate / 30));
  row.Set(kLogMacroblocks, std::log(MacroblocksOf(source) / 1000));
}

void FillFeedback(const ObservationSource& source, Row& row) {
  const FeedbackOutlook& outlook = source.outlook;
  row.Set(kFeedbackLogStep, outlook.proposed_log_step);
  row.Set(kFeedbackLogBase, outlook.log_base);
  row.Set(kFeedbackLogBpp,
          LogRate(source, outlook.FrameBits(outlook.proposed_log_step)));
  row.Set(kFeedbackSlope, outlook.frame.cost.slope);
  const auto log_factor = [&outlook](CostKind kind) {
    return std::log(std::max(1e-9, outlook.factors[static_cast<size_t>(kind)]));
  };
  row.Set(kKeyLogFactor, log_factor(CostKind::kKey));
  row.Set(kAltRefLogFactor, log_factor(CostKind::kAltRef));
  row.Set(kLeafLogFactor, log_factor(CostKind::kLeaf));
}

}  // namespace

muzero::Observation MakeObservation(const ObservationSource& source) {
  const int focus = source.frame.show_index;
  const std::vector<Block> blocks =
      BlocksAround(focus, source.stretch.begin, source.stretch.end);
  muzero::Observation observation;
  observation.num_tokens = static_cast<int>(blocks.size());
  observation.tokens.resize(blocks.size() * kNumTokenFeatures);
  for (size_t i = 0; i < blocks.size(); ++i) {
    FillToken(source, blocks[i],
              Row(TokenFeatures(),
                  absl::MakeSpan(observation.tokens)
                      .subspan(i * kNumTokenFeatures, kNumTokenFeatures)));
    if (blocks[i].begin == focus) observation.focus = static_cast<int>(i);
  }
  observation.context.resize(kNumContextFeatures);
  Row context(ContextFeatures(), absl::MakeSpan(observation.context));
  FillFrame(source, context);
  FillProgress(source, context);
  FillSequence(source, context);
  FillFeedback(source, context);
  return observation;
}

}  // namespace selfplay
