#ifndef SELFPLAY_ENCODE_RECORDER_H_
#define SELFPLAY_ENCODE_RECORDER_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"
#include "selfplay/encode_episode.h"

namespace selfplay {

// Writes down what happens between an encoder and another controller, as the
// steps of an EncodeEpisode nobody searched in.
class EncodeRecorder : public encoder_bridge::RateController {
 public:
  // `controller` must outlive this object.
  explicit EncodeRecorder(encoder_bridge::RateController& controller)
      : controller_(controller) {}

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats> stats) override;
  absl::StatusOr<int> ChooseQIndex(
      const encoder_bridge::FrameInfo& frame) override;
  absl::Status OnFrameEncoded(
      const encoder_bridge::FrameResult& result) override;

  const std::vector<encoder_bridge::FirstPassFrameStats>& stats() const {
    return stats_;
  }
  const std::vector<EncodeStep>& steps() const { return steps_; }

 private:
  encoder_bridge::RateController& controller_;
  std::vector<encoder_bridge::FirstPassFrameStats> stats_;
  std::vector<EncodeStep> steps_;
};

}  // namespace selfplay

#endif  // SELFPLAY_ENCODE_RECORDER_H_
