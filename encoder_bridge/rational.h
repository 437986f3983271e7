#ifndef ENCODER_BRIDGE_RATIONAL_H_
#define ENCODER_BRIDGE_RATIONAL_H_

namespace encoder_bridge {

// A ratio of integers, as time bases, frame rates and aspect ratios are given.
struct Rational {
  int num = 0;
  int den = 1;

  double value() const { return static_cast<double>(num) / den; }
  friend bool operator==(const Rational&, const Rational&) = default;
};

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_RATIONAL_H_
