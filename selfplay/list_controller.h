#ifndef SELFPLAY_LIST_CONTROLLER_H_
#define SELFPLAY_LIST_CONTROLLER_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/rate_controller.h"

namespace selfplay {

// Follows a list of q_index values, one for each coded frame.
class ListController : public encoder_bridge::RateController {
 public:
  explicit ListController(std::vector<int> q_indices)
      : q_indices_(std::move(q_indices)) {}

  absl::Status OnFirstPassStats(
      absl::Span<const encoder_bridge::FirstPassFrameStats>) override {
    return absl::OkStatus();
  }
  // FailedPrecondition when the list is at its end.
  absl::StatusOr<int> ChooseQIndex(const encoder_bridge::FrameInfo&) override {
    if (next_ == q_indices_.size()) {
      return absl::FailedPreconditionError("more frames than in the list");
    }
    return q_indices_[next_++];
  }
  absl::Status OnFrameEncoded(const encoder_bridge::FrameResult&) override {
    return absl::OkStatus();
  }

 private:
  const std::vector<int> q_indices_;
  size_t next_ = 0;
};

}  // namespace selfplay

#endif  // SELFPLAY_LIST_CONTROLLER_H_
