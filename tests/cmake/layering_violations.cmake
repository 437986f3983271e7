# Gives layering.cmake (CHECK) small trees in SCRATCH that each break one rule.
set(cases
    "encoder_bridge/a.cc|eval/points.h"
    "encoder_bridge/a.cc|muzero/mcts.h"
    "muzero/a.cc|encoder_bridge/rate_controller.h"
    "videos/a.cc|eval/csv.h"
    "eval/a.cc|cli/encode.h"
    "encoder_bridge/a.h|vpx/vpx_encoder.h"
    "encoder_bridge/a.cc|vpx/vpx_ext_ratectrl.h"
    "cli/a.cc|libavutil/log.h"
    "muzero/a.cc|selfplay/observation.h"
    "selfplay/a.cc|cli/encode.h"
    "selfplay/a.cc|eval/points.h"
    "selfplay/a.cc|vpx/vpx_encoder.h"
    "muzero/a.h|torch/torch.h"
    "muzero/a.h|ATen/Parallel.h"
    "selfplay/a.cc|torch/torch.h"
    "eval/a.cc|torch/types.h"
    "cli/a.cc|torch/cuda.h"
    "selfplay/a.cc|muzero/network.h"
    "cli/a.cc|muzero/loss.h"
    "capi/a.cc|cli/encode.h"
    "capi/a.cc|vpx/vpx_ext_ratectrl.h"
    "encoder_bridge/a.cc|capi/muzero_rc.h")

foreach(case ${cases})
  string(REPLACE "|" ";" parts "${case}")
  list(GET parts 0 file)
  list(GET parts 1 header)
  file(REMOVE_RECURSE "${SCRATCH}")
  file(WRITE "${SCRATCH}/${file}" "#include \"${header}\"\n")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-DROOT=${SCRATCH}" -P "${CHECK}"
    RESULT_VARIABLE result
    ERROR_VARIABLE output)
  if(result EQUAL 0 OR NOT output MATCHES "${file} includes ${header}")
    message(FATAL_ERROR "${file} with ${header} was not seen: ${output}")
  endif()
endforeach()

set(allowed
    "eval/a.cc|encoder_bridge/libraries.h"
    "eval/a.cc|selfplay/planning_controller.h"
    "cli/a.cc|muzero/checkpoint.h"
    "selfplay/a.h|muzero/model.h"
    "selfplay/a.cc|encoder_bridge/rate_controller.h"
    "capi/a.cc|selfplay/policy_controller.h"
    "capi/muzero_rc.h|vpx/vpx_ext_ratectrl.h"
    "muzero/a.cc|torch/types.h"
    "muzero/loss.h|torch/types.h"
    "muzero/network.h|torch/types.h")

foreach(case ${allowed})
  string(REPLACE "|" ";" parts "${case}")
  list(GET parts 0 file)
  list(GET parts 1 header)
  file(REMOVE_RECURSE "${SCRATCH}")
  file(WRITE "${SCRATCH}/${file}" "#include \"${header}\"\n")
  execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${SCRATCH}" -P "${CHECK}"
                  RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${file} with ${header}, which is allowed, was refused")
  endif()
endforeach()
