// Writes what is made from muzero-rc's own command line, which the build does:
// manual pages to FOLDER/man1, completions to FOLDER/bash and FOLDER/zsh.
//
//   write_documents FOLDER

#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/bash_completion.h"
#include "cli/command_line.h"
#include "cli/man_page.h"
#include "cli/zsh_completion.h"
#include "revision.h"

namespace {

namespace fs = std::filesystem;

void WriteFile(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream file;
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file.open(path);
  file << text;
  file.close();
}

void WriteManPage(const fs::path& folder, const CLI::App& app) {
  WriteFile(folder / "man1" / absl::StrCat(cli::ManPageName(app), ".1"),
            cli::ManPage(app, kVersion));
}

void WriteDocuments(const fs::path& folder) {
  cli::CommandLine command_line("");
  WriteFile(folder / "bash" / "muzero-rc",
            cli::BashCompletion(command_line.app()));
  WriteFile(folder / "zsh" / "_muzero-rc",
            cli::ZshCompletion(command_line.app()));
  WriteManPage(folder, command_line.app());
  for (const cli::Verb& verb : command_line.verbs()) {
    WriteManPage(folder, verb.app);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::invalid_argument("usage: write_documents FOLDER");
    WriteDocuments(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "write_documents: " << error.what() << "\n";
    return 1;
  }
}
