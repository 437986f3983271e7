# Checks who includes whom against docs/architecture.md.  Run as
#
#   cmake -DROOT=... -P layering.cmake
#
# ROOT is a folder with the project's layout; fails with one line a violation.

set(encoder_bridge_may "encoder_bridge")
set(videos_may "videos")
set(muzero_may "muzero")
set(selfplay_may "selfplay|encoder_bridge|muzero")
set(eval_may "eval|encoder_bridge|muzero|selfplay|videos")
set(cli_may "cli|eval|encoder_bridge|muzero|selfplay|videos")
set(capi_may "capi|encoder_bridge|muzero|selfplay")
set(folders "encoder_bridge|videos|muzero|eval|cli|selfplay|capi|tests")
set(c_headers "vpx/|libav|libsw")
set(torch_headers "torch/|ATen/|c10/")
# Headers that bring LibTorch with them: internal to muzero.
set(network_headers
    "muzero/(encoder_layer|loss|network|network_functions|observation_batch)[.]h$")
set(internal_headers "${network_headers}|muzero/adam_w[.]h$")
# All that know libvpx's hook.
set(hook_sources
    "ext_ratectrl|hook_abi_[0-9]+|hook_session|hosted_rate_control")
set(hook_files
    "^encoder_bridge/(${hook_sources})[.]cc$|^capi/muzero_rc[.](h|cc)$")
set(violations "")

foreach(folder encoder_bridge videos muzero selfplay eval cli capi)
  file(GLOB sources "${ROOT}/${folder}/*.h" "${ROOT}/${folder}/*.cc")
  foreach(source ${sources})
    file(RELATIVE_PATH name "${ROOT}" "${source}")
    file(STRINGS "${source}" includes REGEX "^#include ")
    foreach(line ${includes})
      string(REGEX REPLACE "^#include [<\"]([^>\"]*)[>\"].*" "\\1" header
                           "${line}")
      if(header MATCHES "^(${folders})/" AND NOT header MATCHES
                                             "^(${${folder}_may})/")
        list(APPEND violations "${name} includes ${header}")
      elseif(name MATCHES "\\.h$" AND header MATCHES "^(${c_headers})"
             AND NOT name STREQUAL "capi/muzero_rc.h")
        list(APPEND violations "${name} includes ${header} in a header")
      elseif(header MATCHES "^(${torch_headers})"
             AND (NOT folder STREQUAL "muzero"
                  OR (name MATCHES "[.]h$" AND NOT name MATCHES
                                               "^${network_headers}")))
        list(APPEND violations "${name} includes ${header}")
      elseif(header MATCHES "^(${internal_headers})" AND NOT folder STREQUAL
                                                       "muzero")
        list(APPEND violations "${name} includes ${header}, which is muzero's "
                               "own")
      elseif(header MATCHES "^vpx/vpx_ext_ratectrl"
             AND NOT name MATCHES "${hook_files}")
        list(APPEND violations "${name} includes ${header}, which only "
                               "those may that know the hook")
      elseif(folder MATCHES "^(videos|cli|muzero|selfplay)$" AND header MATCHES
                                                        "^(vpx/|libav|libsw)")
        list(APPEND violations "${name} includes ${header}")
      endif()
    endforeach()
  endforeach()
endforeach()

if(violations)
  list(JOIN violations "\n" text)
  message(FATAL_ERROR "${text}")
endif()
