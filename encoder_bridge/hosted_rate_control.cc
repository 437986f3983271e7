#include "encoder_bridge/hosted_rate_control.h"

#include <vpx/vpx_ext_ratectrl.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "encoder_bridge/hook_session.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/sample_variance.h"
#include "encoder_bridge/sane_statistic.h"
#include "encoder_bridge/ten_bit_controller.h"

namespace encoder_bridge {
namespace {

// Of FirstPassFrameStats::duration, which libvpx counts in tenths of
// microseconds (vp9_firstpass.c).
constexpr double kTicksPerSecond = 10'000'000;

SequenceInfo SequenceOf(const vpx_rc_config_t& config) {
  return {
      .width = config.frame_width,
      .height = config.frame_height,
      .frame_rate = config.frame_rate_den > 0 && config.frame_rate_num > 0
                        ? static_cast<double>(config.frame_rate_num) /
                              config.frame_rate_den
                        : 30,
      .num_frames = config.show_frame_count,
      .target_bitrate_kbps = static_cast<double>(config.target_bitrate_kbps)};
}

// The least q_index at which no frame comes near its raw size, where the pixels
// are not to be seen: the intra error is the variance of the luma samples about
// a prediction from their neighbours' mean.  (Measured: 5,888 for noise whose
// variance is 5,461.)
int SafeMinQIndexOf(absl::Span<const FirstPassFrameStats> stats) {
  double intra_error = 0;
  for (const FirstPassFrameStats& frame : stats) {
    intra_error = std::max(intra_error, SaneStatistic(frame.intra_error));
  }
  return SafeMinQIndex(intra_error);
}

// A controller that is made when the first-pass statistics are known.
class LateController : public RateController {
 public:
  LateController(const SequenceInfo& sequence, const HostedOptions& options)
      : sequence_(sequence), options_(options) {}

  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override {
    if (stats.empty()) {
      return absl::InvalidArgumentError(
          "the first-pass statistics are of no frame");
    }
    double ticks = 0;
    for (const FirstPassFrameStats& frame : stats) ticks += frame.duration;
    sequence_.num_frames = static_cast<int>(stats.size());
    if (std::isfinite(ticks) && ticks > 0) {
      sequence_.frame_rate =
          static_cast<double>(stats.size()) * kTicksPerSecond / ticks;
    }
    min_q_index_ = options_.min_q_index;
    if (options_.bit_depth == 8) {
      min_q_index_ = std::max(min_q_index_, SafeMinQIndexOf(stats));
    }
    auto controller = options_.factory(sequence_);
    if (!controller.ok()) return controller.status();
    controller_ = *std::move(controller);
    chooser_ = controller_.get();
    if (options_.bit_depth > 8 && controller_->ThinksInEightBits()) {
      chooser_ = &ten_bit_.emplace(*controller_);
    }
    return chooser_->OnFirstPassStats(stats);
  }

  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override {
    if (chooser_ == nullptr) {
      return absl::FailedPreconditionError(
          "libvpx asked for a q_index before it sent its statistics");
    }
    const absl::StatusOr<int> q_index = chooser_->ChooseQIndex(frame);
    if (!q_index.ok()) return q_index;
    // Safety before the limit that was asked for.
    return std::max(min_q_index_, std::min(*q_index, options_.max_q_index));
  }

  absl::Status OnFrameEncoded(const FrameResult& result) override {
    return chooser_->OnFrameEncoded(result);
  }

 private:
  SequenceInfo sequence_;
  const HostedOptions options_;
  int min_q_index_ = kMinQIndex;
  std::unique_ptr<RateController> controller_;
  std::optional<TenBitController> ten_bit_;  // Before it, for 10 bits.
  RateController* chooser_ = nullptr;        // Whichever of them is asked.
};

}  // namespace

// What is known of all encodes together.
struct HostedRateControl::Record {
  std::mutex mutex;  // Guards the following.
  int64_t coded_frames = 0;
  absl::Status status;
};

// Keeps the record as its controller is called.
class HostedRateControl::Session : private RateController, public HookSession {
 public:
  Session(const SequenceInfo& sequence, const HostedOptions& options,
          std::shared_ptr<Record> record)
      : HookSession(static_cast<RateController&>(*this),
                    UnaskedResults::kIgnored),
        controller_(sequence, options),
        record_(std::move(record)) {}
  ~Session() override = default;

 private:
  absl::Status OnFirstPassStats(
      absl::Span<const FirstPassFrameStats> stats) override {
    return Recorded(controller_.OnFirstPassStats(stats));
  }
  absl::StatusOr<int> ChooseQIndex(const FrameInfo& frame) override {
    absl::StatusOr<int> q_index = controller_.ChooseQIndex(frame);
    if (!q_index.ok()) return Recorded(q_index.status());
    return q_index;
  }
  absl::Status OnFrameEncoded(const FrameResult& result) override {
    {
      const std::lock_guard lock(record_->mutex);
      ++record_->coded_frames;
    }
    return Recorded(controller_.OnFrameEncoded(result));
  }

  absl::Status Recorded(absl::Status status) {
    const std::lock_guard lock(record_->mutex);
    record_->status.Update(status);
    return status;
  }

  LateController controller_;
  const std::shared_ptr<Record> record_;
};

HostedRateControl::HostedRateControl(HostedOptions options)
    : options_(std::move(options)), record_(std::make_shared<Record>()) {}

HostedRateControl::~HostedRateControl() = default;

absl::StatusOr<HookSession*> HostedRateControl::StartEncode(
    const vpx_rc_config& config) {
  SequenceInfo sequence = SequenceOf(config);
  if (options_.target_bitrate_kbps) {
    sequence.target_bitrate_kbps = *options_.target_bitrate_kbps;
  }
  absl::Status status;
  if (sequence.width < 1 || sequence.height < 1) {
    status = absl::InvalidArgumentError(
        absl::StrCat("the encoder's frames are ", sequence.width, "x",
                     sequence.height, ", wanted at least 1x1"));
  } else if (!(sequence.target_bitrate_kbps > 0)) {
    status = absl::InvalidArgumentError(
        absl::StrCat("the encoder's target bitrate is ",
                     sequence.target_bitrate_kbps, " kbit/s, wanted above 0"));
  }
  if (!status.ok()) {
    const std::lock_guard lock(record_->mutex);
    record_->status.Update(status);
    return status;
  }
  return new Session(sequence, options_, record_);
}

void HostedRateControl::FillFunctions(vpx_rc_funcs& functions) {
  HookSession::FillFunctions(functions);
  functions.delete_model = [](vpx_rc_model_t model) noexcept {
    delete static_cast<HookSession*>(model);
    return VPX_RC_OK;
  };
}

int64_t HostedRateControl::coded_frames() const {
  const std::lock_guard lock(record_->mutex);
  return record_->coded_frames;
}

absl::Status HostedRateControl::status() const {
  const std::lock_guard lock(record_->mutex);
  return record_->status;
}

}  // namespace encoder_bridge
