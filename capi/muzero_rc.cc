#include "capi/muzero_rc.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "capi/handles.h"
#include "capi/hosted_controller.h"
#include "encoder_bridge/hook_session.h"
#include "encoder_bridge/hosted_rate_control.h"

namespace {

using encoder_bridge::HostedRateControl;

// The only mutable state of the library's own: handles outlive every object
// that could own them.  Never destroyed, because encoders may run at exit.
capi::Handles<HostedRateControl>& AllHandles() {
  static auto& handles = *new capi::Handles<HostedRateControl>;
  return handles;
}

std::shared_ptr<HostedRateControl> Find(void* handle) {
  return AllHandles().Find(reinterpret_cast<uintptr_t>(handle));
}

void CopyText(absl::string_view text, char* to, size_t size) {
  if (to == nullptr || size == 0) return;
  const size_t length = std::min(text.size(), size - 1);
  std::memcpy(to, text.data(), length);
  to[length] = '\0';
}

void CopyError(const absl::Status& status, char* to, size_t size) {
  CopyText(absl::StrReplaceAll(status.message(), {{"\n", " "}}), to, size);
}

absl::StatusOr<muzero_rc_t*> New(const muzero_rc_options_t& options) {
  auto hosted = capi::UnderstandOptions(options);
  if (!hosted.ok()) return hosted.status();
  const uintptr_t handle =
      AllHandles().Add(std::make_shared<HostedRateControl>(*hosted));
  return reinterpret_cast<muzero_rc_t*>(handle);
}

// Calls `function`; an exception, such as for memory, gives `otherwise`.
template <typename Function, typename Result>
Result NoThrow(Function function, Result otherwise) noexcept {
  try {
    return function();
  } catch (...) {
    return otherwise;
  }
}

vpx_rc_status_t CreateModel(void* handle, const vpx_rc_config_t* config,
                            vpx_rc_model_t* model) noexcept {
  return NoThrow(
      [&] {
        const auto rc = Find(handle);
        if (rc == nullptr || config == nullptr) return VPX_RC_ERROR;
        const auto session = rc->StartEncode(*config);
        if (!session.ok()) return VPX_RC_ERROR;
        *model = *session;
        return VPX_RC_OK;
      },
      VPX_RC_ERROR);
}

}  // namespace

extern "C" {

muzero_rc_t* muzero_rc_new(const muzero_rc_options_t* options, char* error,
                           size_t error_size) {
  CopyText("", error, error_size);
  try {
    const auto rc =
        New(options == nullptr ? muzero_rc_default_options() : *options);
    if (rc.ok()) return *rc;
    CopyError(rc.status(), error, error_size);
  } catch (const std::exception& e) {
    CopyText(e.what(), error, error_size);
  } catch (...) {
    CopyText("unknown exception", error, error_size);
  }
  return nullptr;
}

vpx_rc_funcs_t muzero_rc_funcs(muzero_rc_t* rc) {
  vpx_rc_funcs_t functions = {};
  HostedRateControl::FillFunctions(functions);
  functions.create_model = CreateModel;
  functions.priv = rc;
  return functions;
}

int64_t muzero_rc_coded_frames(muzero_rc_t* rc) {
  return NoThrow(
      [&]() -> int64_t {
        const auto found = Find(rc);
        return found == nullptr ? -1 : found->coded_frames();
      },
      int64_t{-1});
}

muzero_rc_status_t muzero_rc_status(muzero_rc_t* rc, char* error,
                                    size_t error_size) {
  CopyText("", error, error_size);
  return NoThrow(
      [&] {
        const auto found = Find(rc);
        if (found == nullptr) {
          CopyText("there is no such rate control: NULL, or deleted", error,
                   error_size);
          return MUZERO_RC_INVALID_HANDLE;
        }
        const absl::Status status = found->status();
        CopyError(status, error, error_size);
        return status.ok() ? MUZERO_RC_OK : MUZERO_RC_ENCODE_FAILED;
      },
      MUZERO_RC_ENCODE_FAILED);
}

muzero_rc_status_t muzero_rc_delete(muzero_rc_t* rc) {
  if (rc == nullptr) return MUZERO_RC_OK;
  return NoThrow(
      [&] {
        return AllHandles().Remove(reinterpret_cast<uintptr_t>(rc))
                   ? MUZERO_RC_OK
                   : MUZERO_RC_INVALID_HANDLE;
      },
      MUZERO_RC_INVALID_HANDLE);
}

const char* muzero_rc_version(void) { return MUZERO_RC_VERSION; }

int muzero_rc_abi_version(void) { return MUZERO_RC_ABI_VERSION; }

}  // extern "C"
