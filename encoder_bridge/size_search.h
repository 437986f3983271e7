#ifndef ENCODER_BRIDGE_SIZE_SEARCH_H_
#define ENCODER_BRIDGE_SIZE_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace encoder_bridge {

// Finds the target bitrate whose file has a wanted size: never more, and no
// more than 1 % less.  What an encode comes to is known only when it is done,
// so targets are tried, each corrected by what those before came to.
//
// Call NextTargetKbps(), then Add() with the encode's result, until is_over().
class SizeSearch {
 public:
  struct Options {
    int64_t wanted_bytes = 0;  // Of the file.
    // Of the file without the packets of the video, as far as that is known.
    int64_t rest_bytes = 0;
    double seconds = 0;              // Of the video.
    bool has_whole_targets = false;  // In kilobits per second.
  };

  // What an encode at a target came to.
  struct Try {
    double target_kbps = 0;
    int64_t video_bytes = 0;  // Of its packets.
    int64_t file_bytes = 0;
  };

  // REQUIRES: options.wanted_bytes >= SmallestBytes() and options.seconds > 0.
  explicit SizeSearch(const Options& options) : options_(options) {}

  // The smallest size that leaves one kilobit per second to the video.
  static int64_t SmallestBytes(int64_t rest_bytes, double seconds);

  double NextTargetKbps() const;

  void Add(const Try& result);

  // Whether a size within 1 % is found, or another encode would hardly help.
  bool is_over() const { return is_over_; }

  // The largest that is not over, an index of tries(); nothing: all are over.
  std::optional<size_t> best() const { return best_; }

  bool is_met() const;

  const std::vector<Try>& tries() const { return tries_; }

 private:
  bool CanImprove() const;
  double InterpolatedKbps(double budget_bytes) const;

  const Options options_;
  std::vector<Try> tries_;
  std::optional<size_t> best_;
  // That with the lowest target of those that are too large.
  std::optional<size_t> lowest_over_;
  bool is_over_ = false;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_SIZE_SEARCH_H_
