#include "eval/sweep_store.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/pending_file.h"
#include "encoder_bridge/rate_controller.h"
#include "eval/csv_table.h"
#include "eval/floors.h"
#include "eval/frame_trace.h"
#include "eval/points.h"
#include "nlohmann/json.hpp"

namespace eval {
namespace {

namespace fs = std::filesystem;
using encoder_bridge::CodedFrame;
using encoder_bridge::FrameType;
using encoder_bridge::PendingFile;
using nlohmann::json;

constexpr char kPointsFile[] = "points.csv";
constexpr char kFloorsFile[] = "floors.csv";
constexpr char kFramesFile[] = "frames.jsonl";
constexpr char kSettingsFile[] = "sweep.json";

std::string PathOf(const std::string& folder, const char* file) {
  return (fs::path(folder) / file).string();
}

absl::Status AppendText(const std::string& path, absl::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.flush();
  if (!file) {
    const int reason = errno;
    return absl::ErrnoToStatus(reason, absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

// Cuts off half a row, or starts the file with its header.
absl::Status MakeReadyToAppend(const std::string& path, size_t complete_size,
                               const std::string& header) {
  std::error_code error;
  if (complete_size == 0) {
    fs::remove(path, error);
    return AppendText(path, header);
  }
  fs::resize_file(path, complete_size, error);
  if (error) {
    return absl::UnknownError(
        absl::StrCat("cannot write ", path, ": ", error.message()));
  }
  return absl::OkStatus();
}

absl::Status WriteWhole(const std::string& path, const std::string& text) {
  auto file = PendingFile::Create(path);
  if (!file.ok()) return file.status();
  const absl::Status status = (*file)->Write(text);
  if (!status.ok()) return status;
  return (*file)->Commit();
}

// One column an array: the layout that is shortest and still says its names.
std::string TraceLine(const FrameTrace& trace) {
  json columns = {{"clip", trace.clip},
                  {"controller", trace.controller},
                  {"target_kbps", trace.target_kbps}};
  for (const CodedFrame& frame : trace.frames) {
    columns["type"].push_back(static_cast<int>(frame.type));
    columns["shown"].push_back(frame.is_shown ? 1 : 0);
    columns["show_index"].push_back(frame.show_index);
    columns["q_index"].push_back(frame.q_index);
    columns["bits"].push_back(frame.bits);
    columns["psnr_db"].push_back(frame.psnr_db ? json(*frame.psnr_db)
                                               : json(nullptr));
  }
  return columns.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

absl::StatusOr<FrameTrace> ParseTrace(const std::string& line) {
  const json columns = json::parse(line, nullptr, /*allow_exceptions=*/false);
  FrameTrace trace;
  try {
    trace.clip = columns.at("clip").get<std::string>();
    trace.controller = columns.at("controller").get<std::string>();
    trace.target_kbps = columns.at("target_kbps").get<double>();
    for (size_t i = 0; i < columns.at("q_index").size(); ++i) {
      CodedFrame frame;
      frame.type = static_cast<FrameType>(columns.at("type").at(i).get<int>());
      frame.is_shown = columns.at("shown").at(i).get<int>() != 0;
      frame.show_index = columns.at("show_index").at(i).get<int>();
      frame.coding_index = static_cast<int>(i);
      frame.q_index = columns.at("q_index").at(i).get<int>();
      frame.bits = columns.at("bits").at(i).get<int64_t>();
      const json& psnr_db = columns.at("psnr_db").at(i);
      if (psnr_db.is_number()) frame.psnr_db = psnr_db.get<double>();
      trace.frames.push_back(frame);
    }
  } catch (const json::exception& e) {
    return absl::InvalidArgumentError(e.what());
  }
  return trace;
}

absl::StatusOr<std::vector<FrameTrace>> ReadTraces(const std::string& path,
                                                   size_t* complete_size) {
  std::vector<FrameTrace> traces;
  *complete_size = 0;
  std::ifstream file(path, std::ios::binary);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (file.eof()) break;  // No line end: its writer was killed.
    absl::StatusOr<FrameTrace> trace = ParseTrace(line);
    if (!trace.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ":", number,
          ": not the frames of an encode: ", trace.status().message()));
    }
    *complete_size += line.size() + 1;
    traces.push_back(*std::move(trace));
  }
  return traces;
}

}  // namespace

SweepStore::SweepStore(std::string folder) : folder_(std::move(folder)) {}

absl::StatusOr<std::unique_ptr<SweepStore>> SweepStore::Open(
    const std::string& folder, const std::string& settings) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make the folder ", folder, ": ",
                     error ? error.message() : "a file is in its place"));
  }
  std::unique_ptr<SweepStore> store(new SweepStore(folder));
  const absl::Status status = store->Load(settings);
  if (!status.ok()) return status;
  return store;
}

absl::Status SweepStore::Load(const std::string& settings) {
  const std::string settings_path = PathOf(folder_, kSettingsFile);
  const absl::StatusOr<std::string> old_settings = ReadTextFile(settings_path);
  if (old_settings.ok() && *old_settings != settings) {
    return absl::FailedPreconditionError(absl::StrCat(
        folder_, " holds an evaluation made with other settings (compare ",
        settings_path, "): choose another --out, or remove the folder"));
  }
  if (!old_settings.ok()) {
    if (fs::exists(PathOf(folder_, kPointsFile))) {
      return absl::FailedPreconditionError(
          absl::StrCat(folder_, " holds a ", kPointsFile, " without its ",
                       kSettingsFile, ": choose another --out"));
    }
    const absl::Status status = WriteWhole(settings_path, settings);
    if (!status.ok()) return status;
  }

  const std::string points_path = PathOf(folder_, kPointsFile);
  absl::StatusOr<PointsText> points = ReadPoints(points_path);
  if (absl::IsNotFound(points.status())) points = PointsText{};
  if (!points.ok()) return points.status();
  points_ = std::move(points->points);
  absl::Status status =
      MakeReadyToAppend(points_path, points->complete_size, PointsHeader());
  if (!status.ok()) return status;

  const std::string floors_path = PathOf(folder_, kFloorsFile);
  absl::StatusOr<FloorsText> floors = ReadFloors(floors_path);
  if (absl::IsNotFound(floors.status())) floors = FloorsText{};
  if (!floors.ok()) return floors.status();
  floors_ = std::move(floors->floors);
  status =
      MakeReadyToAppend(floors_path, floors->complete_size, FloorsHeader());
  if (!status.ok()) return status;

  const std::string frames_path = PathOf(folder_, kFramesFile);
  size_t complete_size = 0;
  absl::StatusOr<std::vector<FrameTrace>> traces =
      ReadTraces(frames_path, &complete_size);
  if (!traces.ok()) return traces.status();
  traces_ = *std::move(traces);
  return MakeReadyToAppend(frames_path, complete_size, "");
}

const SweepPoint* SweepStore::FindPoint(const std::string& clip,
                                        const std::string& controller,
                                        double target_kbps,
                                        std::optional<int> level) const {
  for (const SweepPoint& point : points_) {
    if (point.clip == clip && point.controller == controller &&
        point.target_kbps == target_kbps && point.cq_level == level) {
      return &point;
    }
  }
  return nullptr;
}

const FloorPoint* SweepStore::FindFloor(const std::string& clip,
                                        double target_kbps) const {
  for (const FloorPoint& floor : floors_) {
    if (floor.clip == clip && floor.target_kbps == target_kbps) return &floor;
  }
  return nullptr;
}

absl::Status SweepStore::Append(const SweepPoint& point,
                                const FrameTrace& trace) {
  // The point last: it is what says that the encode is done.
  absl::Status status =
      AppendText(PathOf(folder_, kFramesFile), TraceLine(trace));
  if (!status.ok()) return status;
  status = AppendText(PathOf(folder_, kPointsFile), PointsRow(point));
  if (!status.ok()) return status;
  points_.push_back(point);
  traces_.push_back(trace);
  return absl::OkStatus();
}

absl::Status SweepStore::AppendFloor(const FloorPoint& floor) {
  const absl::Status status =
      AppendText(PathOf(folder_, kFloorsFile), FloorsRow(floor));
  if (!status.ok()) return status;
  floors_.push_back(floor);
  return absl::OkStatus();
}

}  // namespace eval
