#include "tests/deploy/fleet.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstddef>

#include "tests/cli/muzero_rc.h"

namespace testing_support {
namespace {

// A step and a checkpoint, or a frame, on a busy machine.
constexpr std::chrono::seconds kPatience(30);

std::unique_ptr<Subprocess> Start(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"setpriv", "--pdeathsig=KILL", "--"};
  const std::vector<std::string> program = cli::MuzeroRcCommand(arguments);
  command.insert(command.end(), program.begin(), program.end());
  return std::make_unique<Subprocess>(command);
}

void Kill(Subprocess& process) {
  process.Send(SIGKILL);
  const ProgramResult result = process.Wait(kPatience);
  EXPECT_EQ(result.signal, SIGKILL) << "ended by itself: " << result;
}

}  // namespace

Fleet::Fleet(const Options& options)
    : options_(options), learner_(StartLearner()) {
  for (int i = 0; i < options.workers; ++i) workers_.push_back(StartWorker());
}

std::unique_ptr<Subprocess> Fleet::StartLearner() const {
  return Start({"learn", "--store", options_.store, "--run", options_.run,
                "--config", options_.config, "--device", "cpu", "--quiet"});
}

std::unique_ptr<Subprocess> Fleet::StartWorker() const {
  return Start({"selfplay", "--store", options_.store, "--clips",
                options_.clips, "--workers", "1", "--device", "cpu",
                "--quiet"});
}

void Fleet::ReplaceLearner() {
  Kill(*learner_);
  learner_ = StartLearner();
}

void Fleet::ReplaceWorker(int worker) {
  auto& process = workers_[static_cast<size_t>(worker)];
  Kill(*process);
  process = StartWorker();
}

void Fleet::Stop() {
  std::vector<Subprocess*> all = {learner_.get()};
  for (const auto& worker : workers_) all.push_back(worker.get());
  for (Subprocess* process : all) process->Send(SIGINT);
  for (Subprocess* process : all) {
    const ProgramResult result = process->Wait(kPatience);
    // One that has only just begun does not listen to signals yet.
    EXPECT_TRUE(result.exit_status == 128 + SIGINT || result.signal == SIGINT)
        << result;
  }
}

}  // namespace testing_support
