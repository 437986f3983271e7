#include "encoder_bridge/ext_ratectrl.h"

#include <vpx/vp8cx.h>
#include <vpx/vpx_codec.h>
#include <vpx/vpx_ext_ratectrl.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "encoder_bridge/hook_session.h"

namespace encoder_bridge {

absl::Status ExtRateControl::Attach(vpx_codec_ctx* encoder) {
  session_.ReadPsnrOf(encoder);
  vpx_rc_funcs_t functions = {};
  HookSession::FillFunctions(functions);
  functions.priv = &session_;
  functions.create_model = [](void* session, const vpx_rc_config_t*,
                              vpx_rc_model_t* model) noexcept {
    *model = session;
    return VPX_RC_OK;
  };
  functions.delete_model = [](vpx_rc_model_t) noexcept { return VPX_RC_OK; };
  const vpx_codec_err_t error =
      vpx_codec_control(encoder, VP9E_SET_EXTERNAL_RATE_CONTROL, &functions);
  if (error != VPX_CODEC_OK) {
    return absl::InternalError(
        absl::StrCat("libvpx refused the external rate controller: ",
                     vpx_codec_err_to_string(error)));
  }
  return absl::OkStatus();
}

}  // namespace encoder_bridge
