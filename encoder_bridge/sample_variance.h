#ifndef ENCODER_BRIDGE_SAMPLE_VARIANCE_H_
#define ENCODER_BRIDGE_SAMPLE_VARIANCE_H_

#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {

// Returns the mean, over the samples of Y, U and V, of half the squared
// difference between horizontal neighbours: for noise, its variance; for
// pictures, much less than theirs.  REQUIRES: samples of 8 bits.
double LocalVariance(const VideoFrame& frame);

// Returns the least q_index in [kMinQIndex, kMaxQIndex] at which no picture of
// this LocalVariance() comes near its raw size.
//
// libvpx 1.12 (vp9_cx_iface.c, encoder_encode()) gives a coded frame a buffer
// as large as the raw picture and writes past its end without looking: noise
// at the finest quantizers ends in a corrupted heap.  After a transform, noise
// of variance v takes about log2(sqrt(12 v) / step) bits a sample; the answer
// keeps that at 6 of the 8 that there is room for.  (Samples of 10 bits have
// room for 16, which is more than any noise takes.)
int SafeMinQIndex(double local_variance);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_SAMPLE_VARIANCE_H_
