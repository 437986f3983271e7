#ifndef EVAL_POINTS_H_
#define EVAL_POINTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace eval {

// One encode of a sweep: a row of points.csv.
struct SweepPoint {
  std::string clip;
  std::string controller;
  double target_kbps = 0;       // 0: encoded at a level instead.
  std::optional<int> cq_level;  // The level of libvpx-q or constant-q.
  double bitrate_kbps = 0;      // Of the packets, as really produced.
  // Quality of the decoded output against the source.  dB; infinite if equal.
  double psnr = 0;         // Mean over frames, Y, U and V together.
  double psnr_y = 0;       // Mean over frames, luma.
  double psnr_global = 0;  // From the summed SSE of Y, U and V.
  double ssim = 0;         // Mean over frames, in [0, 1]; not dB.
  double seconds = 0;      // Wall time of the second pass.
  int frames = 0;          // Shown.
  int coded_frames = 0;    // Hidden ARFs included.
  int64_t bytes = 0;       // Of the packets.
  int width = 0;
  int height = 0;
  double frame_rate = 0;  // Frames per second.

  bool operator==(const SweepPoint&) const = default;
};

// What a points.csv holds.
struct PointsText {
  std::vector<SweepPoint> points;
  // Cut the file to this size before appending to it: an interrupted sweep
  // leaves half a row, which is not among the points.
  size_t complete_size = 0;
};

// The header of points.csv, and one row; both with their line end.
std::string PointsHeader();
std::string PointsRow(const SweepPoint& point);

// Reads what PointsHeader() and PointsRow() write.  A text that was cut off
// in the middle of a row is read up to that row.
//
// Returns InvalidArgument, naming `name` and the line, for other columns, a
// row with too few or too many fields, or a field that is not its kind of
// number.
absl::StatusOr<PointsText> ParsePoints(absl::string_view text,
                                       absl::string_view name);

// The same from a file.  Also returns NotFound if there is none.
absl::StatusOr<PointsText> ReadPoints(absl::string_view path);

}  // namespace eval

#endif  // EVAL_POINTS_H_
