# libvpx changes the layout of its external-rate-control structs without
# changing their names, so a build against an unknown layout would compile and
# then misbehave.  encoder_bridge/ext_ratectrl.cc is written for the ABIs below.
set(KNOWN_EXT_RATECTRL_ABIS 1)

# check_ext_ratectrl_abi(HEADER)
#
# Stops the configuration unless HEADER (vpx_ext_ratectrl.h) declares an ABI
# that encoder_bridge/ext_ratectrl.cc knows.
function(check_ext_ratectrl_abi header)
  if(NOT EXISTS "${header}")
    message(
      FATAL_ERROR
        "vpx/vpx_ext_ratectrl.h was not found: muzero-rc needs libvpx 1.10, "
        "1.11 or 1.12 with its headers (Debian 12: apt-get install libvpx-dev)."
    )
  endif()
  file(STRINGS "${header}" line REGEX "define VPX_EXT_RATECTRL_ABI_VERSION")
  string(REGEX REPLACE "[^(]*\\(([0-9]+).*\\).*" "\\1" abi "${line}")
  if(NOT abi IN_LIST KNOWN_EXT_RATECTRL_ABIS)
    message(
      FATAL_ERROR
        "libvpx's external-rate-control ABI is '${abi}' in ${header}, but "
        "encoder_bridge/ext_ratectrl.cc knows ${KNOWN_EXT_RATECTRL_ABIS} only "
        "(libvpx 1.10 to 1.12).  Install libvpx 1.12, or add the new layout to "
        "ext_ratectrl.cc and to KNOWN_EXT_RATECTRL_ABIS.")
  endif()
endfunction()
