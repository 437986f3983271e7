#ifndef ENCODER_BRIDGE_FORKED_BRANCH_H_
#define ENCODER_BRIDGE_FORKED_BRANCH_H_

#include <sys/types.h>

#include <cstddef>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "encoder_bridge/effort_plan.h"

namespace encoder_bridge {

// One of several copies of a process that go on from the same point in
// different ways, until the best of them is known, which alone goes on: libvpx
// cannot take a frame back, but the operating system can.
//
//   auto branch = ForkedBranch::Fork(options);  // Returns in each branch.
//   ...
//   branch->AwaitChoice(result);                // Returns in the best.
//
// The process that forks ends when a branch takes its place; so it must be a
// child of one that children of ended processes fall to (prctl()'s child
// subreaper), and the branch will be one.  A branch
// ends when the process that it waits for does.  It has the thread that calls,
// and no other, and reads its open files by itself (FilePlaces).
class ForkedBranch {
 public:
  struct Options {
    int count = 1;
    int at_once = 1;   // At most so many run; the others are still to begin.
    pid_t keeper = 0;  // The parent of the process that calls.
    // Which of the results, one of each branch, is the best.
    std::function<size_t(absl::Span<const StretchResult>)> choose;
  };

  // Returns in each branch, and in the process that calls only if that fails:
  // ResourceExhausted if there can be no other process, Internal if a branch
  // ended without a result.
  static absl::StatusOr<ForkedBranch> Fork(const Options& options);

  ForkedBranch(ForkedBranch&& other) noexcept;
  ForkedBranch& operator=(ForkedBranch&& other) noexcept;
  ~ForkedBranch();

  // From 0.
  size_t number() const { return number_; }

  // Tells how it went.  Returns if this branch is the one that goes on; the
  // process ends if not.  To be called once.
  void AwaitChoice(const StretchResult& result);

 private:
  ForkedBranch(size_t number, int results, int verdict, pid_t parent,
               pid_t keeper)
      : number_(number),
        results_(results),
        verdict_(verdict),
        parent_(parent),
        keeper_(keeper) {}

  size_t number_ = 0;
  int results_ = -1;  // Written here, read by the parent.
  int verdict_ = -1;  // The other way round.
  pid_t parent_ = 0;
  pid_t keeper_ = 0;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_FORKED_BRANCH_H_
