#include "encoder_bridge/effort_encode.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/effort_controller.h"
#include "encoder_bridge/process_messages.h"

namespace encoder_bridge {
namespace {

using Kind = ProcessMessage::Kind;

static_assert(std::is_trivially_copyable_v<CodedFrame>,
              "results go through a pipe as they are");

// How often `progress` is asked at least, which is how an encode is stopped.
constexpr int kTickMs = 50;
// How long killed processes may take to be gone.
constexpr int kEndMs = 5000;
// Fits into a pipe whole, with its header.
constexpr size_t kMaxErrorBytes = 2048;

// Everything of an EncodeResult but its frames.
struct ResultTotals {
  int shown_frames = 0;
  int64_t packet_bytes = 0;
  double duration_seconds = 0;
  double bitrate_kbps = 0;
  PsnrSummary psnr;
  double encode_seconds = 0;
};

struct PacketHeader {
  int64_t pts = 0;
  int64_t duration = 0;
  int64_t is_key = 0;
};

template <typename T>
void AppendBytes(const T& value, std::string& bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// Takes a T from the front of `bytes`, which hold one.
template <typename T>
T TakeBytes(absl::string_view& bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(static_cast<void*>(&value), bytes.data(), sizeof(value));
  bytes.remove_prefix(sizeof(value));
  return value;
}

std::string ToBytes(const EncodeResult& result) {
  std::string bytes;
  AppendBytes(ResultTotals{.shown_frames = result.shown_frames,
                           .packet_bytes = result.packet_bytes,
                           .duration_seconds = result.duration_seconds,
                           .bitrate_kbps = result.bitrate_kbps,
                           .psnr = result.psnr,
                           .encode_seconds = result.encode_seconds},
              bytes);
  for (const CodedFrame& frame : result.frames) AppendBytes(frame, bytes);
  return bytes;
}

EncodeResult ResultOf(absl::string_view bytes) {
  const auto totals = TakeBytes<ResultTotals>(bytes);
  EncodeResult result = {.frames = {},
                         .shown_frames = totals.shown_frames,
                         .packet_bytes = totals.packet_bytes,
                         .duration_seconds = totals.duration_seconds,
                         .bitrate_kbps = totals.bitrate_kbps,
                         .psnr = totals.psnr,
                         .encode_seconds = totals.encode_seconds};
  while (!bytes.empty()) result.frames.push_back(TakeBytes<CodedFrame>(bytes));
  return result;
}

std::string ToBytes(const EncodedPacket& packet) {
  std::string bytes;
  AppendBytes(PacketHeader{.pts = packet.pts,
                           .duration = packet.duration,
                           .is_key = packet.is_key},
              bytes);
  bytes.append(packet.data.begin(), packet.data.end());
  return bytes;
}

std::string ToBytes(const absl::Status& status) {
  std::string bytes;
  AppendBytes(static_cast<int>(status.code()), bytes);
  const absl::string_view text = status.message().substr(0, kMaxErrorBytes);
  bytes.append(text.data(), text.size());
  return bytes;
}

absl::Status StatusOf(absl::string_view bytes) {
  const int code = TakeBytes<int>(bytes);
  return absl::Status(static_cast<absl::StatusCode>(code), bytes);
}

// Keeps what a branch has coded until it is known whether it is wanted.
class BranchSink : public PacketSink {
 public:
  explicit BranchSink(int pipe) : pipe_(pipe) {}

  absl::Status Write(const EncodedPacket& packet) override {
    packets_.push_back(ToBytes(packet));
    return absl::OkStatus();
  }

  absl::Status HandOn() {
    for (const std::string& packet : packets_) {
      const absl::Status status = WriteMessage(pipe_, Kind::kPacket, packet);
      if (!status.ok()) return status;
    }
    packets_.clear();
    return absl::OkStatus();
  }

 private:
  const int pipe_;
  std::vector<std::string> packets_;
};

// The encode, in a process of its own and those that it becomes.
absl::StatusOr<EncodeResult> EncodeHere(const EffortEncode& encode,
                                        EncoderSettings settings,
                                        const FirstPassResult& first_pass,
                                        pid_t keeper, int pipe) {
  const auto source = encode.open_source();
  if (!source.ok()) return source.status();
  BranchSink sink(pipe);
  EffortController controller(
      *encode.controller,
      {.plan = encode.plan,
       .target_kbps = encode.target_kbps,
       .frame_rate = first_pass.num_frames / first_pass.duration_seconds,
       .at_once = encode.at_once,
       .keeper = keeper,
       .on_fork =
           [&](int num_branches) {
             std::string body;
             AppendBytes(num_branches, body);
             return WriteMessage(pipe, Kind::kFork, body);
           },
       .on_frame = [&] { return WriteMessage(pipe, Kind::kFrame, ""); },
       .on_choice = [&] { return sink.HandOn(); }});
  settings.threads = 1;
  auto result = RunSecondPass(
      **source, settings, first_pass,
      {.mode = RateControlMode::kExternal,
       .target_bitrate_kbps = encode.whole_target_kbps,
       .controller = &controller},
      sink, [](const EncodeProgress&) { return absl::OkStatus(); });
  if (!result.ok()) return result.status();
  const absl::Status status = sink.HandOn();
  if (!status.ok()) return status;
  return result;
}

// Of a process that was just forked, and ends with its parent.
void BecomeChildOf(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
}

// Other threads of the parent may have such pipes, too, and wait for the end of
// them: it must not depend on processes that are not theirs.
void CloseOtherPipes(int pipe) {
  std::vector<int> others;
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  for (; !error && files != std::filesystem::directory_iterator();
       files.increment(error)) {
    int fd = -1;
    struct stat info = {};
    if (absl::SimpleAtoi(files->path().filename().string(), &fd) &&
        fd > STDERR_FILENO && fd != pipe && fstat(fd, &info) == 0 &&
        S_ISFIFO(info.st_mode)) {
      others.push_back(fd);
    }
  }
  for (const int fd : others) close(fd);
}

[[noreturn]] void EncodeAndExit(const EffortEncode& encode,
                                const EncoderSettings& settings,
                                const FirstPassResult& first_pass, pid_t keeper,
                                int pipe) {
  absl::StatusOr<EncodeResult> result = absl::InternalError("no result");
  try {
    result = EncodeHere(encode, settings, first_pass, keeper, pipe);
  } catch (const std::exception& error) {  // Out of memory, most likely.
    result = absl::InternalError(error.what());
  }
  const absl::Status status =
      result.ok() ? WriteMessage(pipe, Kind::kResult, ToBytes(*result))
                  : WriteMessage(pipe, Kind::kError, ToBytes(result.status()));
  _exit(status.ok() ? 0 : 1);
}

// The process that all others are children of, sooner or later: those whose
// parents end become its own.
[[noreturn]] void KeepProcesses(const EffortEncode& encode,
                                const EncoderSettings& settings,
                                const FirstPassResult& first_pass, pid_t parent,
                                int pipe) {
  BecomeChildOf(parent);
  CloseOtherPipes(pipe);
  // The parent decides what a signal to the whole group means.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    std::signal(signal, SIG_IGN);
  }
  // Whoever writes to nobody is not wanted any more.
  std::signal(SIGPIPE, SIG_DFL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t keeper = getpid();
  const pid_t child = fork();
  if (child < 0) {
    const absl::Status status = absl::ResourceExhaustedError(
        absl::StrCat("no process to encode in: ", std::strerror(errno)));
    WriteMessage(pipe, Kind::kError, ToBytes(status)).IgnoreError();
    _exit(1);
  }
  if (child == 0) {
    BecomeChildOf(keeper);
    EncodeAndExit(encode, settings, first_pass, keeper, pipe);
  }
  while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
  _exit(0);
}

// The other side: what the processes tell, as an encode in this one.
class EffortReceiver {
 public:
  EffortReceiver(const VideoFormat& format, const FirstPassResult& first_pass,
                 PacketSink& sink, const ProgressFn& progress)
      : time_base_(format.time_base),
        first_pass_(first_pass),
        sink_(sink),
        progress_(progress) {}

  absl::StatusOr<EncodeResult> Receive(int pipe) {
    while (true) {
      const auto is_open = reader_.Wait(pipe, kTickMs);
      if (!is_open.ok()) return is_open.status();
      while (const auto message = reader_.Next()) {
        if (message->kind == Kind::kResult) return ResultOf(message->body);
        const absl::Status status = Take(*message);
        if (!status.ok()) return status;
      }
      const absl::Status status = Report();
      if (!status.ok()) return status;
      if (!*is_open) {
        return absl::InternalError(
            "the processes that encode ended without a result");
      }
    }
  }

 private:
  absl::Status Take(const ProcessMessage& message) {
    absl::string_view body = message.body;
    switch (message.kind) {
      case Kind::kFork:
        branches_ = TakeBytes<int>(body);
        tried_frames_ = 0;
        return absl::OkStatus();
      case Kind::kFrame:
        ++tried_frames_;
        return absl::OkStatus();
      case Kind::kPacket:
        return TakePacket(body);
      case Kind::kError:
        return StatusOf(body);
      case Kind::kResult:
        break;
    }
    return absl::OkStatus();
  }

  absl::Status TakePacket(absl::string_view body) {
    const auto header = TakeBytes<PacketHeader>(body);
    ++frames_;
    tried_frames_ = 0;
    ticks_ += header.duration;
    packet_bytes_ += static_cast<int64_t>(body.size());
    return sink_.Write(
        {.data = {reinterpret_cast<const uint8_t*>(body.data()), body.size()},
         .pts = header.pts,
         .duration = header.duration,
         .is_key = header.is_key != 0});
  }

  absl::Status Report() {
    reported_ = std::max(reported_,
                         std::min<int64_t>(frames_ + tried_frames_ / branches_,
                                           first_pass_.num_frames));
    return progress_(
        {.pass = 2,
         .frames = reported_,
         .expected_frames = first_pass_.num_frames,
         .packet_bytes = packet_bytes_,
         .seconds_of_video = static_cast<double>(ticks_) * time_base_.value()});
  }

  const Rational time_base_;
  const FirstPassResult& first_pass_;
  PacketSink& sink_;
  const ProgressFn& progress_;
  MessageReader reader_;
  int64_t frames_ = 0;  // Chosen; a packet is a shown frame.
  int64_t ticks_ = 0;
  int64_t packet_bytes_ = 0;
  int branches_ = 1;
  int64_t tried_frames_ = 0;  // Of all branches of the stretch.
  int64_t reported_ = 0;
};

// Waits until all processes are gone: they have the other end of `pipe`.
// Those of an encode that is done end by themselves.
void EndProcesses(pid_t keeper, int pipe, bool is_done) {
  if (!is_done) kill(keeper, SIGKILL);
  while (waitpid(keeper, nullptr, 0) < 0 && errno == EINTR) {
  }
  MessageReader rest;
  for (int waited = 0; waited < kEndMs; waited += kTickMs) {
    const auto is_open = rest.Wait(pipe, kTickMs);
    if (!is_open.ok() || !*is_open) break;
  }
  close(pipe);
}

}  // namespace

absl::StatusOr<EncodeResult> EncodeWithEffort(const EffortEncode& encode,
                                              const EncoderSettings& settings,
                                              const FirstPassResult& first_pass,
                                              PacketSink& sink,
                                              const ProgressFn& progress) {
  std::array<int, 2> pipe = {};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no pipe to a process: ", std::strerror(errno)));
  }
  const pid_t parent = getpid();
  const pid_t keeper = fork();
  if (keeper == 0) {
    close(pipe[0]);
    KeepProcesses(encode, settings, first_pass, parent, pipe[1]);
  }
  const int fork_error = errno;
  close(pipe[1]);
  if (keeper < 0) {
    close(pipe[0]);
    return absl::ResourceExhaustedError(
        absl::StrCat("no process to encode in: ", std::strerror(fork_error)));
  }
  auto result = EffortReceiver(encode.format, first_pass, sink, progress)
                    .Receive(pipe[0]);
  EndProcesses(keeper, pipe[0], result.ok());
  return result;
}

}  // namespace encoder_bridge
