#include "encoder_bridge/frame_timing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

constexpr int kMaxDenominator = 1'000'000'000;  // Of a libvpx time base.
constexpr double kMaxFrameRate = 1000;
constexpr double kMinFill = 0.75;  // Of the grid of a constant rate.
constexpr Rational kFallbackRate = {25, 1};
constexpr Rational kMicroseconds = {1, 1'000'000};

// num / den in lowest terms; rounded to thousandths if that does not fit.
Rational Reduced(int64_t num, int64_t den) {
  const int64_t divisor = std::gcd(num, den);
  num /= divisor;
  den /= divisor;
  if (num <= kMaxDenominator && den <= kMaxDenominator) {
    return {static_cast<int>(num), static_cast<int>(den)};
  }
  const double value = static_cast<double>(num) / static_cast<double>(den);
  return Reduced(std::llround(std::clamp(value, 0.001, 1e5) * 1000), 1000);
}

bool IsUsable(Rational rate) {
  return rate.num > 0 && rate.den > 0 && rate.num <= kMaxDenominator &&
         rate.den <= kMaxDenominator && rate.value() <= kMaxFrameRate;
}

Rational NearestInteger(double rate) {
  return {static_cast<int>(std::max(1L, std::lround(rate))), 1};
}

// The nearest rate of the NTSC family, such as 30000/1001.
Rational NearestNtsc(double rate) {
  const int64_t thousands = std::max(1L, std::lround(rate * 1.001));
  return Reduced(thousands * 1000, 1001);
}

// The usual rate that `rate` is a rounding of, if there is one.
std::optional<Rational> UsualRate(Rational rate) {
  constexpr double kRelativeError = 2e-4;  // 30 and 30000/1001 are 1e-3 apart.
  for (const Rational usual :
       {NearestInteger(rate.value()), NearestNtsc(rate.value())}) {
    if (std::abs(usual.value() - rate.value()) <=
        kRelativeError * usual.value()) {
      return usual;
    }
  }
  return std::nullopt;
}

// How many frames follow the first in a second.
// REQUIRES: at least two frames, the last later than the first.
Rational CountedRate(const FrameTimes& times) {
  const int64_t span = times.pts.back() - times.pts.front();
  const int64_t limit =
      std::numeric_limits<int64_t>::max() / times.time_base.num;
  return Reduced((times.num_frames - 1) * times.time_base.den,
                 std::min(span, limit) * times.time_base.num);
}

// Rates worth trying on the timestamps, the likeliest first.
std::vector<Rational> CandidateRates(const FrameTimes& times) {
  std::vector<Rational> rates;
  for (const Rational nominal : times.nominal_rates) {
    if (!IsUsable(nominal)) continue;
    const std::optional<Rational> usual = UsualRate(nominal);
    if (usual.has_value()) rates.push_back(*usual);
    rates.push_back(nominal);
  }
  if (times.pts.size() < 2) return rates;
  if (times.pts.back() == times.pts.front()) return rates;
  const Rational counted = CountedRate(times);
  if (!IsUsable(counted)) return rates;
  const double rate = counted.value();
  std::vector<Rational> near = {NearestInteger(rate), NearestNtsc(rate)};
  std::sort(near.begin(), near.end(), [rate](Rational a, Rational b) {
    return std::abs(a.value() - rate) < std::abs(b.value() - rate);
  });
  rates.insert(rates.end(), near.begin(), near.end());
  rates.push_back(counted);
  return rates;
}

// Where, in stream ticks, a grid of `rate` that all of `pts` lie on begins;
// nothing if they lie on none, or leave too much of it empty.
// O(pts.size()).
std::optional<double> GridOrigin(std::span<const int64_t> pts,
                                 Rational time_base, Rational rate) {
  const double ticks_per_second = 1 / time_base.value();
  const double ticks_per_frame = ticks_per_second / rate.value();
  const double tolerance =
      std::min(std::max(1.0, 0.001 * ticks_per_second), 0.25 * ticks_per_frame);
  double earliest = std::numeric_limits<double>::infinity();
  double latest = -earliest;
  double last_slot = -1;
  for (const int64_t time : pts) {
    const double elapsed = static_cast<double>(time - pts[0]);
    const double slot = std::round(elapsed / ticks_per_frame);
    if (slot <= last_slot) return std::nullopt;
    last_slot = slot;
    earliest = std::min(earliest, elapsed - slot * ticks_per_frame);
    latest = std::max(latest, elapsed - slot * ticks_per_frame);
  }
  if (static_cast<double>(pts.size()) < kMinFill * (last_slot + 1)) {
    return std::nullopt;
  }
  if (latest - earliest > 2 * tolerance + 1e-6) return std::nullopt;
  return static_cast<double>(pts[0]) + (earliest + latest) / 2;
}

// A rate below one frame a second takes several ticks a frame, since libvpx
// has no time base of more than a second.
FrameTiming ConstantTiming(Rational rate) {
  FrameTiming timing;
  timing.frame_rate = rate;
  timing.ticks_per_frame = (rate.den + rate.num - 1) / rate.num;
  timing.time_base = Reduced(rate.den, rate.num * timing.ticks_per_frame);
  return timing;
}

FrameTiming VariableTiming(const FrameTimes& times) {
  FrameTiming timing;
  timing.is_constant = false;
  timing.has_timestamps = true;
  if (times.pts.back() > times.pts.front()) {
    timing.frame_rate = CountedRate(times);
  }
  const bool fits_libvpx = times.time_base.num <= times.time_base.den &&
                           times.time_base.den <= kMaxDenominator;
  timing.time_base = fits_libvpx ? times.time_base : kMicroseconds;
  timing.ticks_per_frame = std::max<int64_t>(
      1,
      std::llround(1 / timing.frame_rate.value() / timing.time_base.value()));
  timing.stream_time_base = times.time_base;
  timing.stream_origin = static_cast<double>(times.pts.front());
  return timing;
}

}  // namespace

int64_t FrameTiming::TickAt(int64_t stream_pts) const {
  // A damaged timestamp must not overflow what is computed from it.
  constexpr double kLongest = 1e15;
  const double elapsed = std::clamp(
      static_cast<double>(stream_pts) - stream_origin, -kLongest, kLongest);
  const double seconds = elapsed * stream_time_base.value();
  if (is_constant) {
    return std::llround(
               std::clamp(seconds * frame_rate.value(), -kLongest, kLongest)) *
           ticks_per_frame;
  }
  if (time_base == stream_time_base) return std::llround(elapsed);
  return std::llround(
      std::clamp(seconds / time_base.value(), -kLongest, kLongest));
}

int64_t FrameTiming::StreamPtsAt(int64_t tick) const {
  return std::llround(stream_origin +
                      SecondsAt(tick) / stream_time_base.value());
}

FrameTiming DetectFrameTiming(const FrameTimes& times) {
  const std::vector<Rational> rates = CandidateRates(times);
  if (times.pts.empty()) {
    return ConstantTiming(rates.empty() ? kFallbackRate : rates.front());
  }
  for (const Rational rate : rates) {
    const std::optional<double> origin =
        GridOrigin(times.pts, times.time_base, rate);
    if (!origin.has_value()) continue;
    FrameTiming timing = ConstantTiming(rate);
    timing.has_timestamps = !times.are_decode_times;
    timing.stream_time_base = times.time_base;
    timing.stream_origin = *origin;
    return timing;
  }
  if (times.pts.size() < 2) return ConstantTiming(kFallbackRate);
  return VariableTiming(times);
}

}  // namespace encoder_bridge
