#include "cli/encode_report_page.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/encode_outcome.h"
#include "cli/encode_request.h"
#include "cli/run_description.h"
#include "encoder_bridge/libraries.h"
#include "eval/encode_report.h"
#include "revision.h"

namespace cli {

std::string EncodeReportPage(const EncodeRequest& request,
                             const EncodeOutcome& outcome) {
  eval::EncodeReport report = {
      .input = request.input_name.empty() ? request.input : request.input_name,
      .output = request.output,
      .controller = request.controller.name,
      .result = outcome.result,
      .libvpx = outcome.libvpx};
  auto& facts = report.facts;
  if (request.controller.levels.empty()) {
    report.target_kbps = outcome.target_kbps;
  } else {
    facts.push_back({"level", absl::StrCat(request.level)});
  }
  if (outcome.planning) report.plans = outcome.planning->frames;
  if (!request.controller.variant.empty()) {
    facts.push_back({request.controller.name, request.controller.variant});
  }
  if (outcome.attempts.size() > 1) {
    facts.push_back({"attempt", absl::StrCat(outcome.attempt + 1, " of ",
                                             outcome.attempts.size())});
  }
  facts.push_back({"bit depth", absl::StrCat(outcome.bit_depth)});
  if (request.controller.effort > 1) {
    facts.push_back({"effort", absl::StrCat(request.controller.effort)});
  }
  for (const AudioOutcome& audio : outcome.audio) {
    facts.push_back(
        {"audio", absl::StrFormat("%s, %.1f kbit/s %s", audio.codec,
                                  audio.bitrate_kbps, audio.language)});
  }
  for (const auto& [name, value] : EncoderSettingsByName(request.settings)) {
    facts.push_back({name, value});
  }
  facts.push_back({"muzero-rc", absl::StrCat(kVersion, " (", kRevision, ")")});
  for (const auto& [name, version] : encoder_bridge::LibraryVersions()) {
    facts.push_back({name, version});
  }
  return eval::RenderEncodeReport(report);
}

}  // namespace cli
