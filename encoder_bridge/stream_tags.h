#ifndef ENCODER_BRIDGE_STREAM_TAGS_H_
#define ENCODER_BRIDGE_STREAM_TAGS_H_

#include "encoder_bridge/media_tags.h"

struct AVStream;

namespace encoder_bridge {

// Language, title and disposition of a stream of an open file.
StreamTags StreamTagsOf(const AVStream& stream);

}  // namespace encoder_bridge

#endif  // ENCODER_BRIDGE_STREAM_TAGS_H_
