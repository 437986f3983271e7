#ifndef CAPI_HOSTED_CONTROLLER_H_
#define CAPI_HOSTED_CONTROLLER_H_

#include "absl/status/statusor.h"
#include "encoder_bridge/hosted_rate_control.h"

struct muzero_rc_options;

namespace capi {

// Returns what `options` ask for.  InvalidArgument, FailedPrecondition if the
// model is at fault.
absl::StatusOr<encoder_bridge::HostedOptions> UnderstandOptions(
    const muzero_rc_options& options);

}  // namespace capi

#endif  // CAPI_HOSTED_CONTROLLER_H_
