#include "cli/stop_signal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace cli {
namespace {

using namespace std::chrono_literals;
using testing::ExitedWithCode;

constexpr StopSignal::Times kShortGrace = {.grace = 10ms};
constexpr StopSignal::Times kNoRepetition = {.repetition = 0ms};
constexpr StopSignal::Times kLongRepetition = {.grace = 10ms, .repetition = 1h};
constexpr StopSignal::Times kShortPatience = {.grace = 10ms, .patience = 1ms};

// Every case ends its process.
class StopSignalDeathTest : public testing::Test {
 protected:
  StopSignalDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// Work that never ends.
[[noreturn]] void WorkForEver() {
  for (;;) pause();
}

void Interrupt(const StopSignal& stop, int signal) {
  raise(signal);
  while (!stop.is_set()) std::this_thread::yield();
}

// Works for longer than a signal leaves time, by the constants above.
void WorkPastGrace() {
  const auto end = std::chrono::steady_clock::now() + 100ms;
  while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
}

TEST_F(StopSignalDeathTest, TellsTheWorkOfASignal) {
  EXPECT_EXIT(
      {
        StopSignal stop;
        std::mutex told;
        told.lock();
        const std::stop_callback callback(stop.token(), [&] { told.unlock(); });
        Interrupt(stop, SIGTERM);
        told.lock();
        exit(stop.signal());
      },
      ExitedWithCode(SIGTERM), "");
}

TEST_F(StopSignalDeathTest, EndsWorkThatTakesLong) {
  EXPECT_EXIT(
      {
        StopSignal stop(kShortGrace);
        Interrupt(stop, SIGINT);
        WorkForEver();
      },
      ExitedWithCode(128 + SIGINT), "error: interrupted");
}

TEST_F(StopSignalDeathTest, LeavesWorkTheTimeItAskedFor) {
  EXPECT_EXIT(
      {
        StopSignal stop(kShortGrace);
        const StopSignal::UnlimitedTime saving(stop);
        Interrupt(stop, SIGINT);
        WorkPastGrace();
        exit(7);
      },
      ExitedWithCode(7), "");
}

TEST_F(StopSignalDeathTest, EndsWhatComesAfterTheSaving) {
  EXPECT_EXIT(
      {
        StopSignal stop(kShortGrace);
        {
          const StopSignal::UnlimitedTime saving(stop);
          Interrupt(stop, SIGHUP);
        }
        WorkForEver();
      },
      ExitedWithCode(128 + SIGHUP), "error: interrupted");
}

TEST_F(StopSignalDeathTest, EndsAtOnceOnASecondSignal) {
  EXPECT_EXIT(
      {
        StopSignal stop(kNoRepetition);
        const StopSignal::UnlimitedTime saving(stop);
        Interrupt(stop, SIGTERM);
        raise(SIGINT);
        WorkForEver();
      },
      ExitedWithCode(128 + SIGTERM), "error: interrupted");
}

TEST_F(StopSignalDeathTest, TakesASignalThatIsSentTwiceForOne) {
  EXPECT_EXIT(
      {
        StopSignal stop(kLongRepetition);
        const StopSignal::UnlimitedTime saving(stop);
        Interrupt(stop, SIGTERM);
        raise(SIGTERM);
        WorkPastGrace();
        exit(7);
      },
      ExitedWithCode(7), "");
}

TEST_F(StopSignalDeathTest, SaysWhatASecondSignalDoesIfSavingTakesLong) {
  EXPECT_EXIT(
      {
        StopSignal stop(kShortPatience);
        const StopSignal::UnlimitedTime saving(stop);
        Interrupt(stop, SIGTERM);
        WorkPastGrace();
        exit(7);
      },
      ExitedWithCode(7), "warning: interrupted: .* a second signal");
}

TEST_F(StopSignalDeathTest, RemovesWhatMustNotBeLeft) {
  const std::string path =
      (std::filesystem::path(testing::TempDir()) / "left-over").string();
  std::ofstream(path) << "half a file";
  EXPECT_EXIT(
      {
        StopSignal stop(kShortGrace);
        stop.AlsoRemove(path);
        Interrupt(stop, SIGINT);
        WorkForEver();
      },
      ExitedWithCode(128 + SIGINT), "");
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace cli
