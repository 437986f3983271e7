#include "encoder_bridge/size_search.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace encoder_bridge {
namespace {

constexpr double kLowestFraction = 0.99;  // Of the wanted size.
// Where encodes are aimed: they end a little beside it, on either side.
constexpr double kAim = 0.996;
constexpr size_t kMostTries = 6;
constexpr double kLowestKbps = 1;
constexpr double kHighestKbps = 1e6;
// An interpolated target stays as far from both ends, as a part of what is
// between them: each try is to narrow that down.
constexpr double kMargin = 0.1;

double KbpsOf(double bytes, double seconds) {
  return bytes * 8 / 1000 / seconds;
}

}  // namespace

int64_t SizeSearch::SmallestBytes(int64_t rest_bytes, double seconds) {
  const double video_bytes = kLowestKbps * 1000 / 8 * seconds;
  return static_cast<int64_t>(
      std::ceil((static_cast<double>(rest_bytes) + video_bytes) / kAim));
}

double SizeSearch::NextTargetKbps() const {
  const int64_t rest =
      tries_.empty() ? options_.rest_bytes
                     : tries_.back().file_bytes - tries_.back().video_bytes;
  const double budget = static_cast<double>(options_.wanted_bytes) * kAim -
                        static_cast<double>(rest);
  double kbps = KbpsOf(budget, options_.seconds);
  if (best_ && lowest_over_) {
    kbps = InterpolatedKbps(budget);
  } else if (!tries_.empty() && tries_.back().video_bytes > 0) {
    kbps = tries_.back().target_kbps * budget /
           static_cast<double>(tries_.back().video_bytes);
  }
  kbps = std::clamp(kbps, kLowestKbps, kHighestKbps);
  return options_.has_whole_targets ? std::floor(kbps) : kbps;
}

double SizeSearch::InterpolatedKbps(double budget_bytes) const {
  const Try& low = tries_[*best_];
  const Try& high = tries_[*lowest_over_];
  const double growth = static_cast<double>(high.video_bytes - low.video_bytes);
  const double part =
      growth > 0
          ? (budget_bytes - static_cast<double>(low.video_bytes)) / growth
          : 0.5;
  return std::lerp(low.target_kbps, high.target_kbps,
                   std::clamp(part, kMargin, 1 - kMargin));
}

void SizeSearch::Add(const Try& result) {
  tries_.push_back(result);
  const size_t last = tries_.size() - 1;
  if (result.file_bytes > options_.wanted_bytes) {
    if (!lowest_over_ ||
        result.target_kbps < tries_[*lowest_over_].target_kbps) {
      lowest_over_ = last;
    }
  } else if (!best_ || result.file_bytes > tries_[*best_].file_bytes) {
    best_ = last;
  }
  is_over_ = is_met() || tries_.size() == kMostTries || !CanImprove();
}

bool SizeSearch::is_met() const {
  return best_ &&
         static_cast<double>(tries_[*best_].file_bytes) >=
             kLowestFraction * static_cast<double>(options_.wanted_bytes);
}

// Not where the quantizers have come to their end, so that another target makes
// the same file, or where there is no other target.
bool SizeSearch::CanImprove() const {
  const double next = NextTargetKbps();
  if (std::any_of(tries_.begin(), tries_.end(), [next](const Try& each) {
        return each.target_kbps == next;
      })) {
    return false;
  }
  if (tries_.size() < 2 || (best_ && lowest_over_)) return true;
  const Try& before = tries_[tries_.size() - 2];
  const Try& last = tries_.back();
  return last.video_bytes != before.video_bytes &&
         (last.video_bytes > before.video_bytes) ==
             (last.target_kbps > before.target_kbps);
}

}  // namespace encoder_bridge
