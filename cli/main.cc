#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/encode.h"
#include "cli/evaluate.h"
#include "cli/exit_status.h"
#include "cli/export.h"
#include "cli/messages.h"
#include "cli/selfplay.h"
#include "cli/status.h"
#include "cli/stop_signal.h"
#include "cli/teach.h"
#include "cli/train.h"
#include "cli/training_arguments.h"
#include "cli/wrap.h"
#include "encoder_bridge/libraries.h"
#include "revision.h"

namespace {

// The command line as a person could paste it.
std::string CommandLine(int argc, char** argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool is_plain =
        !argument.empty() &&
        argument.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
            "_-./,:=+@%") == std::string::npos;
    absl::StrAppend(&line, i > 0 ? " " : "",
                    is_plain ? argument : absl::StrCat("'", argument, "'"));
  }
  return line;
}

std::string VersionText() {
  std::string text =
      absl::StrCat("muzero-rc ", kVersion, " (", kRevision, ")\n");
  for (const auto& [name, version] : encoder_bridge::LibraryVersions()) {
    absl::StrAppend(&text, name, " ", version, "\n");
  }
  text.pop_back();
  return text;
}

struct Verb {
  const CLI::App& app;
  std::function<int(cli::StopSignal&)> run;
};

int Main(int argc, char** argv) {
  CLI::App app("A learned rate controller for VP9.", "muzero-rc");
  app.set_version_flag("--version", VersionText());
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(30);
  app.footer(
      "muzero-rc VERB --help explains a verb.\n"
      "Exit status: 0 done, 1 failed, 2 wrong command line, 3 some clips of an "
      "evaluation failed,\n128 + n interrupted by signal n.");
  cli::EncodeArguments encode;
  cli::EvaluateArguments evaluate;
  evaluate.command_line = CommandLine(argc, argv);
  cli::TeachArguments teach;
  cli::TrainingArguments train;
  cli::TrainingArguments learn;
  cli::SelfPlayArguments self_play;
  cli::StatusArguments status_arguments;
  cli::ExportArguments export_model;
  cli::WrapArguments wrap;
  const std::vector<Verb> verbs = {
      {cli::AddEncodeVerb(app, encode),
       [&](cli::StopSignal& stop) { return cli::RunEncode(encode, stop); }},
      {cli::AddEvaluateVerb(app, evaluate),
       [&](cli::StopSignal& stop) { return cli::RunEvaluate(evaluate, stop); }},
      {cli::AddTeachVerb(app, teach),
       [&](cli::StopSignal& stop) { return cli::RunTeach(teach, stop); }},
      {cli::AddTrainVerb(app, train),
       [&](cli::StopSignal& stop) { return cli::RunTrain(train, stop); }},
      {cli::AddLearnVerb(app, learn),
       [&](cli::StopSignal& stop) { return cli::RunLearn(learn, stop); }},
      {cli::AddSelfPlayVerb(app, self_play),
       [&](cli::StopSignal& stop) {
         return cli::RunSelfPlay(self_play, stop);
       }},
      {cli::AddStatusVerb(app, status_arguments),
       [&](cli::StopSignal& stop) {
         return cli::RunStatus(status_arguments, stop);
       }},
      {cli::AddExportVerb(app, export_model),
       [&](cli::StopSignal&) { return cli::RunExport(export_model); }},
      {cli::AddWrapVerb(app, wrap),
       [&](cli::StopSignal& stop) { return cli::RunWrap(wrap, stop); }},
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come this way too.
    if (error.get_exit_code() == 0) return app.exit(error);
    cli::PrintError(absl::StrCat(error.what(), " (see muzero-rc --help)"));
    return cli::kUsage;
  }

  const auto verb =
      std::find_if(verbs.begin(), verbs.end(),
                   [](const Verb& each) { return each.app.parsed(); });
  if (verb == verbs.end()) {
    cli::PrintError(
        absl::StrCat("no verb: wanted ",
                     absl::StrJoin(verbs, ", ",
                                   [](std::string* out, const Verb& each) {
                                     out->append(each.app.get_name());
                                   }),
                     " (see muzero-rc --help)"));
    return cli::kUsage;
  }

  // A write past a size limit is then an error that names the file.
  std::signal(SIGXFSZ, SIG_IGN);
  encoder_bridge::SilenceLibraries();
  cli::StopSignal stop;
  const int status = verb->run(stop);
  if (std::cout.flush()) return status;
  cli::PrintError("cannot write to standard output");
  return cli::kFailure;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {  // Out of memory, most likely.
    cli::PrintError(error.what());
    return cli::kFailure;
  }
}
