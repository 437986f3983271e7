#include "selfplay/metrics_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "selfplay/metrics.h"

namespace selfplay {
namespace {

absl::Status SystemError(const std::string& path, absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot ", what));
}

// Where the last finished line of the file ends; negative on an error.
off_t EndOfLines(int fd) {
  char buffer[4096];
  off_t end = lseek(fd, 0, SEEK_END);
  while (end > 0) {
    const off_t begin =
        end > off_t{sizeof(buffer)} ? end - off_t{sizeof(buffer)} : 0;
    const ssize_t size =
        pread(fd, buffer, static_cast<size_t>(end - begin), begin);
    if (size != end - begin) return -1;
    const size_t line_end =
        absl::string_view(buffer, static_cast<size_t>(size)).rfind('\n');
    if (line_end != absl::string_view::npos) {
      return begin + static_cast<off_t>(line_end) + 1;
    }
    end = begin;
  }
  return end;
}

}  // namespace

MetricsFile::MetricsFile(std::string path, int fd)
    : path_(std::move(path)), fd_(fd) {}

MetricsFile::~MetricsFile() { close(fd_); }

absl::StatusOr<std::unique_ptr<MetricsFile>> MetricsFile::Open(
    const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC,
                      S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  if (fd < 0) return SystemError(path, "be opened");
  std::unique_ptr<MetricsFile> file(new MetricsFile(path, fd));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is being written by another process"));
  }
  const off_t end = EndOfLines(fd);
  if (end < 0) return SystemError(path, "be read");
  if (ftruncate(fd, end) != 0) return SystemError(path, "be repaired");
  return file;
}

absl::Status MetricsFile::Append(const MetricsLine& line) {
  assert(line.json.find('\n') == std::string::npos);
  const std::string text = line.json + "\n";
  const std::lock_guard<std::mutex> lock(mutex_);
  const off_t begin = lseek(fd_, 0, SEEK_END);
  const ssize_t written = write(fd_, text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return absl::OkStatus();
  const absl::Status error = written < 0
                                 ? SystemError(path_, "be written")
                                 : absl::ResourceExhaustedError(absl::StrCat(
                                       path_, ": no space for another line"));
  // Else the next line would go on where this one was torn.
  [[maybe_unused]] const int truncated = ftruncate(fd_, begin);
  return error;
}

absl::StatusOr<std::vector<MetricsLine>> ReadMetricsFile(
    const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  std::vector<MetricsLine> lines;
  std::string text;
  while (std::getline(in, text)) {
    if (in.eof()) break;  // Without a line end: torn.
    absl::StatusOr<MetricsLine> line = ParseMetricsLine(text);
    if (!line.ok()) {
      return absl::DataLossError(absl::StrCat(path, ":", lines.size() + 1, ": ",
                                              line.status().message()));
    }
    lines.push_back(*std::move(line));
  }
  return lines;
}

}  // namespace selfplay
