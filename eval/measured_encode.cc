#include "eval/measured_encode.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "encoder_bridge/attempts.h"
#include "encoder_bridge/container_writer.h"
#include "encoder_bridge/effort_pass.h"
#include "encoder_bridge/effort_plan.h"
#include "encoder_bridge/encode_result.h"
#include "encoder_bridge/frame_source.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/two_pass_encoder.h"
#include "encoder_bridge/video_reader.h"
#include "eval/points.h"
#include "eval/quality.h"

namespace eval {
namespace {

using encoder_bridge::ContainerWriter;
using encoder_bridge::EncodeProgress;
using encoder_bridge::EncodeResult;
using encoder_bridge::RateController;
using encoder_bridge::VideoReader;

absl::StatusOr<std::unique_ptr<RateController>> MakeController(
    const EncodeTask& task, const encoder_bridge::VideoFormat& format,
    int attempt, const std::shared_ptr<encoder_bridge::ClipCosts>& costs) {
  if (task.controller.mode != encoder_bridge::RateControlMode::kExternal) {
    return nullptr;
  }
  const encoder_bridge::FirstPassResult& first = task.first_pass;
  return task.controller.factory(
      {.sequence = {.width = format.width,
                    .height = format.height,
                    .frame_rate = first.num_frames / first.duration_seconds,
                    .num_frames = first.num_frames,
                    .target_bitrate_kbps =
                        static_cast<double>(task.target_kbps)},
       .level = task.level,
       .attempt = attempt,
       .costs = costs});
}

absl::StatusOr<std::unique_ptr<encoder_bridge::FrameSource>> OpenSource(
    const EncodeTask& task) {
  auto source = VideoReader::Open(task.clip.path, task.reader);
  if (!source.ok()) return source.status();
  return *std::move(source);
}

absl::StatusOr<EncodeResult> EncodeToFile(const EncodeTask& task,
                                          VideoReader& source) {
  auto writer =
      ContainerWriter::Create(task.output, {.video = source.format()});
  if (!writer.ok()) return writer.status();
  const auto costs = task.controller.NewCosts();
  auto best = encoder_bridge::RunAttempts(
      source, task.settings, task.first_pass,
      {.attempts = task.controller.attempts,
       .target_kbps = static_cast<double>(task.target_kbps),
       .second_pass = {.mode = task.controller.mode,
                       .target_bitrate_kbps = task.target_kbps,
                       .cq_level = task.level},
       .make_controller =
           [&](int attempt) {
             return MakeController(task, source.format(), attempt, costs);
           },
       .run = task.controller.effort == 1
                  ? nullptr
                  : encoder_bridge::EffortPass(
                        {.plan = encoder_bridge::EffortPlanFor(
                             task.controller.effort),
                         .target_kbps = static_cast<double>(task.target_kbps),
                         .whole_target_kbps = task.target_kbps,
                         .format = source.format(),
                         .open_source = [&] { return OpenSource(task); }},
                        task.settings, task.first_pass),
       .learn_costs = costs != nullptr,
       .progress =
           [&](const encoder_bridge::AttemptProgress&) {
             return task.should_stop() ? absl::CancelledError("interrupted")
                                       : absl::OkStatus();
           }},
      **writer);
  if (!best.ok()) return best.status();
  const absl::Status status = (*writer)->Commit();
  if (!status.ok()) return status;
  return std::move(best->result);
}

}  // namespace

absl::StatusOr<MeasuredEncode> RunMeasuredEncode(const EncodeTask& task) {
  auto source = VideoReader::Open(task.clip.path, task.reader);
  if (!source.ok()) return source.status();
  const absl::Cleanup remove_output = [&] { std::remove(task.output.c_str()); };
  absl::StatusOr<EncodeResult> result = EncodeToFile(task, **source);
  if (!result.ok()) return result.status();
  auto decoded = VideoReader::Open(
      task.output, {.bit_depth = (*source)->format().bit_depth});
  if (!decoded.ok()) return decoded.status();
  const absl::StatusOr<Quality> quality = MeasureQuality(**decoded, **source);
  if (!quality.ok()) return quality.status();

  const bool has_levels = !task.controller.levels.empty();
  const encoder_bridge::VideoFormat& format = (*source)->format();
  MeasuredEncode encode;
  encode.point = {
      .clip = task.clip.name,
      .controller = task.controller.name,
      .target_kbps = has_levels ? 0 : static_cast<double>(task.target_kbps),
      .bitrate_kbps = result->bitrate_kbps,
      .psnr = quality->psnr_db,
      .psnr_y = quality->psnr_y_db,
      .psnr_global = quality->psnr_global_db,
      .ssim = quality->ssim,
      .seconds = result->encode_seconds,
      .frames = result->shown_frames,
      .coded_frames = static_cast<int>(result->frames.size()),
      .bytes = result->packet_bytes,
      .width = format.width,
      .height = format.height,
      .frame_rate =
          task.first_pass.num_frames / task.first_pass.duration_seconds};
  if (has_levels) encode.point.cq_level = task.level;
  encode.trace = {.clip = task.clip.name,
                  .controller = task.controller.name,
                  .target_kbps = encode.point.target_kbps,
                  .frames = std::move(result->frames)};
  return encode;
}

}  // namespace eval
