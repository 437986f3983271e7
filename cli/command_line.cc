#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/encode.h"
#include "cli/train.h"
#include "encoder_bridge/libraries.h"
#include "revision.h"

namespace cli {
namespace {

std::string VersionText() {
  std::string text =
      absl::StrCat("muzero-rc ", kVersion, " (", kRevision, ")\n");
  for (const auto& [name, version] : encoder_bridge::LibraryVersions()) {
    absl::StrAppend(&text, name, " ", version, "\n");
  }
  text.pop_back();
  return text;
}

std::unique_ptr<CLI::App> MakeApp() {
  auto app = std::make_unique<CLI::App>("A learned rate controller for VP9.",
                                        "muzero-rc");
  app->set_version_flag("--version", VersionText());
  app->require_subcommand(0, 1);
  app->get_formatter()->column_width(30);
  app->footer(
      "muzero-rc VERB --help explains a verb.\n"
      "Exit status: 0 done, 1 failed, 2 wrong command line, 3 some clips of an "
      "evaluation failed,\n128 + n interrupted by signal n.");
  return app;
}

}  // namespace

CommandLine::CommandLine(std::string typed)
    : app_(MakeApp()),
      evaluate_{.command_line = std::move(typed)},
      verbs_{
          {AddEncodeVerb(*app_, encode_),
           [this](StopSignal& stop) { return RunEncode(encode_, stop); }},
          {AddEvaluateVerb(*app_, evaluate_),
           [this](StopSignal& stop) { return RunEvaluate(evaluate_, stop); }},
          {AddTeachVerb(*app_, teach_),
           [this](StopSignal& stop) { return RunTeach(teach_, stop); }},
          {AddTrainVerb(*app_, train_),
           [this](StopSignal& stop) { return RunTrain(train_, stop); }},
          {AddLearnVerb(*app_, learn_),
           [this](StopSignal& stop) { return RunLearn(learn_, stop); }},
          {AddSelfPlayVerb(*app_, self_play_),
           [this](StopSignal& stop) { return RunSelfPlay(self_play_, stop); }},
          {AddStatusVerb(*app_, status_),
           [this](StopSignal& stop) { return RunStatus(status_, stop); }},
          {AddExportVerb(*app_, export_),
           [this](StopSignal&) { return RunExport(export_); }},
          {AddWrapVerb(*app_, wrap_),
           [this](StopSignal& stop) { return RunWrap(wrap_, stop); }},
      } {}

CommandLine::~CommandLine() = default;

}  // namespace cli
