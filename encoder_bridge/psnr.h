#ifndef ENCODER_BRIDGE_PSNR_H_
#define ENCODER_BRIDGE_PSNR_H_

namespace encoder_bridge {

// PSNR in dB of `samples` samples of `bit_depth` bits with the sum of squared
// errors `sse`: 10 log10((2^bit_depth - 1)^2 samples / sse), at most 100, as
// libvpx caps it (vpx_sse_to_psnr).
double PsnrDb(double sse, double samples, int bit_depth);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_PSNR_H_
