#include "cli/second_pass.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "encoder_bridge/chunked_pass.h"
#include "encoder_bridge/effort_pass.h"
#include "encoder_bridge/effort_plan.h"
#include "encoder_bridge/quantizer_step.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/seekable_source.h"
#include "encoder_bridge/video_frame.h"
#include "encoder_bridge/video_reader_options.h"
#include "selfplay/policy_controller.h"

namespace cli {
namespace {

using encoder_bridge::AttemptPass;
using encoder_bridge::ChunkedPassOptions;
using encoder_bridge::PacketSink;
using encoder_bridge::ProgressFn;
using encoder_bridge::RateController;
using encoder_bridge::VideoReader;

// Makes the controller of an attempt.
using ControllerOfAttempt =
    decltype(encoder_bridge::AttemptsOptions::make_controller);

// For one chunk of several, or for a process that forks: on one thread.
absl::StatusOr<std::unique_ptr<encoder_bridge::SeekableSource>> OpenOnceMore(
    const EncodeRequest& request) {
  encoder_bridge::VideoReaderOptions options = request.reader;
  options.decoder_threads = 1;
  return VideoReader::Open(request.input, options);
}

AttemptPass PassInChunks(const EncodeRequest& request,
                         const SecondPassTask& task,
                         const ControllerOfAttempt& make_controller) {
  return [=, &request, &task](int attempt, RateController* /*controller*/,
                              PacketSink& sink, const ProgressFn& progress) {
    const ChunkedPassOptions options = {
        .chunks = task.chunks,
        .log = task.log,
        .open_source = [&request] { return OpenOnceMore(request); },
        .target_kbps = task.target_kbps,
        .controller_for = request.controller.levels.empty()
                              ? ChunkedPassOptions::ControllerFor::kLane
                              : ChunkedPassOptions::ControllerFor::kChunk,
        .make_controller = [=] { return make_controller(attempt); }};
    return encoder_bridge::RunChunkedPass(options, request.settings, task.first,
                                          sink, progress);
  };
}

// What runs an attempt otherwise than by one encoder, as long as its arguments
// are there; nullptr if one encoder does.
AttemptPass PassInPartsOrBranches(const EncodeRequest& request,
                                  const SecondPassTask& task,
                                  const encoder_bridge::VideoFormat& format,
                                  int whole_kbps,
                                  const ControllerOfAttempt& make_controller) {
  if (!task.chunks.empty()) return PassInChunks(request, task, make_controller);
  if (request.controller.effort == 1) return nullptr;
  return encoder_bridge::EffortPass(
      {.plan = encoder_bridge::EffortPlanFor(request.controller.effort),
       .target_kbps = task.target_kbps,
       .whole_target_kbps = whole_kbps,
       .format = format,
       .open_source = [&request] { return OpenOnceMore(request); }},
      request.settings, task.first);
}

}  // namespace

absl::StatusOr<EncodeOutcome> RunSecondPassOf(const EncodeRequest& request,
                                              const SecondPassTask& task,
                                              VideoReader& reader,
                                              PacketSink& sink) {
  const encoder_bridge::VideoFormat& format = reader.format();
  const encoder_bridge::FirstPassResult& first = task.first;
  const double frame_rate = first.num_frames / first.duration_seconds;
  // Chunks are coded on several threads.
  const auto costs =
      task.chunks.empty() ? request.controller.NewCosts() : nullptr;
  const ControllerOfAttempt make_controller =
      [&](int attempt) -> absl::StatusOr<std::unique_ptr<RateController>> {
    if (request.controller.factory == nullptr) return nullptr;
    return request.controller.factory(
        {.sequence = {.width = format.width,
                      .height = format.height,
                      .frame_rate = frame_rate,
                      .num_frames = first.num_frames,
                      .target_bitrate_kbps = task.target_kbps},
         .level = request.level,
         .attempt = attempt,
         .costs = costs,
         .chunk_starts = encoder_bridge::ChunkStarts(task.chunks)});
  };
  const int whole_kbps =
      std::max(1, static_cast<int>(std::lround(task.target_kbps)));
  auto best = encoder_bridge::RunAttempts(
      reader, request.settings, first,
      {.attempts = request.controller.attempts,
       .target_kbps = task.target_kbps,
       .second_pass = {.mode = request.controller.mode,
                       .target_bitrate_kbps = whole_kbps,
                       .cq_level = request.level},
       .make_controller = make_controller,
       .run = PassInPartsOrBranches(request, task, format, whole_kbps,
                                    make_controller),
       .learn_costs = costs != nullptr,
       .progress = task.progress},
      sink);
  if (!best.ok()) return best.status();
  EncodeOutcome outcome = {.result = std::move(best->result),
                           .bit_depth = format.bit_depth,
                           .target_kbps = task.target_kbps,
                           .attempts = std::move(best->attempts),
                           .attempt = best->attempt};
  if (!task.chunks.empty()) {
    outcome.chunks = static_cast<int>(task.chunks.size());
  }
  const auto* planner =
      dynamic_cast<const selfplay::PolicyController*>(best->controller.get());
  if (planner != nullptr) outcome.planning = planner->report();
  if (outcome.planning && format.bit_depth > 8) {
    // It plans as if for 8 bits; what is told is of the file.
    for (selfplay::FramePlan& frame : outcome.planning->frames) {
      if (!frame.planned_q_index) continue;
      frame.planned_q_index =
          encoder_bridge::TenBitQIndex(*frame.planned_q_index);
    }
  }
  return outcome;
}

}  // namespace cli
