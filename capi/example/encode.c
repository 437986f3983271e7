/* Encodes raw 8-bit 4:2:0 frames to VP9 with libvpx, in two passes, the second
 * with muzero-rc's rate control: encode WIDTH HEIGHT FPS KBPS IN.yuv OUT.ivf */
#include <muzero_rc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

static void fail(const char *what, const char *why) {
  fprintf(stderr, "encode: %s: %s\n", what, why);
  exit(1);
}

static void put32(unsigned char *to, unsigned long value) {
  for (int i = 0; i < 4; ++i) to[i] = (unsigned char)(value >> 8 * i);
}

static void write_packet(const vpx_codec_cx_pkt_t *packet, FILE *out) {
  unsigned char header[12] = {0};
  put32(header, packet->data.frame.sz);
  put32(header + 4, (unsigned long)packet->data.frame.pts);
  fwrite(header, 1, sizeof header, out);
  fwrite(packet->data.frame.buf, 1, packet->data.frame.sz, out);
}

/* One pass over `in`; statistics go to `stats` in the first, packets to `out`
 * in the second. */
static void run_pass(vpx_codec_enc_cfg_t *cfg, vpx_rc_funcs_t *funcs, FILE *in,
                     vpx_fixed_buf_t *stats, FILE *out) {
  vpx_codec_ctx_t codec;
  vpx_image_t image;
  const size_t size = cfg->g_w * cfg->g_h +
                      2 * ((cfg->g_w + 1) / 2) * ((cfg->g_h + 1) / 2);
  unsigned char *frame = malloc(size);
  int got_packet = 1;
  vpx_img_wrap(&image, VPX_IMG_FMT_I420, cfg->g_w, cfg->g_h, 1, frame);
  if (vpx_codec_enc_init(&codec, vpx_codec_vp9_cx(), cfg, 0))
    fail("cannot open libvpx", vpx_codec_error(&codec));
  vpx_codec_control(&codec, VP8E_SET_CPUUSED, 4);
  /* The one line: */
  if (funcs != NULL &&
      vpx_codec_control(&codec, VP9E_SET_EXTERNAL_RATE_CONTROL, funcs))
    fail("cannot register the rate control", vpx_codec_error(&codec));
  rewind(in);
  for (vpx_codec_pts_t pts = 0; got_packet; ++pts) {
    const int has_frame = fread(frame, 1, size, in) == size;
    vpx_codec_iter_t iter = NULL;
    const vpx_codec_cx_pkt_t *packet;
    if (vpx_codec_encode(&codec, has_frame ? &image : NULL, pts, 1, 0,
                         VPX_DL_GOOD_QUALITY))
      fail("cannot encode", vpx_codec_error(&codec));
    got_packet = has_frame;
    while ((packet = vpx_codec_get_cx_data(&codec, &iter)) != NULL) {
      got_packet = 1;
      if (packet->kind == VPX_CODEC_STATS_PKT) {
        const vpx_fixed_buf_t more = packet->data.twopass_stats;
        stats->buf = realloc(stats->buf, stats->sz + more.sz);
        memcpy((char *)stats->buf + stats->sz, more.buf, more.sz);
        stats->sz += more.sz;
      } else if (packet->kind == VPX_CODEC_CX_FRAME_PKT) {
        write_packet(packet, out);
      }
    }
    if (!has_frame && cfg->g_pass == VPX_RC_FIRST_PASS) break;
  }
  vpx_codec_destroy(&codec);
  free(frame);
}

int main(int argc, char **argv) {
  if (argc != 7) fail("wanted", "WIDTH HEIGHT FPS KBPS IN.yuv OUT.ivf");
  FILE *in = fopen(argv[5], "rb"), *out = fopen(argv[6], "wb");
  if (in == NULL || out == NULL) fail("cannot open", in ? argv[6] : argv[5]);
  vpx_codec_enc_cfg_t cfg;
  vpx_codec_enc_config_default(vpx_codec_vp9_cx(), &cfg, 0);
  cfg.g_w = (unsigned)atoi(argv[1]), cfg.g_h = (unsigned)atoi(argv[2]);
  cfg.g_timebase.den = atoi(argv[3]), cfg.rc_target_bitrate = (unsigned)atoi(argv[4]);
  cfg.g_timebase.num = 1, cfg.g_lag_in_frames = 25;
  unsigned char header[32] = "DKIF\0\0\040\0VP90";
  put32(header + 12, cfg.g_w | cfg.g_h << 16);
  put32(header + 16, (unsigned long)cfg.g_timebase.den), header[20] = 1;
  fwrite(header, 1, sizeof header, out);
  vpx_fixed_buf_t stats = {NULL, 0};
  cfg.g_pass = VPX_RC_FIRST_PASS;
  run_pass(&cfg, NULL, in, &stats, out);

  char error[256];
  muzero_rc_options_t options = muzero_rc_default_options();
  muzero_rc_t *rc = muzero_rc_new(&options, error, sizeof error);
  if (rc == NULL) fail("no rate control", error);
  vpx_rc_funcs_t funcs = muzero_rc_funcs(rc);
  cfg.g_pass = VPX_RC_LAST_PASS, cfg.rc_twopass_stats_in = stats;
  run_pass(&cfg, &funcs, in, &stats, out);
  printf("%lld coded frames\n", (long long)muzero_rc_coded_frames(rc));
  muzero_rc_delete(rc);
  free(stats.buf);
  return fclose(out) != 0;
}
