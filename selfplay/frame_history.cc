#include "selfplay/frame_history.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <optional>

#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {
namespace {

using encoder_bridge::FrameInfo;
using encoder_bridge::FrameResult;
using encoder_bridge::FrameType;

constexpr size_t kRememberedSteps = 1024;
// libvpx's cap for a perfect picture (vpx_sse_to_psnr).
constexpr double kMaxPsnrDb = 100;
// No frame is smaller; keeps the logarithm of a free one finite.
constexpr double kMinFrameBits = 8;

}  // namespace

double LogBpp(const FrameResult& result, double pixels) {
  return std::log(std::max(kMinFrameBits, static_cast<double>(result.bits)) /
                  pixels);
}

double PsnrDb(const FrameResult& result) {
  const double sse = static_cast<double>(result.sse);
  const double samples = static_cast<double>(result.pixel_count);
  if (sse <= 0 || samples <= 0) return kMaxPsnrDb;
  return std::clamp(10 * std::log10(255.0 * 255.0 * samples / sse), 0.0,
                    kMaxPsnrDb);
}

FrameHistory::FrameHistory(double pixels)
    : pixels_(pixels), steps_(kRememberedSteps) {
  assert(pixels > 0);
}

void FrameHistory::Add(const FrameInfo& info, const FrameResult& result) {
  const int q_index = std::clamp(result.q_index, encoder_bridge::kMinQIndex,
                                 encoder_bridge::kMaxQIndex);
  const CodedOutcome outcome = {
      .log_step = encoder_bridge::LogQuantizerStep(q_index),
      .log_bpp = LogBpp(result, pixels_),
      .psnr_db = PsnrDb(result)};
  steps_[static_cast<size_t>(info.coding_index) % kRememberedSteps] = {
      .coding_index = info.coding_index, .log_step = outcome.log_step};
  if (info.type == FrameType::kKey) last_key_ = info.show_index;
  if (info.show_index < first_) return;
  const auto place = static_cast<size_t>(info.show_index - first_);
  if (place >= frames_.size()) frames_.resize(place + 1);
  ShownFrame& frame = frames_[place];
  if (info.type == FrameType::kAltRef) {
    frame.alt_ref = outcome;
  } else {
    frame.coded = outcome;
    frame.type = info.type;
  }
}

void FrameHistory::DropBefore(int show_index) {
  for (; first_ < show_index; ++first_) {
    if (!frames_.empty()) frames_.pop_front();
  }
}

const ShownFrame* FrameHistory::At(int show_index) const {
  if (show_index < first_) return nullptr;
  const auto place = static_cast<size_t>(show_index - first_);
  return place < frames_.size() ? &frames_[place] : nullptr;
}

std::optional<double> FrameHistory::LogStepOf(int coding_index) const {
  const Step& step =
      steps_[static_cast<size_t>(coding_index) % kRememberedSteps];
  if (coding_index < 0 || step.coding_index != coding_index) {
    return std::nullopt;
  }
  return step.log_step;
}

int FrameHistory::FramesSinceKey(int show_index) const {
  return std::max(0, show_index - last_key_);
}

}  // namespace selfplay
