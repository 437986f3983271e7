#include "selfplay/prometheus_exporter.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "selfplay/metrics.h"
#include "tests/testing/status_matchers.h"

namespace selfplay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::HasStatus;
using ::testing_support::IsOk;

std::unique_ptr<PrometheusExporter> StartedExporter() {
  auto exporter = PrometheusExporter::Start("0");
  EXPECT_THAT(exporter, IsOk());
  return exporter.ok() ? *std::move(exporter) : nullptr;
}

// A connection to 127.0.0.1, or negative.
int ConnectTo(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0)
    return fd;
  close(fd);
  return -1;
}

// All that the exporter answers.
std::string Get(const PrometheusExporter& exporter, const std::string& path) {
  const int fd = ConnectTo(exporter.port());
  EXPECT_GE(fd, 0);
  const std::string request =
      absl::StrCat("GET ", path, " HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(write(fd, request.data(), request.size()),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t size; (size = read(fd, buffer, sizeof(buffer))) > 0;) {
    answer.append(buffer, static_cast<size_t>(size));
  }
  close(fd);
  return answer;
}

TEST(PrometheusExporterTest, ShowsTheLearnersNewestRecord) {
  const auto exporter = StartedExporter();
  exporter->Observe(LearnerMetrics{.learner_step = 50, .loss = 2});
  exporter->Observe(LearnerMetrics{
      .learner_step = 100, .loss = 1.5, .auxiliary_losses = {{"psnr", 0.25}}});
  const std::string answer = Get(*exporter, "/metrics");
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr("\nmuzero_rc_learner_step 100\n"));
  EXPECT_THAT(answer,
              HasSubstr("\nmuzero_rc_learner_loss{head=\"total\"} 1.5\n"));
  EXPECT_THAT(answer,
              HasSubstr("\nmuzero_rc_learner_loss{head=\"psnr\"} 0.25\n"));
}

TEST(PrometheusExporterTest, CountsTheWorkersEpisodes) {
  const auto exporter = StartedExporter();
  exporter->Observe(WorkerMetrics{.reward = 1, .frames = 66, .seconds = 3});
  exporter->Observe(WorkerMetrics{.reward = -1, .frames = 66, .seconds = 0.2});
  const std::string answer = Get(*exporter, "/metrics");
  EXPECT_THAT(answer, HasSubstr("\nmuzero_rc_worker_episodes_total 2\n"));
  EXPECT_THAT(answer, HasSubstr("\nmuzero_rc_worker_wins_total 1\n"));
  EXPECT_THAT(answer, HasSubstr("\nmuzero_rc_worker_frames_total 132\n"));
  EXPECT_THAT(
      answer,
      HasSubstr("muzero_rc_worker_encode_seconds_bucket{le=\"0.25\"} 1\n"));
}

TEST(PrometheusExporterTest, ShowsTheNewestEvaluation) {
  const auto exporter = StartedExporter();
  exporter->Observe(EvaluationMetrics{.bd_rate_percent = -4.5});
  EXPECT_THAT(Get(*exporter, "/metrics"),
              HasSubstr("\nmuzero_rc_evaluation_bd_rate_percent -4.5\n"));
}

TEST(PrometheusExporterTest, ServesNothingElse) {
  const auto exporter = StartedExporter();
  for (const char* const path : {"/", "/etc/passwd", "/../etc/passwd"}) {
    EXPECT_THAT(Get(*exporter, path), Not(HasSubstr("200 OK")));
  }
}

TEST(PrometheusExporterTest, ListensToLoopbackUnlessToldOtherwise) {
  const auto exporter = StartedExporter();
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(exporter->port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);  // 127.0.0.2.
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_NE(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
            0);
  close(fd);
}

TEST(PrometheusExporterTest, StopsListeningWhenItIsDestroyed) {
  auto exporter = StartedExporter();
  const int port = exporter->port();
  exporter.reset();
  EXPECT_LT(ConnectTo(port), 0);
}

TEST(PrometheusExporterTest, RefusesAPortThatIsTaken) {
  const auto exporter = StartedExporter();
  const std::string address = absl::StrCat("127.0.0.1:", exporter->port());
  EXPECT_THAT(PrometheusExporter::Start(address),
              HasStatus(absl::StatusCode::kUnavailable, address));
}

TEST(PrometheusExporterTest, RefusesWhatIsNoAddress) {
  for (const char* const address :
       {"", "x", ":1", "127.0.0.1:", "127.0.0.1:x", "1,2", "70000", "-1",
        "127.0.0.1:1,0.0.0.0:2"}) {
    EXPECT_THAT(PrometheusExporter::Start(address),
                HasStatus(absl::StatusCode::kInvalidArgument, "PORT"));
  }
}

}  // namespace
}  // namespace selfplay
