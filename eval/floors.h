#ifndef EVAL_FLOORS_H_
#define EVAL_FLOORS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace eval {

// The least a clip can be coded with at a target: a row of floors.csv.
struct FloorPoint {
  std::string clip;
  double target_kbps = 0;
  double floor_kbps = 0;  // Bitrate with q_index 255 on every frame.

  // Nothing can meet the target.
  bool is_infeasible() const { return floor_kbps > target_kbps; }

  bool operator==(const FloorPoint&) const = default;
};

// What a floors.csv holds; see PointsText.
struct FloorsText {
  std::vector<FloorPoint> floors;
  size_t complete_size = 0;
};

// As their counterparts in points.h.
std::string FloorsHeader();
std::string FloorsRow(const FloorPoint& floor);
absl::StatusOr<FloorsText> ParseFloors(absl::string_view text,
                                       absl::string_view name);
absl::StatusOr<FloorsText> ReadFloors(absl::string_view path);

}  // namespace eval

#endif  // EVAL_FLOORS_H_
