# libvpx changes the layout of its external-rate-control structs without
# changing their names, so a build against an unknown layout would compile and
# then misbehave.  encoder_bridge/hook_abi_N.cc is written for ABI N.
set(KNOWN_EXT_RATECTRL_ABIS 1 9)

# check_ext_ratectrl_abi(HEADER)
#
# Sets EXT_RATECTRL_ABI to the ABI that HEADER (vpx_ext_ratectrl.h) declares,
# and stops the configuration unless it is a known one.
function(check_ext_ratectrl_abi header)
  if(NOT EXISTS "${header}")
    message(
      FATAL_ERROR
        "vpx/vpx_ext_ratectrl.h was not found: muzero-rc needs libvpx 1.10 to "
        "1.12 or 1.15 with its headers (Debian: apt-get install libvpx-dev).")
  endif()
  file(STRINGS "${header}" line REGEX "define VPX_EXT_RATECTRL_ABI_VERSION")
  string(REGEX REPLACE "[^(]*\\(([^)]*)\\).*" "\\1" abi "${line}")
  # Since libvpx 1.14 it is a sum with that of the header beside.
  cmake_path(GET header PARENT_PATH folder)
  if(abi MATCHES "^[0-9]+ [+] VPX_TPL_ABI_VERSION$" AND EXISTS
                                                       "${folder}/vpx_tpl.h")
    file(STRINGS "${folder}/vpx_tpl.h" line
         REGEX "define VPX_TPL_ABI_VERSION")
    string(REGEX MATCH "VPX_TPL_ABI_VERSION [(]?([0-9]+)" line "${line}")
    string(REPLACE VPX_TPL_ABI_VERSION "${CMAKE_MATCH_1}" abi "${abi}")
    if(abi MATCHES "[+] [0-9]+$")
      math(EXPR abi "${abi}")
    endif()
  endif()
  if(NOT abi IN_LIST KNOWN_EXT_RATECTRL_ABIS)
    message(
      FATAL_ERROR
        "libvpx's external-rate-control ABI is '${abi}' in ${header}, but "
        "muzero-rc knows 1 (libvpx 1.10 to 1.12) and 9 (1.15) only.  Install "
        "one of these, or write encoder_bridge/hook_abi_${abi}.cc and add it "
        "to KNOWN_EXT_RATECTRL_ABIS.")
  endif()
  set(EXT_RATECTRL_ABI "${abi}" PARENT_SCOPE)
endfunction()
