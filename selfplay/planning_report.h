#ifndef SELFPLAY_PLANNING_REPORT_H_
#define SELFPLAY_PLANNING_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace selfplay {

// What was planned for one coded frame, and what came of it.
struct FramePlan {
  int coding_index = 0;
  // What the search chose; none once the controller has fallen back.
  std::optional<int> planned_q_index;
  std::optional<double> prior;       // Of that choice, before the search.
  std::optional<double> root_value;  // After the search.
  // The network's word on that choice.
  std::optional<double> predicted_bits;
  std::optional<double> predicted_psnr_db;  // None for a hidden ARF.
  int q_index = 0;                          // What it was coded with.
  int64_t bits = 0;                         // Without the superframe index.
  std::optional<double> psnr_db;            // None for a hidden ARF.
};

// What planning an encode took.
struct PlanningReport {
  double planning_seconds = 0;  // Wall time of observing and searching.
  int64_t simulations = 0;
  int guard_overrides = 0;      // Frames whose q_index the guard changed.
  int fallback_frames = 0;      // Frames left to the feedback controller.
  std::string fallback_reason;  // Why; empty if it never was.
  // One for each coded frame, in coding order, if they are recorded.
  std::vector<FramePlan> frames;
};

}  // namespace selfplay

#endif  // SELFPLAY_PLANNING_REPORT_H_
