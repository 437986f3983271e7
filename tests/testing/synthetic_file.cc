#include "tests/testing/synthetic_file.h"

#include <string>

#include "absl/status/status.h"
#include "encoder_bridge/constant_q_controller.h"
#include "encoder_bridge/container_writer.h"
#include "encoder_bridge/two_pass_encoder.h"

namespace testing_support {

absl::Status WriteSyntheticFile(const std::string& path,
                                const SyntheticClipOptions& options) {
  using encoder_bridge::EncodeProgress;
  const auto ignore = [](const EncodeProgress&) { return absl::OkStatus(); };
  const encoder_bridge::EncoderSettings settings = {.cpu_used = 8};
  SyntheticClip clip(options);
  const auto first = encoder_bridge::RunFirstPass(clip, settings, ignore);
  if (!first.ok()) return first.status();
  const auto writer =
      encoder_bridge::ContainerWriter::Create(path, {.video = clip.format()});
  if (!writer.ok()) return writer.status();
  encoder_bridge::ConstantQController controller(
      {.key = 20, .alt_ref = 20, .golden = 20, .inter = 20});
  const auto result = encoder_bridge::RunSecondPass(
      clip, settings, *first,
      {.mode = encoder_bridge::RateControlMode::kExternal,
       .target_bitrate_kbps = 100,
       .controller = &controller},
      **writer, ignore);
  if (!result.ok()) return result.status();
  return (*writer)->Commit();
}

}  // namespace testing_support
