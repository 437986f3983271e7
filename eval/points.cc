#include "eval/points.h"

#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "eval/csv.h"
#include "eval/csv_table.h"

namespace eval {
namespace {

constexpr std::array<absl::string_view, 16> kColumns = {
    "clip",         "controller", "target_kbps", "bitrate_kbps",
    "psnr",         "psnr_y",     "psnr_global", "ssim",
    "seconds",      "cq_level",   "bytes",       "frames",
    "coded_frames", "width",      "height",      "frame_rate"};

absl::StatusOr<SweepPoint> ToPoint(CsvFields fields) {
  SweepPoint point;
  point.clip = fields.Text();
  point.controller = fields.Text();
  point.target_kbps = fields.NonNegative();
  point.bitrate_kbps = fields.NonNegative();
  point.psnr = fields.Number();
  point.psnr_y = fields.Number();
  point.psnr_global = fields.Number();
  point.ssim = fields.Number();
  point.seconds = fields.NonNegative();
  point.cq_level = fields.OptionalSmallCount();
  point.bytes = fields.Count();
  point.frames = fields.SmallCount();
  point.coded_frames = fields.SmallCount();
  point.width = fields.SmallCount();
  point.height = fields.SmallCount();
  point.frame_rate = fields.NonNegative();
  if (!fields.status().ok()) return fields.status();
  return point;
}

}  // namespace

std::string PointsHeader() {
  return CsvLine(std::vector<std::string>(kColumns.begin(), kColumns.end()));
}

std::string PointsRow(const SweepPoint& point) {
  const std::string cq_level =
      point.cq_level.has_value() ? absl::StrCat(*point.cq_level) : "";
  return CsvLine({point.clip, point.controller, CsvNumber(point.target_kbps),
                  CsvNumber(point.bitrate_kbps), CsvNumber(point.psnr),
                  CsvNumber(point.psnr_y), CsvNumber(point.psnr_global),
                  CsvNumber(point.ssim), CsvNumber(point.seconds), cq_level,
                  absl::StrCat(point.bytes), absl::StrCat(point.frames),
                  absl::StrCat(point.coded_frames), absl::StrCat(point.width),
                  absl::StrCat(point.height), CsvNumber(point.frame_rate)});
}

absl::StatusOr<PointsText> ParsePoints(absl::string_view text,
                                       absl::string_view name) {
  const absl::StatusOr<CsvText> csv = ParseCsvTable(text, kColumns, name);
  if (!csv.ok()) return csv.status();
  PointsText result{.points = {}, .complete_size = csv->complete_size};
  for (const videos::CsvRow& record : csv->records) {
    absl::StatusOr<SweepPoint> point =
        ToPoint(CsvFields(record, kColumns, name));
    if (!point.ok()) return point.status();
    result.points.push_back(*std::move(point));
  }
  return result;
}

absl::StatusOr<PointsText> ReadPoints(absl::string_view path) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  return ParsePoints(*text, path);
}

}  // namespace eval
