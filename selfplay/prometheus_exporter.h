#ifndef SELFPLAY_PROMETHEUS_EXPORTER_H_
#define SELFPLAY_PROMETHEUS_EXPORTER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "selfplay/metrics.h"

namespace selfplay {

// Answers GET /metrics with what learner and workers of this process told of
// themselves, in Prometheus' text format; docs/operations.md lists the series.
// Runs from Start() until it is destroyed, on threads of its own.
//
// There is no access control: who reaches the address reads it.
//
// Thread-safe.
class PrometheusExporter {
 public:
  // `address` is PORT, then of 127.0.0.1, or HOST:PORT with HOST an address of
  // this machine in digits, [...] around IPv6.  Port 0 is any that is free.
  // Errors: InvalidArgument for another address; Unavailable if it cannot be
  // listened to.
  static absl::StatusOr<std::unique_ptr<PrometheusExporter>> Start(
      const std::string& address);

  ~PrometheusExporter();

  // The port that it listens to.
  int port() const;

  // Gauges show the newest record, counters and histograms all of them.
  void Observe(const LearnerMetrics& metrics);
  void Observe(const WorkerMetrics& metrics);
  void Observe(const EvaluationMetrics& metrics);

 private:
  struct Parts;
  explicit PrometheusExporter(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace selfplay

#endif  // SELFPLAY_PROMETHEUS_EXPORTER_H_
