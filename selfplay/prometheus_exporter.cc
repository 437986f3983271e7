#include "selfplay/prometheus_exporter.h"

#include <netdb.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "selfplay/metrics.h"

namespace selfplay {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

constexpr size_t kThreads = 2;  // Of the web server.
constexpr std::chrono::milliseconds kKnockInterval(5);

const Histogram::BucketBoundaries kEncodeSeconds = {0.1, 0.25, 0.5, 1,  2.5,
                                                    5,   10,   25,  50, 100};
const Histogram::BucketBoundaries kStoreSeconds = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};
const Histogram::BucketBoundaries kOvershoots = {0,    0.002, 0.005, 0.01, 0.02,
                                                 0.05, 0.1,   0.2,   0.5};

Gauge& AddGauge(Registry& registry, const std::string& name,
                const std::string& help) {
  return prometheus::BuildGauge()
      .Name("muzero_rc_" + name)
      .Help(help)
      .Register(registry)
      .Add({});
}

Counter& AddCounter(Registry& registry, const std::string& name,
                    const std::string& help) {
  return prometheus::BuildCounter()
      .Name("muzero_rc_" + name)
      .Help(help)
      .Register(registry)
      .Add({});
}

Histogram& AddHistogram(Registry& registry, const std::string& name,
                        const std::string& help,
                        const Histogram::BucketBoundaries& bounds) {
  return prometheus::BuildHistogram()
      .Name("muzero_rc_" + name)
      .Help(help)
      .Register(registry)
      .Add({}, bounds);
}

// The series of a learner.
struct LearnerSeries {
  explicit LearnerSeries(Registry& registry)
      : step(AddGauge(registry, "learner_step", "Gradient steps.")),
        weights_version(AddGauge(registry, "learner_weights_version",
                                 "Newest weights published.")),
        episodes(AddGauge(registry, "learner_episodes",
                          "Episodes seen in the store.")),
        losses(prometheus::BuildGauge()
                   .Name("muzero_rc_learner_loss")
                   .Help("Mean loss by head; head=\"total\" is minimised.")
                   .Register(registry)),
        gradient_norm(AddGauge(registry, "learner_gradient_norm",
                               "Mean norm of the gradient before clipping.")),
        learning_rate(
            AddGauge(registry, "learner_learning_rate", "Learning rate.")),
        samples_per_second(AddGauge(registry, "learner_samples_per_second",
                                    "Samples learned from.")),
        samples_per_insert(AddGauge(registry, "learner_samples_per_insert",
                                    "Steps drawn for each step put in.")),
        replay_steps(
            AddGauge(registry, "learner_replay_steps", "Steps to draw from.")),
        replay_age(AddGauge(registry, "learner_replay_age_seconds",
                            "Mean age of the episodes to draw from.")),
        busy_share(AddGauge(registry, "learner_busy_share",
                            "Share of time not waited or slept away.")) {}

  void Observe(const LearnerMetrics& metrics) {
    step.Set(static_cast<double>(metrics.learner_step));
    weights_version.Set(static_cast<double>(metrics.weights_version));
    episodes.Set(static_cast<double>(metrics.episodes));
    losses.Add({{"head", "total"}}).Set(metrics.loss);
    losses.Add({{"head", "policy"}}).Set(metrics.policy_loss);
    losses.Add({{"head", "value"}}).Set(metrics.value_loss);
    for (const auto& [head, loss] : metrics.auxiliary_losses) {
      losses.Add({{"head", head}}).Set(loss);
    }
    gradient_norm.Set(metrics.gradient_norm);
    learning_rate.Set(metrics.learning_rate);
    samples_per_second.Set(metrics.samples_per_second);
    samples_per_insert.Set(metrics.samples_per_insert);
    replay_steps.Set(static_cast<double>(metrics.replay_steps));
    replay_age.Set(metrics.replay_age_seconds);
    busy_share.Set(metrics.busy_share);
  }

  Gauge& step;
  Gauge& weights_version;
  Gauge& episodes;
  Family<Gauge>& losses;
  Gauge& gradient_norm;
  Gauge& learning_rate;
  Gauge& samples_per_second;
  Gauge& samples_per_insert;
  Gauge& replay_steps;
  Gauge& replay_age;
  Gauge& busy_share;
};

// The series of all workers of the process together.
struct WorkerSeries {
  explicit WorkerSeries(Registry& registry)
      : episodes(
            AddCounter(registry, "worker_episodes_total", "Episodes stored.")),
        wins(AddCounter(registry, "worker_wins_total",
                        "Episodes with a reward above 0.")),
        frames(AddCounter(registry, "worker_frames_total", "Frames coded.")),
        planning_seconds(AddCounter(registry, "worker_planning_seconds_total",
                                    "Time spent planning.")),
        simulations(AddCounter(registry, "worker_simulations_total",
                               "Simulations of all searches.")),
        guard_overrides(AddCounter(registry, "worker_guard_overrides_total",
                                   "Frames changed by the bitrate guard.")),
        fallback_frames(AddCounter(registry, "worker_fallback_frames_total",
                                   "Frames coded without the model.")),
        weights_version(AddGauge(registry, "worker_weights_version",
                                 "Weights of the newest episode.")),
        encode_seconds(AddHistogram(registry, "worker_encode_seconds",
                                    "Time of a second pass.", kEncodeSeconds)),
        store_seconds(AddHistogram(registry, "worker_store_seconds",
                                   "Time to store an episode.", kStoreSeconds)),
        overshoot(AddHistogram(registry, "worker_overshoot",
                               "Bits over the target, a fraction.",
                               kOvershoots)) {}

  void Observe(const WorkerMetrics& metrics) {
    episodes.Increment();
    if (metrics.reward > 0) wins.Increment();
    frames.Increment(static_cast<double>(metrics.frames));
    planning_seconds.Increment(metrics.planning_seconds);
    simulations.Increment(static_cast<double>(metrics.simulations));
    guard_overrides.Increment(static_cast<double>(metrics.guard_overrides));
    fallback_frames.Increment(static_cast<double>(metrics.fallback_frames));
    weights_version.Set(static_cast<double>(metrics.weights_version));
    encode_seconds.Observe(metrics.seconds);
    store_seconds.Observe(metrics.store_seconds);
    overshoot.Observe(metrics.overshoot);
  }

  Counter& episodes;
  Counter& wins;
  Counter& frames;
  Counter& planning_seconds;
  Counter& simulations;
  Counter& guard_overrides;
  Counter& fallback_frames;
  Gauge& weights_version;
  Histogram& encode_seconds;
  Histogram& store_seconds;
  Histogram& overshoot;
};

// The series of evaluations.
struct EvaluationSeries {
  explicit EvaluationSeries(Registry& registry)
      : weights_version(AddGauge(registry, "evaluation_weights_version",
                                 "Weights of the newest evaluation.")),
        bd_rate(AddGauge(registry, "evaluation_bd_rate_percent",
                         "BD-rate against libvpx; negative is better.")),
        over_2pct(AddGauge(registry, "evaluation_share_over_2pct",
                           "Share of encodes over target by 2 %.")),
        mean_overshoot(AddGauge(registry, "evaluation_mean_overshoot",
                                "Bits over the target, a fraction.")) {}

  void Observe(const EvaluationMetrics& metrics) {
    weights_version.Set(static_cast<double>(metrics.weights_version));
    bd_rate.Set(metrics.bd_rate_percent);
    over_2pct.Set(metrics.share_over_2pct);
    mean_overshoot.Set(metrics.mean_overshoot);
  }

  Gauge& weights_version;
  Gauge& bd_rate;
  Gauge& over_2pct;
  Gauge& mean_overshoot;
};

// Where to listen.
struct Address {
  std::string host;  // In digits, [...] around IPv6.
  int port = 0;
};

absl::StatusOr<Address> ParseAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  const bool has_host = colon != std::string::npos;
  Address address = {.host = has_host ? text.substr(0, colon) : "127.0.0.1"};
  const bool is_host = !address.host.empty() &&
                       address.host.find_first_not_of(
                           "0123456789abcdefABCDEF.:[]") == std::string::npos;
  if (is_host &&
      absl::SimpleAtoi(has_host ? text.substr(colon + 1) : text,
                       &address.port) &&
      address.port >= 0 && address.port <= 65535) {
    return address;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("metrics address ", text, ", wanted PORT or ADDRESS:PORT"));
}

// Connects to `address` and hangs up.
void Knock(const Address& address) {
  const std::string host(
      absl::StripSuffix(absl::StripPrefix(address.host, "["), "]"));
  const addrinfo wanted = {.ai_flags = AI_NUMERICHOST,
                           .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(address.port).c_str(), &wanted,
                  &found) != 0) {
    return;
  }
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0) {
    connect(fd, found->ai_addr, found->ai_addrlen);
    close(fd);
  }
  freeaddrinfo(found);
}

}  // namespace

struct PrometheusExporter::Parts {
  explicit Parts(const Address& wanted)
      : registry(std::make_shared<Registry>()),
        learner(*registry),
        worker(*registry),
        evaluation(*registry),
        exposer(std::make_unique<prometheus::Exposer>(
            absl::StrCat(wanted.host, ":", wanted.port), kThreads)),
        address({.host = wanted.host,
                 .port = exposer->GetListeningPorts().front()}) {
    exposer->RegisterCollectable(registry);
  }

  const std::shared_ptr<Registry> registry;
  LearnerSeries learner;
  WorkerSeries worker;
  EvaluationSeries evaluation;
  std::unique_ptr<prometheus::Exposer> exposer;
  const Address address;
};

PrometheusExporter::PrometheusExporter(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

// The web server sees that it is to stop when somebody connects, or every two
// seconds.
PrometheusExporter::~PrometheusExporter() {
  std::atomic<bool> has_stopped = false;
  std::thread knocking([this, &has_stopped] {
    while (!has_stopped) {
      Knock(parts_->address);
      std::this_thread::sleep_for(kKnockInterval);
    }
  });
  parts_->exposer.reset();
  has_stopped = true;
  knocking.join();
}

absl::StatusOr<std::unique_ptr<PrometheusExporter>> PrometheusExporter::Start(
    const std::string& address) {
  const absl::StatusOr<Address> parsed = ParseAddress(address);
  if (!parsed.ok()) return parsed.status();
  try {
    return std::unique_ptr<PrometheusExporter>(
        new PrometheusExporter(std::make_unique<Parts>(*parsed)));
  } catch (const std::exception& error) {  // The web server's.
    return absl::UnavailableError(absl::StrCat("cannot serve metrics at ",
                                               parsed->host, ":", parsed->port,
                                               ": ", error.what()));
  }
}

int PrometheusExporter::port() const { return parts_->address.port; }

void PrometheusExporter::Observe(const LearnerMetrics& metrics) {
  parts_->learner.Observe(metrics);
}

void PrometheusExporter::Observe(const WorkerMetrics& metrics) {
  parts_->worker.Observe(metrics);
}

void PrometheusExporter::Observe(const EvaluationMetrics& metrics) {
  parts_->evaluation.Observe(metrics);
}

}  // namespace selfplay
