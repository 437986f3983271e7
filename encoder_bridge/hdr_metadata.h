#ifndef ENCODER_BRIDGE_HDR_METADATA_H_
#define ENCODER_BRIDGE_HDR_METADATA_H_

#include <array>
#include <optional>
#include <string>

#include "encoder_bridge/rational.h"

struct AVFrame;
struct AVStream;

namespace encoder_bridge {

// The display that a video was graded on (SMPTE ST 2086).
struct MasteringDisplay {
  struct Colors {
    std::array<std::array<Rational, 2>, 3> rgb;  // CIE x, y of each.
    std::array<Rational, 2> white;               // CIE x, y.

    friend bool operator==(const Colors&, const Colors&) = default;
  };
  struct Luminance {
    Rational min;  // Candela per square metre, as is `max`.
    Rational max;

    friend bool operator==(const Luminance&, const Luminance&) = default;
  };

  std::optional<Colors> colors;
  std::optional<Luminance> luminance;

  friend bool operator==(const MasteringDisplay&,
                         const MasteringDisplay&) = default;
};

// How bright a video gets (CTA-861.3), in candela per square metre; 0: not
// known.
struct ContentLight {
  unsigned max_content = 0;        // MaxCLL: of any pixel.
  unsigned max_frame_average = 0;  // MaxFALL: of any frame's mean.

  friend bool operator==(const ContentLight&, const ContentLight&) = default;
};

// What HDR10 tells of a whole video.
struct HdrMetadata {
  std::optional<MasteringDisplay> mastering;
  std::optional<ContentLight> light;

  friend bool operator==(const HdrMetadata&, const HdrMetadata&) = default;
};

// What the container says of the stream.
HdrMetadata HdrMetadataOf(const AVStream& stream);

// What the coded video says of a decoded picture; most codecs say it at the
// first only.
HdrMetadata HdrMetadataOf(const AVFrame& picture);

// What there is of HDR metadata that changes from scene to scene, and that is
// therefore left out, as a line for the user; empty if there is none.
std::string DynamicHdrNote(const AVStream& stream, const AVFrame& picture);

// Gives it to a stream of a file to be written.  Returns 0, or FFmpeg's error.
int SetHdrMetadata(const HdrMetadata& metadata, AVStream& stream);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_HDR_METADATA_H_
