#include "selfplay/batching_model.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "muzero/model.h"

namespace selfplay {
namespace {

using muzero::Model;
using muzero::Observation;
using muzero::Prediction;
using muzero::Transition;
using Answers = absl::StatusOr<std::vector<Prediction>>;

absl::Status Stopped() { return absl::CancelledError("inference was stopped"); }

template <typename Entry>
void Append(absl::Span<const Entry> source, std::vector<Entry>& entries) {
  entries.insert(entries.end(), source.begin(), source.end());
}

}  // namespace

absl::Status BatchingConfig::Validate() const {
  if (max_batch < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_batch ", max_batch, " is not at least 1"));
  }
  if (max_wait.count() < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "max_wait ", max_wait.count(), " microseconds is negative"));
  }
  return absl::OkStatus();
}

// One call of a client, on the stack of its thread.  The spans are read without
// the mutex while the client waits; the rest is guarded by it.
struct BatchingModel::Request {
  int num_entries() const {
    return static_cast<int>(observations.size() + transitions.size());
  }

  Client& client;
  // The entries, of one kind only.
  absl::Span<const Observation> observations = {};
  absl::Span<const Transition> transitions = {};
  Clock::time_point arrival = {};
  std::optional<Answers> answers = std::nullopt;
  std::condition_variable changed = {};
};

class BatchingModel::Client : public Model {
 public:
  explicit Client(BatchingModel& owner) : owner_(owner) {
    const std::lock_guard lock(owner_.mutex_);
    owner_.clients_.push_back(this);
  }

  ~Client() override {
    const std::lock_guard lock(owner_.mutex_);
    std::erase(owner_.clients_, this);
    owner_.WakeFirst();  // Nobody needs to wait for this client any more.
  }

  int num_actions() const override { return owner_.inner_.num_actions(); }

  Answers InitialInference(
      absl::Span<const Observation> observations) override {
    if (observations.empty()) return std::vector<Prediction>();
    Request request = {.client = *this, .observations = observations};
    return owner_.Answer(owner_.initial_, request);
  }

  Answers RecurrentInference(
      absl::Span<const Transition> transitions) override {
    if (transitions.empty()) return std::vector<Prediction>();
    Request request = {.client = *this, .transitions = transitions};
    return owner_.Answer(owner_.recurrent_, request);
  }

 private:
  friend class BatchingModel;

  BatchingModel& owner_;
  // Guarded by owner_.mutex_:
  bool is_waiting_ = false;  // For an answer.
  std::optional<Clock::time_point> last_answer_;
};

BatchingModel::BatchingModel(Model& inner, const BatchingConfig& config)
    : inner_(inner), config_(config) {
  assert(config.Validate().ok());
}

BatchingModel::~BatchingModel() { assert(clients_.empty()); }

std::unique_ptr<Model> BatchingModel::NewClient() {
  return std::make_unique<Client>(*this);
}

void BatchingModel::Stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  for (Queue* queue : {&initial_, &recurrent_}) {
    for (Request* request : queue->requests) Deliver(Stopped(), *request);
    *queue = Queue();
  }
}

Answers BatchingModel::Answer(Queue& queue, Request& request) {
  std::unique_lock lock(mutex_);
  if (is_stopped_) return Stopped();
  request.client.is_waiting_ = true;
  request.arrival = Clock::now();
  queue.requests.push_back(&request);
  queue.num_entries += request.num_entries();
  while (!request.answers) {
    // As long as it has no answer, the request is in the queue or in the batch
    // that is running.
    if (is_running_) {
      request.changed.wait(lock);
    } else if (IsReady(queue)) {
      RunBatch(queue, lock);
    } else if (queue.requests.front() == &request) {
      request.changed.wait_until(lock, Deadline(queue));
    } else {
      request.changed.wait(lock);
    }
  }
  return *std::move(request.answers);
}

bool BatchingModel::IsReady(const Queue& queue) const {
  return queue.num_entries >= config_.max_batch ||
         Clock::now() >= Deadline(queue);
}

BatchingModel::Clock::time_point BatchingModel::Deadline(
    const Queue& queue) const {
  // The time when no client is expected any more.
  Clock::time_point last_hope = Clock::time_point::min();
  for (const Client* client : clients_) {
    if (client->is_waiting_ || !client->last_answer_) continue;
    last_hope = std::max(last_hope, *client->last_answer_ + config_.max_wait);
  }
  return std::min(last_hope,
                  queue.requests.front()->arrival + config_.max_wait);
}

std::vector<BatchingModel::Request*> BatchingModel::TakeBatch(
    Queue& queue) const {
  std::vector<Request*> batch;
  int num_entries = 0;
  while (!queue.requests.empty()) {
    Request* request = queue.requests.front();
    num_entries += request->num_entries();
    if (!batch.empty() && num_entries > config_.max_batch) break;
    batch.push_back(request);
    queue.requests.pop_front();
    queue.num_entries -= request->num_entries();
  }
  return batch;
}

void BatchingModel::RunBatch(Queue& queue, std::unique_lock<std::mutex>& lock) {
  const std::vector<Request*> batch = TakeBatch(queue);
  is_running_ = true;
  lock.unlock();
  Answers answers = Infer(batch);
  lock.lock();
  is_running_ = false;
  size_t first = 0;
  for (Request* request : batch) {
    if (!answers.ok()) {
      Deliver(answers.status(), *request);
      continue;
    }
    const auto begin = std::make_move_iterator(
        answers->begin() + static_cast<std::ptrdiff_t>(first));
    Deliver(std::vector<Prediction>(begin, begin + request->num_entries()),
            *request);
    first += static_cast<size_t>(request->num_entries());
  }
  WakeFirst();
}

Answers BatchingModel::Infer(absl::Span<Request* const> batch) {
  std::vector<Observation> observations;
  std::vector<Transition> transitions;
  size_t num_entries = 0;
  for (const Request* request : batch) {
    num_entries += static_cast<size_t>(request->num_entries());
    // Observations are large; a single request needs no copy of them.
    if (batch.size() == 1) continue;
    Append(request->observations, observations);
    Append(request->transitions, transitions);
  }
  const Request& first = *batch.front();
  Answers answers =
      first.observations.empty()
          ? inner_.RecurrentInference(batch.size() == 1 ? first.transitions
                                                        : transitions)
          : inner_.InitialInference(batch.size() == 1 ? first.observations
                                                      : observations);
  if (answers.ok() && answers->size() != num_entries) {
    return absl::InternalError(absl::StrCat("the model answered a batch of ",
                                            num_entries, " with ",
                                            answers->size(), " entries"));
  }
  return answers;
}

void BatchingModel::Deliver(Answers answers, Request& request) {
  request.answers = std::move(answers);
  request.client.is_waiting_ = false;
  request.client.last_answer_ = Clock::now();
  request.changed.notify_one();
}

void BatchingModel::WakeFirst() {
  for (Queue* queue : {&initial_, &recurrent_}) {
    if (!queue->requests.empty()) {
      queue->requests.front()->changed.notify_one();
    }
  }
}

}  // namespace selfplay
