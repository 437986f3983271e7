#include "encoder_bridge/psnr.h"

#include <algorithm>
#include <cmath>

namespace encoder_bridge {

double PsnrDb(double sse, double samples, int bit_depth) {
  constexpr double kMaxPsnrDb = 100;
  if (sse <= 0) return kMaxPsnrDb;
  const double peak = std::exp2(bit_depth) - 1;
  return std::min(kMaxPsnrDb, 10 * std::log10(peak * peak * samples / sse));
}

}  // namespace encoder_bridge
