#include "cli/export.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/run_folder.h"
#include "muzero/checkpoint.h"
#include "selfplay/learner_checkpoint.h"
#include "selfplay/policy_network.h"

namespace cli {
namespace {

absl::StatusOr<muzero::Checkpoint> LoadModel(const ExportArguments& arguments) {
  if (arguments.which == "latest") {
    absl::StatusOr<muzero::Checkpoint> model =
        muzero::LoadCheckpoint(selfplay::LearnerCheckpointPath(arguments.run));
    if (!model.ok()) return model;
    model->optimizer.clear();
    model->notes = selfplay::PolicyNetworkNotes();
    return model;
  }
  absl::StatusOr<muzero::Checkpoint> model =
      muzero::LoadCheckpoint(BestModelPath(arguments.run));
  if (absl::IsNotFound(model.status())) {
    return absl::NotFoundError(
        absl::StrCat(arguments.run,
                     " has no best model: no weights that were measured have "
                     "kept to the target yet (--which latest has the newest)"));
  }
  return model;
}

absl::Status Export(const ExportArguments& arguments) {
  if (!arguments.overwrite && std::filesystem::exists(arguments.output)) {
    return absl::AlreadyExistsError(
        absl::StrCat(arguments.output, " is there already (-y replaces it)"));
  }
  const absl::StatusOr<muzero::Checkpoint> model = LoadModel(arguments);
  if (!model.ok()) return model.status();
  return muzero::SaveCheckpoint(*model, arguments.output);
}

}  // namespace

CLI::App& AddExportVerb(CLI::App& app, ExportArguments& arguments) {
  CLI::App& verb =
      *app.add_subcommand("export", "Take a model out of a training run");
  verb.add_option("--run", arguments.run, "Folder of the run")
      ->required()
      ->type_name("DIR");
  verb.add_option("--which", arguments.which,
                  "best: of those measured; latest: of the last checkpoint")
      ->check(CLI::IsMember({"best", "latest"}).description(""))
      ->type_name("best|latest")
      ->capture_default_str();
  verb.add_option("-o,--output", arguments.output, "File to write")
      ->required()
      ->type_name("FILE");
  verb.add_flag("-y", arguments.overwrite, "Replace a file that exists");
  verb.footer(
      "Example:\n"
      "  muzero-rc export --run out/run --which best -o policy.safetensors");
  return verb;
}

int RunExport(const ExportArguments& arguments) {
  const absl::Status status = Export(arguments);
  if (status.ok()) {
    std::cout << arguments.output << std::endl;
    return kSuccess;
  }
  PrintError(status.message());
  return kFailure;
}

}  // namespace cli
