#include "cli/encode_batch.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/encode_job.h"
#include "cli/encode_outcome.h"
#include "cli/encode_report.h"
#include "cli/encode_request.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/progress_line.h"
#include "cli/stop_signal.h"
#include "nlohmann/json.hpp"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;

struct FinishedEncode {
  absl::StatusOr<EncodeOutcome> outcome = absl::UnknownError("not begun");
  double seconds = 0;
};

// Encodes on some threads, which it joins.
class EncodeBatch {
 public:
  EncodeBatch(const std::vector<EncodeRequest>& requests,
              const BatchOptions& options, StopSignal& stop)
      : requests_(requests),
        stop_(stop),
        progress_(ProgressLine::ModeFor(options.quiet)),
        finished_(requests.size()) {
    ShowProgress();
    const size_t threads =
        std::min(requests.size(), static_cast<size_t>(options.jobs));
    threads_.reserve(threads);
    for (size_t i = 0; i < threads; ++i) {
      try {
        threads_.emplace_back([this] { Work(); });
      } catch (const std::system_error&) {
        if (i == 0) throw;
        break;  // There may be no more of them: those there are do it all.
      }
    }
  }

  std::vector<FinishedEncode> Wait() {
    for (std::thread& thread : threads_) thread.join();
    progress_.Clear();
    return std::move(finished_);
  }

 private:
  void Work() {
    while (!stop_.is_set()) {
      const size_t i = next_++;
      if (i >= requests_.size()) return;
      const Clock::time_point start = Clock::now();
      finished_[i].outcome = Encode(requests_[i]);
      finished_[i].seconds =
          std::chrono::duration<double>(Clock::now() - start).count();
      Tell(requests_[i], finished_[i].outcome.status());
    }
  }

  absl::StatusOr<EncodeOutcome> Encode(const EncodeRequest& request) {
    try {
      return RunEncodeJob(request, stop_, [&](const std::string& text) {
        const std::lock_guard lock(mutex_);
        progress_.Clear();
        PrintWarning(absl::StrCat(request.input, ": ", text));
      });
    } catch (const std::exception& error) {  // Out of memory, most likely.
      return absl::InternalError(error.what());
    }
  }

  void Tell(const EncodeRequest& request, const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    if (absl::IsCancelled(status)) return;
    ++num_done_;
    if (!status.ok()) {
      ++num_failed_;
      progress_.Clear();
      const bool has_name = absl::StrContains(status.message(), request.input);
      PrintError(has_name
                     ? std::string(status.message())
                     : absl::StrCat(request.input, ": ", status.message()));
    }
    progress_.MakeDue();
    ShowProgress();
  }

  void ShowProgress() {
    std::string text =
        absl::StrFormat("%d/%d done", num_done_, requests_.size());
    if (num_failed_ > 0)
      absl::StrAppendFormat(&text, "  %d failed", num_failed_);
    progress_.Update(text);
  }

  const std::vector<EncodeRequest>& requests_;
  StopSignal& stop_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;  // Guards the following, and stderr.
  ProgressLine progress_;
  size_t num_done_ = 0;
  size_t num_failed_ = 0;
  // Each is its thread's until that is joined.
  std::vector<FinishedEncode> finished_;
  std::vector<std::thread> threads_;
};

void PrintJson(const std::vector<EncodeRequest>& requests,
               const std::vector<FinishedEncode>& finished) {
  auto all = nlohmann::ordered_json::array();
  for (size_t i = 0; i < requests.size(); ++i) {
    const absl::StatusOr<EncodeOutcome>& outcome = finished[i].outcome;
    nlohmann::ordered_json one = {{"input", requests[i].input},
                                  {"status", outcome.ok() ? "done" : "failed"}};
    if (outcome.ok()) {
      one.update(EncodeJson(requests[i], *outcome, finished[i].seconds));
    } else {
      one["output"] = requests[i].output;
      one["error"] = std::string(outcome.status().message());
    }
    all.push_back(std::move(one));
  }
  std::cout << JsonText(all) << std::endl;
}

void PrintTable(const std::vector<EncodeRequest>& requests,
                const std::vector<FinishedEncode>& finished) {
  size_t width = 5;
  for (const EncodeRequest& request : requests) {
    width = std::max(width, request.input.size());
  }
  const int columns = static_cast<int>(width);
  std::cout << absl::StrFormat("%-*s  %10s  %7s  %12s  %s\n", columns, "input",
                               "kbit/s", "PSNR dB", "bytes", "status");
  for (size_t i = 0; i < requests.size(); ++i) {
    const absl::StatusOr<EncodeOutcome>& outcome = finished[i].outcome;
    if (outcome.ok()) {
      std::cout << absl::StrFormat(
          "%-*s  %10.1f  %7.2f  %12d  done\n", columns, requests[i].input,
          outcome->result.bitrate_kbps, outcome->result.psnr.mean_db,
          outcome->file_bytes);
    } else {
      std::cout << absl::StrFormat("%-*s  %10s  %7s  %12s  failed\n", columns,
                                   requests[i].input, "-", "-", "-");
    }
  }
  std::cout << std::flush;
}

}  // namespace

int RunEncodeBatch(const std::vector<EncodeRequest>& requests,
                   const BatchOptions& options, StopSignal& stop) {
  const std::vector<FinishedEncode> finished =
      EncodeBatch(requests, options, stop).Wait();
  const auto num_done =
      std::count_if(finished.begin(), finished.end(),
                    [](const FinishedEncode& e) { return e.outcome.ok(); });
  const bool are_all_done = num_done == std::ssize(finished);
  if (stop.is_set() && !are_all_done) {
    PrintError(absl::StrCat("interrupted: ", num_done, " of ", finished.size(),
                            " files were written"));
    return kSignalBase + stop.signal();
  }
  if (options.print_json) {
    PrintJson(requests, finished);
  } else {
    PrintTable(requests, finished);
  }
  return are_all_done ? kSuccess : kFailure;
}

}  // namespace cli
