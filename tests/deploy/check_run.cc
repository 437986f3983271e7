// Checks that the store of a run, at the URL in the command line, is whole;
// prints how many episodes it has.

#include <iostream>

#include "selfplay/experience_store.h"
#include "tests/deploy/whole_run.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: check_run URL\n";
    return 2;
  }
  const auto store = selfplay::ExperienceStore::Open(argv[1], {});
  if (!store.ok()) {
    std::cerr << store.status() << '\n';
    return 1;
  }
  if (const absl::Status status = testing_support::CheckWhole(**store);
      !status.ok()) {
    std::cerr << status << '\n';
    return 1;
  }
  const auto counts = (*store)->Counts();
  if (!counts.ok()) {
    std::cerr << counts.status() << '\n';
    return 1;
  }
  std::cout << counts->episodes << '\n';
  return 0;
}
