/*
 * The rate control of muzero-rc for C programs that encode VP9 with libvpx.
 *
 * A program that encodes in two passes gets it with one more call, after
 * vpx_codec_enc_init() of the second pass and before its first frame:
 *
 *   muzero_rc_options_t options = muzero_rc_default_options();
 *   muzero_rc_t *rc = muzero_rc_new(&options, NULL, 0);
 *   vpx_rc_funcs_t funcs = muzero_rc_funcs(rc);
 *   vpx_codec_control(&codec, VP9E_SET_EXTERNAL_RATE_CONTROL, &funcs);
 *
 * From then on it chooses the quantizer of every frame, so that the stream
 * keeps to cfg.rc_target_bitrate.  libvpx ignores the call on any other pass.
 * In libvpx's constant-quality modes it would choose all the same: do not
 * register it there.  Nor, with libvpx 1.15, where VP8E_SET_ENABLEAUTOALTREF is
 * above 1: libvpx would end the program.
 *
 * Handles are not addresses: one that is NULL, or deleted, is noticed wherever
 * it is used, and nothing happens.  All functions may be called from any
 * thread.  For libvpx 1.10 to 1.12 or 1.15, whichever the library was built with
 * (VPX_EXT_RATECTRL_ABI_VERSION 1 or 9).
 */
#ifndef MUZERO_RC_H_
#define MUZERO_RC_H_

#include <stddef.h>
#include <stdint.h>
#include <vpx/vpx_ext_ratectrl.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes with the layout of the structs and the meaning of the functions. */
#define MUZERO_RC_ABI_VERSION 1

#if defined(__GNUC__)
#define MUZERO_RC_API __attribute__((visibility("default")))
#else
#define MUZERO_RC_API
#endif

/* A rate control, for any number of encoders. */
typedef struct muzero_rc muzero_rc_t;

typedef enum muzero_rc_status {
  MUZERO_RC_OK = 0,
  /* NULL, never made, or deleted. */
  MUZERO_RC_INVALID_HANDLE = 1,
  /* An encode failed; muzero_rc_status() has the reason. */
  MUZERO_RC_ENCODE_FAILED = 2
} muzero_rc_status_t;

/* Begin with muzero_rc_default_options(). */
typedef struct muzero_rc_options {
  int abi_version; /* MUZERO_RC_ABI_VERSION. */
  /* Path of a trained network; NULL for the built-in controller `feedback`.
   * None with libvpx 1.15, whose hook does not tell its PSNR. */
  const char* model;
  /* Of the search for each frame with a network, 0 to 1024; 0 takes the
   * network's first choice. */
  int simulations;
  /* Kilobits (1000 bits) per second; 0: as the encoder is configured. */
  double target_bitrate_kbps;
  /* Quantizers to stay within, as q_index from 1 to 255: libvpx ignores its own
   * rc_min_quantizer and rc_max_quantizer here. */
  int min_q_index;
  int max_q_index;
  /* The encoder's kf_max_dist. */
  int kf_max_dist;
  /* The encoder's g_bit_depth, which the hook does not tell: 8 or 10. */
  int bit_depth;
} muzero_rc_options_t;

static inline muzero_rc_options_t muzero_rc_default_options(void) {
  muzero_rc_options_t options;
  options.abi_version = MUZERO_RC_ABI_VERSION;
  options.model = NULL;
  options.simulations = 0;
  options.target_bitrate_kbps = 0;
  options.min_q_index = 1;
  options.max_q_index = 255;
  options.kf_max_dist = 128;
  options.bit_depth = 8;
  return options;
}

/* Makes a rate control; NULL for `options` takes the defaults.  Reads the
 * model, so that what is wrong with it is known at once.
 *
 * Returns NULL if it cannot be made, with the reason, one line, in `error`, cut
 * to `error_size` bytes with the ending 0; `error` may be NULL. */
MUZERO_RC_API muzero_rc_t* muzero_rc_new(const muzero_rc_options_t* options,
                                         char* error, size_t error_size);

/* Returns what to register with VP9E_SET_EXTERNAL_RATE_CONTROL.  With an
 * invalid handle, functions that libvpx gets an error from when it is
 * registered. */
MUZERO_RC_API vpx_rc_funcs_t muzero_rc_funcs(muzero_rc_t* rc);

/* Frames coded so far, hidden ones included, of all encoders; -1 with an
 * invalid handle. */
MUZERO_RC_API int64_t muzero_rc_coded_frames(muzero_rc_t* rc);

/* Whether all is well; if not, the first reason why, as in muzero_rc_new(). */
MUZERO_RC_API muzero_rc_status_t muzero_rc_status(muzero_rc_t* rc, char* error,
                                                  size_t error_size);

/* Deletes the handle.  Encoders that are under way finish as if it were still
 * there.  NULL is no error. */
MUZERO_RC_API muzero_rc_status_t muzero_rc_delete(muzero_rc_t* rc);

/* Of the library: such as "0.1.0", and its MUZERO_RC_ABI_VERSION. */
MUZERO_RC_API const char* muzero_rc_version(void);
MUZERO_RC_API int muzero_rc_abi_version(void);

#ifdef __cplusplus
}
#endif

#endif /* MUZERO_RC_H_ */
