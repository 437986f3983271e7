#ifndef CLI_RUN_DESCRIPTION_H_
#define CLI_RUN_DESCRIPTION_H_

#include <map>
#include <string>

#include "cli/evaluate.h"
#include "encoder_bridge/encoder_settings.h"
#include "eval/rate_sweep.h"
#include "eval/run_info.h"

namespace cli {

// Those that are set, with libvpx's names.
std::map<std::string, std::string> EncoderSettingsByName(
    const encoder_bridge::EncoderSettings& settings);

// What a report says about how it came to be: revision, settings, library
// versions, machine, date and command line.
eval::RunInfo DescribeRun(const EvaluateArguments& arguments,
                          const eval::RateSweepOptions& sweep);

// The part of it that all encodes in one results folder must share, as JSON:
// whatever changes an encode or its measurement but for clip, controller and
// target.
std::string SettingsText(const EvaluateArguments& arguments,
                         const eval::RateSweepOptions& sweep);

}  // namespace cli

#endif  // CLI_RUN_DESCRIPTION_H_
