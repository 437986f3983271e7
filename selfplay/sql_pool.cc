#include "selfplay/sql_pool.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "selfplay/sql_dialect.h"
#include "selfplay/stoppable_sleep.h"
#include "selfplay/store_url.h"
#include "soci/soci.h"

namespace selfplay {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(10);
constexpr absl::Duration kLongestPause = absl::Seconds(1);

}  // namespace

SqlPool::SqlPool(const StoreUrl& url, const Options& options)
    : url_(url),
      options_(options),
      free_(static_cast<size_t>(options.connections)) {}

absl::Status SqlPool::Write(Body body) { return Repeat(Mode::kWrite, body); }

absl::Status SqlPool::Read(Body body) { return Repeat(Mode::kRead, body); }

absl::Status SqlPool::Repeat(Mode mode, Body body) {
  const absl::Time deadline = absl::Now() + options_.retry;
  bool may_have_happened = false;
  for (absl::Duration pause = kFirstPause;;
       pause = std::min(2 * pause, kLongestPause)) {
    Session session = Take();
    const Attempt attempt = Try(mode, body, may_have_happened, session);
    GiveBack(std::move(session));
    if (!attempt.failure.is_transient) return attempt.failure.status;
    may_have_happened = may_have_happened || attempt.was_committing;
    if (!Pause(pause, deadline)) return attempt.failure.status;
  }
}

SqlPool::Attempt SqlPool::Try(Mode mode, Body body, bool may_have_happened,
                              Session& session) {
  Attempt attempt;
  try {
    if (session == nullptr) session = Connect(url_, options_.access);
    const bool is_write = mode == Mode::kWrite;
    if (is_write) Begin(*session, url_.engine);
    attempt.failure.status = body({.session = *session,
                                   .engine = url_.engine,
                                   .may_have_happened = may_have_happened});
    attempt.was_committing = is_write && attempt.failure.status.ok();
    if (attempt.was_committing) {
      *session << "COMMIT";
    } else if (is_write) {
      *session << "ROLLBACK";
    }
  } catch (const std::exception& error) {
    attempt.failure = FailureOf(error, url_);
    // Whatever it still held or was about to do ends with it.
    session.reset();
  }
  return attempt;
}

bool SqlPool::Pause(absl::Duration pause, absl::Time deadline) const {
  return absl::Now() + pause <= deadline &&
         SleepUnlessStopped(options_.stop, absl::ToChronoMilliseconds(pause));
}

SqlPool::Session SqlPool::Take() {
  std::unique_lock<std::mutex> lock(mutex_);
  given_back_.wait(lock, [this] { return !free_.empty(); });
  Session session = std::move(free_.back());
  free_.pop_back();
  return session;
}

void SqlPool::GiveBack(Session session) {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(session));
  given_back_.notify_one();
}

}  // namespace selfplay
