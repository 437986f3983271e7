#include "encoder_bridge/vpx_encoder.h"

#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "encoder_bridge/encoder_settings.h"
#include "encoder_bridge/rate_controller.h"
#include "encoder_bridge/video_frame.h"

namespace encoder_bridge {
namespace {

// H.273 matrix coefficients as the VP9 header's color_space (section 7.2.2).
int ToVpxColorSpace(int matrix) {
  switch (matrix) {
    case 1:
      return VPX_CS_BT_709;
    case 5:
      return VPX_CS_BT_601;
    case 6:
      return VPX_CS_SMPTE_170;
    case 7:
      return VPX_CS_SMPTE_240;
    case 9:
      return VPX_CS_BT_2020;
    default:
      return VPX_CS_UNKNOWN;
  }
}

absl::Status ToStatus(vpx_codec_ctx_t& context, vpx_codec_err_t error,
                      absl::string_view what) {
  if (error == VPX_CODEC_OK) return absl::OkStatus();
  const char* detail = vpx_codec_error_detail(&context);
  std::string message =
      absl::StrCat("libvpx: ", what, ": ", vpx_codec_err_to_string(error));
  if (detail != nullptr) absl::StrAppend(&message, ": ", detail);
  switch (error) {
    case VPX_CODEC_MEM_ERROR:
      return absl::ResourceExhaustedError(message);
    case VPX_CODEC_INVALID_PARAM:
      return absl::InvalidArgumentError(message);
    default:
      return absl::InternalError(message);
  }
}

// The quantizer, on vpxenc's scale, that is not finer than `min_q_index`: up to
// 48 that scale is q_index / 4 (vp9_quantizer_to_qindex).
int MinQuantizer(int min_q_index) {
  return min_q_index <= kMinQIndex ? 0 : std::min(48, (min_q_index + 3) / 4);
}

// The same for --cq-level, which rc_min_quantizer does not bind and below which
// libvpx goes for key frames, to a quarter of the step (vp9_ratectrl.c); steps
// are 7 + q_index there.
int MinCqLevel(int min_q_index) {
  return min_q_index <= kMinQIndex ? 0
                                   : MinQuantizer(4 * (min_q_index + 7) - 7);
}

// What vpx_codec_enc_init() has to know beside the configuration.
vpx_codec_flags_t InitFlags(int pass, int bit_depth) {
  vpx_codec_flags_t flags = 0;
  if (pass == 2) flags |= VPX_CODEC_USE_PSNR;
  if (bit_depth > 8) flags |= VPX_CODEC_USE_HIGHBITDEPTH;
  return flags;
}

absl::Status CheckBitDepth(int bit_depth) {
  if (bit_depth != 8 && bit_depth != 10) {
    return absl::InvalidArgumentError(
        absl::StrCat("bit depth ", bit_depth, " is not 8 or 10"));
  }
  if (bit_depth == 10 && !LibvpxCodesTenBits()) {
    return absl::UnimplementedError(
        "this libvpx was built without high bit depth: it codes 8 bits only");
  }
  return absl::OkStatus();
}

vpx_rc_mode ToVpxEndUsage(RateControlMode mode) {
  return mode == RateControlMode::kConstantQuality ? VPX_Q : VPX_VBR;
}

}  // namespace

bool LibvpxCodesTenBits() {
  return (vpx_codec_get_caps(vpx_codec_vp9_cx()) &
          VPX_CODEC_CAP_HIGHBITDEPTH) != 0;
}

class VpxEncoder::Impl {
 public:
  Impl() = default;
  ~Impl() {
    if (is_open_) vpx_codec_destroy(&context_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  absl::Status Open(const Options& options) {
    vpx_codec_enc_cfg_t config;
    const vpx_codec_err_t error =
        vpx_codec_enc_config_default(vpx_codec_vp9_cx(), &config, 0);
    if (error != VPX_CODEC_OK) {
      return absl::InternalError(
          absl::StrCat("libvpx has no default VP9 settings: ",
                       vpx_codec_err_to_string(error)));
    }
    width_ = options.format.width;
    height_ = options.format.height;
    bit_depth_ = options.format.bit_depth;
    Configure(options, config);
    const absl::Status status =
        ToStatus(context_,
                 vpx_codec_enc_init(&context_, vpx_codec_vp9_cx(), &config,
                                    InitFlags(options.pass, bit_depth_)),
                 "cannot set up the VP9 encoder");
    if (!status.ok()) return status;
    is_open_ = true;
    return SetControls(options);
  }

  absl::Status Encode(const VideoFrame* frame) {
    iterator_ = nullptr;
    if (frame == nullptr) {
      return ToStatus(
          context_,
          vpx_codec_encode(&context_, nullptr, 0, 0, 0, VPX_DL_GOOD_QUALITY),
          "cannot finish the stream");
    }
    vpx_image_t image = {};
    // The planes are the caller's; vpx_img_wrap() only wants some address.
    const vpx_img_fmt_t kind =
        bit_depth_ > 8 ? VPX_IMG_FMT_I42016 : VPX_IMG_FMT_I420;
    if (vpx_img_wrap(&image, kind, static_cast<unsigned>(width_),
                     static_cast<unsigned>(height_), 1,
                     const_cast<uint8_t*>(frame->planes[0])) == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("libvpx takes no picture of ", width_, "x", height_));
    }
    image.bit_depth = static_cast<unsigned>(bit_depth_);
    for (int plane = 0; plane < 3; ++plane) {
      image.planes[plane] = const_cast<uint8_t*>(frame->planes[plane]);
      image.stride[plane] = frame->strides[plane];
    }
    return ToStatus(context_,
                    vpx_codec_encode(&context_, &image, frame->pts * pts_scale_,
                                     static_cast<unsigned long>(
                                         frame->duration * pts_scale_),
                                     0, VPX_DL_GOOD_QUALITY),
                    "cannot code a frame");
  }

  std::optional<Packet> NextPacket() {
    const vpx_codec_cx_pkt_t* packet =
        vpx_codec_get_cx_data(&context_, &iterator_);
    if (packet == nullptr) return std::nullopt;
    Packet result;
    switch (packet->kind) {
      case VPX_CODEC_CX_FRAME_PKT:
        result.kind = Packet::Kind::kFrame;
        result.data = {static_cast<const uint8_t*>(packet->data.frame.buf),
                       packet->data.frame.sz};
        result.pts = packet->data.frame.pts / pts_scale_;
        result.duration =
            static_cast<int64_t>(packet->data.frame.duration) / pts_scale_;
        result.is_key = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
        break;
      case VPX_CODEC_STATS_PKT:
        result.kind = Packet::Kind::kFirstPassStats;
        result.data = {
            static_cast<const uint8_t*>(packet->data.twopass_stats.buf),
            packet->data.twopass_stats.sz};
        break;
      case VPX_CODEC_PSNR_PKT:
        result.kind = Packet::Kind::kPsnr;
        std::copy_n(packet->data.psnr.psnr, 4, result.psnr_db.begin());
        std::copy_n(packet->data.psnr.sse, 4, result.sse.begin());
        std::copy_n(packet->data.psnr.samples, 4, result.samples.begin());
        break;
      default:
        break;
    }
    return result;
  }

  vpx_codec_ctx_t* handle() { return &context_; }

 private:
  void Configure(const Options& options, vpx_codec_enc_cfg_t& config) {
    const EncoderSettings& settings = options.settings;
    config.g_w = static_cast<unsigned>(width_);
    config.g_h = static_cast<unsigned>(height_);
    if (bit_depth_ > 8) {
      config.g_profile = 2;
      config.g_bit_depth = VPX_BITS_10;
      config.g_input_bit_depth = 10;
    }
    config.g_threads = static_cast<unsigned>(settings.threads);
    // libvpx wants a time base of at most one second.
    const Rational time_base = options.format.time_base;
    pts_scale_ = time_base.num > time_base.den ? time_base.num : 1;
    config.g_timebase.num = time_base.num > time_base.den ? 1 : time_base.num;
    config.g_timebase.den = time_base.den;
    config.g_pass = options.pass == 1 ? VPX_RC_FIRST_PASS : VPX_RC_LAST_PASS;
    config.g_lag_in_frames = static_cast<unsigned>(settings.lag_in_frames);
    config.rc_end_usage = ToVpxEndUsage(options.mode);
    if (options.target_bitrate_kbps > 0) {
      config.rc_target_bitrate =
          static_cast<unsigned>(options.target_bitrate_kbps);
    }
    config.rc_min_quantizer =
        static_cast<unsigned>(MinQuantizer(options.min_q_index));
    if (settings.kf_max_dist) {
      config.kf_max_dist = static_cast<unsigned>(*settings.kf_max_dist);
    }
    if (settings.kf_min_dist) {
      config.kf_min_dist = static_cast<unsigned>(*settings.kf_min_dist);
    }
    if (options.first_pass_stats != nullptr) {
      config.rc_twopass_stats_in.buf =
          const_cast<char*>(options.first_pass_stats->data());
      config.rc_twopass_stats_in.sz = options.first_pass_stats->size();
    }
  }

  absl::Status SetControls(const Options& options) {
    const EncoderSettings& settings = options.settings;
    const ColorInfo& color = options.format.color;
    std::optional<int> cq_level;
    if (options.mode == RateControlMode::kConstantQuality) {
      cq_level = std::max(options.cq_level, MinCqLevel(options.min_q_index));
    }
    const struct {
      int id;
      const char* name;
      std::optional<int> value;
    } kControls[] = {
        {VP8E_SET_CPUUSED, "cpu-used", settings.cpu_used},
        {VP8E_SET_ENABLEAUTOALTREF, "auto-alt-ref", settings.auto_alt_ref},
        {VP9E_SET_TPL, "enable-tpl", settings.enable_tpl ? 1 : 0},
        {VP9E_SET_ROW_MT, "row-mt", settings.row_mt ? 1 : 0},
        {VP9E_SET_TILE_COLUMNS, "tile-columns", settings.tile_columns},
        {VP9E_SET_TILE_ROWS, "tile-rows", settings.tile_rows},
        {VP9E_SET_FRAME_PARALLEL_DECODING, "frame-parallel",
         settings.frame_parallel},
        {VP9E_SET_AQ_MODE, "aq-mode", settings.aq_mode},
        {VP8E_SET_ARNR_MAXFRAMES, "arnr-maxframes", settings.arnr_maxframes},
        {VP8E_SET_ARNR_STRENGTH, "arnr-strength", settings.arnr_strength},
        {VP9E_SET_TUNE_CONTENT, "tune-content", settings.tune_content},
        {VP8E_SET_CQ_LEVEL, "cq-level", cq_level},
        {VP9E_SET_COLOR_SPACE, "color-space", ToVpxColorSpace(color.matrix)},
        {VP9E_SET_COLOR_RANGE, "color-range", color.full_range ? 1 : 0},
    };
    for (const auto& control : kControls) {
      if (!control.value) continue;
      const absl::Status status = ToStatus(
          context_, vpx_codec_control_(&context_, control.id, *control.value),
          absl::StrCat("cannot set ", control.name, " to ", *control.value));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  vpx_codec_ctx_t context_ = {};
  bool is_open_ = false;
  vpx_codec_iter_t iterator_ = nullptr;
  int width_ = 0;
  int height_ = 0;
  int bit_depth_ = 8;
  int64_t pts_scale_ = 1;  // libvpx's ticks per tick of the format.
};

absl::StatusOr<std::unique_ptr<VpxEncoder>> VpxEncoder::Create(
    const Options& options) {
  absl::Status valid = options.settings.Validate();
  valid.Update(CheckBitDepth(options.format.bit_depth));
  if (!valid.ok()) return valid;
  auto impl = std::make_unique<Impl>();
  const absl::Status status = impl->Open(options);
  if (!status.ok()) return status;
  return std::unique_ptr<VpxEncoder>(new VpxEncoder(std::move(impl)));
}

VpxEncoder::VpxEncoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

VpxEncoder::~VpxEncoder() = default;

absl::Status VpxEncoder::Encode(const VideoFrame* frame) {
  return impl_->Encode(frame);
}

std::optional<VpxEncoder::Packet> VpxEncoder::NextPacket() {
  return impl_->NextPacket();
}

vpx_codec_ctx* VpxEncoder::handle() { return impl_->handle(); }

}  // namespace encoder_bridge
