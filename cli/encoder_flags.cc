#include "cli/encoder_flags.h"

#include <CLI/CLI.hpp>

#include "encoder_bridge/encoder_settings.h"

namespace cli {
namespace {

constexpr char kGroup[] = "Encoder (libvpx's names and defaults)";

}  // namespace

void AddEncoderFlags(CLI::App& verb,
                     encoder_bridge::EncoderSettings& settings) {
  const auto add = [&](const char* flag, auto& setting, const char* help) {
    return verb.add_option(flag, setting, help)->group(kGroup);
  };
  add("--cpu-used", settings.cpu_used, "Speed: 0 (slowest, best) to 8")
      ->capture_default_str();
  add("--lag-in-frames", settings.lag_in_frames,
      "Frames to look ahead, 0 to 25")
      ->capture_default_str();
  add("--auto-alt-ref", settings.auto_alt_ref,
      "Hidden alternate reference frames: 0 or 1")
      ->capture_default_str();
  add("--enable-tpl", settings.enable_tpl, "Temporal dependency model: 0 or 1")
      ->capture_default_str();
  add("--row-mt", settings.row_mt, "Row-based multi-threading: 0 or 1")
      ->capture_default_str();
  add("--tile-columns", settings.tile_columns, "Tile columns, as log2: 0 to 6");
  add("--tile-rows", settings.tile_rows, "Tile rows, as log2: 0 to 2");
  add("--kf-max-dist", settings.kf_max_dist,
      "Most frames from key frame to key frame");
  add("--kf-min-dist", settings.kf_min_dist,
      "Fewest frames from key frame to key frame: 0, or kf-max-dist for a "
      "fixed "
      "distance");
  add("--frame-parallel", settings.frame_parallel,
      "Frames that decode in parallel: 0 or 1");
  add("--aq-mode", settings.aq_mode, "Adaptive quantization: 0 (off) to 4");
  add("--arnr-maxframes", settings.arnr_maxframes,
      "Frames that an alternate reference is filtered over, 0 to 15");
  add("--arnr-strength", settings.arnr_strength,
      "Strength of that filter, 0 to 6");
  add("--tune-content", settings.tune_content, "0 default, 1 screen, 2 film");
}

}  // namespace cli
