// Puts the rate control of libmuzero_rc into programs that do not know of it:
// loaded before libvpx (LD_PRELOAD), it stands in for four of libvpx's
// functions, hands every call on, and registers a rate control with each VP9
// encoder of a second pass at its first frame.  What it cannot do costs one
// warning, and libvpx's own rate control goes on.
//
// `muzero-rc wrap` starts programs with it, and tells it in the environment:
//
//   MUZERO_RC_LIBRARY      path of libmuzero_rc.so
//   MUZERO_RC_MODEL        muzero_rc_options_t::model; not set: feedback
//   MUZERO_RC_SIMULATIONS  muzero_rc_options_t::simulations
//   MUZERO_RC_REPORT       file to append to what was seen, a line each:
//                          "left alone: REASON", "second pass",
//                          "frames: N", "failed: REASON"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_codec.h>
#include <vpx/vpx_encoder.h>

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <string>

#include "capi/muzero_rc.h"

namespace {

// What is known of an encoder that a rate control may be registered with.
struct Encoder {
  vpx_codec_enc_cfg_t config;
  bool has_begun = false;
  muzero_rc_t* rate_control = nullptr;
};

// Of all encoders that are open, by their contexts' addresses.
struct Encoders {
  std::mutex mutex;
  std::map<vpx_codec_ctx_t*, Encoder> by_context;
};

Encoders& AllEncoders() {
  static auto& encoders = *new Encoders;  // Programs may encode at exit.
  return encoders;
}

void Report(const std::string& line) {
  const char* path = std::getenv("MUZERO_RC_REPORT");
  if (path == nullptr) return;
  const int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) return;
  const std::string text = line + "\n";
  [[maybe_unused]] const ssize_t written =
      write(file, text.data(), text.size());
  close(file);
}

void Warn(const std::string& reason) {
  Report("failed: " + reason);
  const std::string text =
      "muzero-rc: warning: libvpx's own rate control goes on: " + reason + "\n";
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, text.data(), text.size());
}

// libvpx's function of that name; null if there is none.  A plugin's libvpx is
// in no other's scope, so it is asked for by its name.
template <typename Function>
Function Libvpx(const char* name) {
  void* function = dlsym(RTLD_NEXT, name);
  if (function == nullptr) {
    void* const library = dlopen(LIBVPX_FILE, RTLD_LAZY | RTLD_NOLOAD);
    if (library != nullptr) function = dlsym(library, name);
  }
  return reinterpret_cast<Function>(function);
}

using NewFn = decltype(&muzero_rc_new);
using FunctionsFn = decltype(&muzero_rc_funcs);
using FramesFn = decltype(&muzero_rc_coded_frames);
using StatusFn = decltype(&muzero_rc_status);
using DeleteFn = decltype(&muzero_rc_delete);
using AbiFn = decltype(&muzero_rc_abi_version);
using ControlFn = vpx_codec_err_t (*)(vpx_codec_ctx_t*, int, ...);

// libmuzero_rc, loaded when it is first needed.
struct Library {
  NewFn create = nullptr;
  FunctionsFn functions = nullptr;
  FramesFn frames = nullptr;
  StatusFn status = nullptr;
  DeleteFn destroy = nullptr;
  std::string error;  // Why it could not be loaded; empty if it was.
};

template <typename Function>
void Find(void* library, const char* name, Function& function,
          std::string& error) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) error = std::string("it has no ") + name;
}

Library Load() {
  Library library;
  const char* path = std::getenv("MUZERO_RC_LIBRARY");
  if (path == nullptr) {
    library.error = "MUZERO_RC_LIBRARY does not say where libmuzero_rc.so is";
    return library;
  }
  void* const loaded = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) {
    library.error = dlerror();
    return library;
  }
  AbiFn abi_version = nullptr;
  Find(loaded, "muzero_rc_new", library.create, library.error);
  Find(loaded, "muzero_rc_funcs", library.functions, library.error);
  Find(loaded, "muzero_rc_coded_frames", library.frames, library.error);
  Find(loaded, "muzero_rc_status", library.status, library.error);
  Find(loaded, "muzero_rc_delete", library.destroy, library.error);
  Find(loaded, "muzero_rc_abi_version", abi_version, library.error);
  if (library.error.empty() && abi_version() != MUZERO_RC_ABI_VERSION) {
    library.error = "it is of another version";
  }
  if (!library.error.empty()) {
    library.error = std::string(path) + ": " + library.error;
  }
  return library;
}

const Library& LoadedLibrary() {
  static const auto& library = *new Library(Load());
  return library;
}

// libvpx's q_index for one of its quantizers, 0 to 63 (quantizer_to_qindex in
// vp9_quantize.c).
int QIndexOf(unsigned int quantizer) {
  if (quantizer >= 63) return 255;
  if (quantizer == 62) return 249;
  return static_cast<int>(4 * quantizer);
}

// Why an encoder is none of ours; null if it is.
const char* ReasonToLeaveAlone(vpx_codec_iface_t* iface,
                               const vpx_codec_enc_cfg_t& config) {
  const auto name =
      Libvpx<decltype(&vpx_codec_iface_name)>("vpx_codec_iface_name");
  if (name == nullptr || std::strstr(name(iface), "VP9") == nullptr) {
    return "not VP9";
  }
  if (config.g_pass == VPX_RC_FIRST_PASS) return "first pass";
  if (config.g_pass != VPX_RC_LAST_PASS) return "of one pass only";
  if (config.rc_end_usage != VPX_VBR) return "not in VBR mode";
  if (config.rc_target_bitrate == 0) return "without a target bitrate";
  if (config.ss_number_layers > 1 || config.ts_number_layers > 1) {
    return "scalable";
  }
  return nullptr;
}

muzero_rc_options_t OptionsFor(const vpx_codec_enc_cfg_t& config) {
  muzero_rc_options_t options = muzero_rc_default_options();
  options.model = std::getenv("MUZERO_RC_MODEL");
  if (const char* simulations = std::getenv("MUZERO_RC_SIMULATIONS")) {
    options.simulations = std::atoi(simulations);
  }
  // 0 is lossless coding, which libvpx's own rate control does not choose
  // either.
  options.min_q_index =
      config.rc_min_quantizer == 0 ? 1 : QIndexOf(config.rc_min_quantizer);
  options.max_q_index =
      config.rc_max_quantizer == 0 ? 1 : QIndexOf(config.rc_max_quantizer);
  // 12 bits are nearer to 10 than to 8.
  options.bit_depth = config.g_bit_depth == VPX_BITS_8 ? 8 : 10;
  options.kf_max_dist = static_cast<int>(
      std::min(config.kf_max_dist, unsigned{std::numeric_limits<int>::max()}));
  return options;
}

void Register(vpx_codec_ctx_t* context, Encoder& encoder) {
  const Library& library = LoadedLibrary();
  if (!library.error.empty()) return Warn(library.error);
  const muzero_rc_options_t options = OptionsFor(encoder.config);
  char error[1024];
  encoder.rate_control = library.create(&options, error, sizeof error);
  if (encoder.rate_control == nullptr) return Warn(error);
  vpx_rc_funcs_t functions = library.functions(encoder.rate_control);
  const auto control = Libvpx<ControlFn>("vpx_codec_control_");
  const vpx_codec_err_t refused =
      control(context, VP9E_SET_EXTERNAL_RATE_CONTROL, &functions);
  if (refused == VPX_CODEC_OK) return Report("second pass");
  if (library.status(encoder.rate_control, error, sizeof error) ==
      MUZERO_RC_OK) {
    std::strcpy(error, "libvpx refused it");
  }
  library.destroy(encoder.rate_control);
  encoder.rate_control = nullptr;
  Warn(error);
}

// At an encoder's first frame: all settings are made by then.
void Begin(vpx_codec_ctx_t* context) {
  Encoders& all = AllEncoders();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.by_context.find(context);
  if (found == all.by_context.end() || found->second.has_begun) return;
  found->second.has_begun = true;
  Register(context, found->second);
}

void End(vpx_codec_ctx_t* context) {
  Encoders& all = AllEncoders();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.by_context.find(context);
  if (found == all.by_context.end()) return;
  muzero_rc_t* const rate_control = found->second.rate_control;
  if (rate_control != nullptr) {
    const Library& library = LoadedLibrary();
    char error[1024];
    if (library.status(rate_control, error, sizeof error) != MUZERO_RC_OK) {
      Warn(error);
    }
    Report("frames: " + std::to_string(library.frames(rate_control)));
    library.destroy(rate_control);
  }
  all.by_context.erase(found);
}

void Forget(vpx_codec_ctx_t* context, const char* reason) {
  Encoders& all = AllEncoders();
  const std::lock_guard<std::mutex> lock(all.mutex);
  if (all.by_context.erase(context) > 0) {
    Report(std::string("left alone: ") + reason);
  }
}

}  // namespace

extern "C" {

MUZERO_RC_API vpx_codec_err_t vpx_codec_enc_init_ver(
    vpx_codec_ctx_t* context, vpx_codec_iface_t* iface,
    const vpx_codec_enc_cfg_t* config, vpx_codec_flags_t flags, int version) {
  const auto init =
      Libvpx<decltype(&vpx_codec_enc_init_ver)>("vpx_codec_enc_init_ver");
  if (init == nullptr) return VPX_CODEC_ERROR;
  const vpx_codec_err_t error = init(context, iface, config, flags, version);
  if (error != VPX_CODEC_OK) return error;
  if (version != VPX_ENCODER_ABI_VERSION) {
    Warn("the program was built for another version of libvpx");
    return error;
  }
  if (const char* reason = ReasonToLeaveAlone(iface, *config)) {
    Report(std::string("left alone: ") + reason);
    return error;
  }
  Encoders& all = AllEncoders();
  const std::lock_guard<std::mutex> lock(all.mutex);
  all.by_context[context] = {.config = *config};
  return error;
}

// Every control of libvpx takes one argument, a number or a pointer; where
// pointers are as wide as registers, both are handed on as a pointer is.
MUZERO_RC_API vpx_codec_err_t vpx_codec_control_(vpx_codec_ctx_t* context,
                                                 int control_id, ...) {
  va_list arguments;
  va_start(arguments, control_id);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  const auto control = Libvpx<ControlFn>("vpx_codec_control_");
  if (control == nullptr) return VPX_CODEC_ERROR;
  if (control_id == VP9E_SET_LOSSLESS &&
      static_cast<int>(reinterpret_cast<uintptr_t>(argument)) != 0) {
    Forget(context, "lossless");
  }
  // With the hook of libvpx 1.15, libvpx ends the program at a picture that is
  // shown again (extrc_get_frame_type() in vp9_ext_ratectrl.c).
  if (VPX_EXT_RATECTRL_ABI_VERSION > 1 &&
      control_id == VP8E_SET_ENABLEAUTOALTREF &&
      static_cast<int>(reinterpret_cast<uintptr_t>(argument)) > 1) {
    Forget(context, "with auto-alt-ref above 1, for which libvpx has no hook");
  }
  if (control_id == VP9E_SET_EXTERNAL_RATE_CONTROL) {
    Forget(context, "under an external rate control of its own");
  }
  return control(context, control_id, argument);
}

MUZERO_RC_API vpx_codec_err_t vpx_codec_encode(vpx_codec_ctx_t* context,
                                               const vpx_image_t* image,
                                               vpx_codec_pts_t pts,
                                               unsigned long duration,
                                               vpx_enc_frame_flags_t flags,
                                               unsigned long deadline) {
  const auto encode = Libvpx<decltype(&vpx_codec_encode)>("vpx_codec_encode");
  if (encode == nullptr) return VPX_CODEC_ERROR;
  if (context != nullptr) Begin(context);
  return encode(context, image, pts, duration, flags, deadline);
}

MUZERO_RC_API vpx_codec_err_t vpx_codec_destroy(vpx_codec_ctx_t* context) {
  const auto destroy =
      Libvpx<decltype(&vpx_codec_destroy)>("vpx_codec_destroy");
  if (destroy == nullptr) return VPX_CODEC_ERROR;
  const vpx_codec_err_t error = destroy(context);
  End(context);
  return error;
}

}  // extern "C"
