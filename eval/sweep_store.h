#ifndef EVAL_SWEEP_STORE_H_
#define EVAL_SWEEP_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval/floors.h"
#include "eval/frame_trace.h"
#include "eval/points.h"

namespace eval {

// The folder of one sweep, from which it resumes: points.csv, floors.csv,
// frames.jsonl and sweep.json (the settings they were made with).  A row is on
// disk when its Append() has returned; a row that a killed process left half
// written is dropped at the next Open().  Not thread-safe.
class SweepStore {
 public:
  // Makes the folder if it is not there.  `settings` is any text that must be
  // the same for all rows.
  //
  // Errors: FailedPrecondition if the folder holds rows made with other
  // settings, InvalidArgument if a file in it is not what Append() writes, and
  // the operating system's.
  static absl::StatusOr<std::unique_ptr<SweepStore>> Open(
      const std::string& folder, const std::string& settings);

  // Returns the point of an earlier Append(), of this process or another.
  const SweepPoint* FindPoint(const std::string& clip,
                              const std::string& controller, double target_kbps,
                              std::optional<int> level) const;
  const FloorPoint* FindFloor(const std::string& clip,
                              double target_kbps) const;

  absl::Status Append(const SweepPoint& point, const FrameTrace& trace);
  absl::Status AppendFloor(const FloorPoint& floor);

  const std::vector<SweepPoint>& points() const { return points_; }
  const std::vector<FloorPoint>& floors() const { return floors_; }
  const std::vector<FrameTrace>& traces() const { return traces_; }

 private:
  explicit SweepStore(std::string folder);
  absl::Status Load(const std::string& settings);

  const std::string folder_;
  std::vector<SweepPoint> points_;
  std::vector<FloorPoint> floors_;
  std::vector<FrameTrace> traces_;
};

}  // namespace eval

#endif  // EVAL_SWEEP_STORE_H_
