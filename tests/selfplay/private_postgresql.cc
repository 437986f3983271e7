#include "tests/selfplay/private_postgresql.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/testing/subprocess.h"

namespace testing_support {
namespace {

constexpr int kStarts = 100;  // Attempts, and a pause between them.
constexpr std::chrono::milliseconds kPause(100);
constexpr std::chrono::seconds kPatience(60);

}  // namespace

PrivatePostgresql::PrivatePostgresql() {
  std::string folder =
      (std::filesystem::temp_directory_path() / "muzero-pg-XXXXXX");
  folder_ = mkdtemp(folder.data());
  if (geteuid() == 0) Run({"chown", "postgres", folder_});
  Run(AsOwner({Program("initdb"), "--no-sync", "--auth=trust",
               "--encoding=UTF8", "--locale=C", "--username=muzero",
               "--pgdata=" + (folder_ / "data").string()}));
  Start();
}

PrivatePostgresql::~PrivatePostgresql() {
  server_->Send(SIGQUIT);  // Ends at once, its children with it.
  server_->Wait(kPatience);
  std::filesystem::remove_all(folder_);
}

std::string PrivatePostgresql::MakeDatabase(const std::string& name) {
  Run({Program("createdb"), "--host=" + folder_.string(), "--username=muzero",
       name});
  return "postgresql://muzero@/" + name + "?host=" + folder_.string();
}

void PrivatePostgresql::KillAndStart() {
  server_->Send(SIGKILL);
  server_->Wait(kPatience);
  Start();
}

void PrivatePostgresql::DropDatabase(const std::string& name) {
  Run({Program("dropdb"), "--force", "--host=" + folder_.string(),
       "--username=muzero", name});
}

// Debian keeps the server's programs out of PATH.
std::filesystem::path PrivatePostgresql::Program(
    const std::string& name) const {
  const std::filesystem::path versions = "/usr/lib/postgresql";
  if (!std::filesystem::exists(versions)) return name;
  for (const auto& version : std::filesystem::directory_iterator(versions)) {
    const std::filesystem::path program = version.path() / "bin" / name;
    if (std::filesystem::exists(program)) return program;
  }
  return name;
}

std::vector<std::string> PrivatePostgresql::AsOwner(
    std::vector<std::string> command) const {
  std::vector<std::string> whole = {"setpriv", "--pdeathsig=KILL"};
  if (geteuid() == 0) {
    whole.insert(whole.end(),
                 {"--reuid=postgres", "--regid=postgres", "--init-groups"});
  }
  whole.push_back("--");
  whole.insert(whole.end(), std::make_move_iterator(command.begin()),
               std::make_move_iterator(command.end()));
  return whole;
}

void PrivatePostgresql::Run(std::vector<std::string> command) const {
  const std::string name = command.front();
  const ProgramResult result = RunProgram(std::move(command));
  if (result.exit_status == 0) return;
  std::ostringstream message;
  message << name << ": " << result;
  throw std::runtime_error(message.str());
}

void PrivatePostgresql::Start() {
  const std::vector<std::string> command =
      AsOwner({Program("postgres"), "-D", folder_ / "data", "-k", folder_, "-c",
               "listen_addresses=", "-c", "max_connections=60", "-c",
               "recovery_init_sync_method=syncfs", "-c", "log_min_messages=log",
               "-c", "log_checkpoints=off"});
  // It gives up at once while children of one that was killed are there.
  for (int i = 0; i < kStarts; ++i) {
    server_ = std::make_unique<Subprocess>(command);
    if (server_->WaitForErrorText("ready to accept connections", kPatience)) {
      return;
    }
    std::this_thread::sleep_for(kPause);
  }
  throw std::runtime_error("PostgreSQL does not start");
}

}  // namespace testing_support
