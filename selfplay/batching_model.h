#ifndef SELFPLAY_BATCHING_MODEL_H_
#define SELFPLAY_BATCHING_MODEL_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "muzero/model.h"

namespace selfplay {

struct BatchingConfig {
  int max_batch = 16;  // Entries in one call of the inner model.
  std::chrono::microseconds max_wait{1000};

  // InvalidArgument, naming the field, unless every field makes sense.
  absl::Status Validate() const;
};

// Lets many searches share one model, with one call of it for what they ask at
// the same time.
//
// Each search thread has a Client of its own, and calls it like the model
// itself.  A request waits for those clients that are in the middle of a
// search: that is, had an answer less than `max_wait` ago and have not asked
// again.  When all of them have asked, or the batch is full, or the request has
// waited `max_wait`, one of the waiting threads calls the inner model for all
// of them.  So a client that searches alone never waits, whatever the number of
// idle ones.  Initial and recurrent requests are separate batches.  There is
// one call of the inner model at a time; requests gather meanwhile.
//
// Thread-safe.  `inner` need not be, and must outlive this object, which must
// outlive its clients.
class BatchingModel {
 public:
  // REQUIRES: `config` is valid.
  BatchingModel(muzero::Model& inner, const BatchingConfig& config);
  ~BatchingModel();
  BatchingModel(const BatchingModel&) = delete;
  BatchingModel& operator=(const BatchingModel&) = delete;

  // A model for one thread at a time; clients of several threads may be called,
  // made and destroyed at any time.  Its errors are those of the inner model,
  // which go to all requests of a batch, Internal if that answers with the
  // wrong number of entries, and Cancelled after Stop().
  std::unique_ptr<muzero::Model> NewClient();

  // Requests that wait return Cancelled at once, as do all later ones.  A call
  // of the inner model that is under way goes on to its end.
  void Stop();

 private:
  using Clock = std::chrono::steady_clock;
  class Client;
  struct Request;

  // Requests of one kind, in the order of their arrival.  The first of them
  // is the one that sees to it that a batch starts in time.
  struct Queue {
    std::deque<Request*> requests;  // Borrowed from the stacks of the callers.
    int num_entries = 0;            // Of all requests.
  };

  // Adds `request` and waits until it is answered, running a batch on the way
  // if that falls to this thread.
  absl::StatusOr<std::vector<muzero::Prediction>> Answer(Queue& queue,
                                                         Request& request);

  // One call of the inner model; without `mutex_`.
  absl::StatusOr<std::vector<muzero::Prediction>> Infer(
      absl::Span<Request* const> batch);

  // The functions below need `mutex_`.

  // Whether `queue` has to wait no longer.  REQUIRES: it is not empty.
  bool IsReady(const Queue& queue) const;
  Clock::time_point Deadline(const Queue& queue) const;
  // Takes requests off `queue`, as many as fit into one call but one at least.
  std::vector<Request*> TakeBatch(Queue& queue) const;
  // Lets go of `lock` for as long as the inner model works.
  void RunBatch(Queue& queue, std::unique_lock<std::mutex>& lock);
  static void Deliver(absl::StatusOr<std::vector<muzero::Prediction>> answers,
                      Request& request);
  // Has the first request of each queue look at how things stand now.
  void WakeFirst();

  muzero::Model& inner_;  // Called by one thread at a time.
  const BatchingConfig config_;

  // Of the standard library, for ThreadSanitizer, which sees through it.
  std::mutex mutex_;
  // Guarded by mutex_:
  std::vector<Client*> clients_;
  Queue initial_;
  Queue recurrent_;
  bool is_running_ = false;  // A call of the inner model.
  bool is_stopped_ = false;
};

}  // namespace selfplay

#endif  // SELFPLAY_BATCHING_MODEL_H_
