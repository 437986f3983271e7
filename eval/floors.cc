#include "eval/floors.h"

#include <array>
#include <utility>

#include "eval/csv.h"
#include "eval/csv_table.h"

namespace eval {
namespace {

constexpr std::array<absl::string_view, 3> kColumns = {"clip", "target_kbps",
                                                       "floor_kbps"};

}  // namespace

std::string FloorsHeader() {
  return CsvLine(std::vector<std::string>(kColumns.begin(), kColumns.end()));
}

std::string FloorsRow(const FloorPoint& floor) {
  return CsvLine(
      {floor.clip, CsvNumber(floor.target_kbps), CsvNumber(floor.floor_kbps)});
}

absl::StatusOr<FloorsText> ParseFloors(absl::string_view text,
                                       absl::string_view name) {
  const absl::StatusOr<CsvText> csv = ParseCsvTable(text, kColumns, name);
  if (!csv.ok()) return csv.status();
  FloorsText result{.floors = {}, .complete_size = csv->complete_size};
  for (const videos::CsvRow& record : csv->records) {
    CsvFields fields(record, kColumns, name);
    FloorPoint floor;
    floor.clip = fields.Text();
    floor.target_kbps = fields.NonNegative();
    floor.floor_kbps = fields.NonNegative();
    if (!fields.status().ok()) return fields.status();
    result.floors.push_back(std::move(floor));
  }
  return result;
}

absl::StatusOr<FloorsText> ReadFloors(absl::string_view path) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  return ParseFloors(*text, path);
}

}  // namespace eval
