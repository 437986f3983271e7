#include "encoder_bridge/libraries.h"

#include <vpx/vpx_codec.h>

extern "C" {
#include <libavutil/avutil.h>
#include <libavutil/log.h>
}

#include <map>
#include <string>

namespace encoder_bridge {

std::map<std::string, std::string> LibraryVersions() {
  return {{"libvpx", vpx_codec_version_str()}, {"FFmpeg", av_version_info()}};
}

void SilenceLibraries() { av_log_set_level(AV_LOG_QUIET); }

}  // namespace encoder_bridge
