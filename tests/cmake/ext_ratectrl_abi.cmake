# Checks MODULE (cmake/ExtRateCtrlAbi.cmake) on headers made in SCRATCH.
function(configure_with_abi abi result_variable output_variable)
  file(WRITE "${SCRATCH}/vpx_ext_ratectrl.h"
       "#define VPX_EXT_RATECTRL_ABI_VERSION (${abi})\n")
  file(WRITE "${SCRATCH}/check.cmake"
       "cmake_minimum_required(VERSION 3.25)\n"
       "include(\"${MODULE}\")\n"
       "check_ext_ratectrl_abi(\"${SCRATCH}/vpx_ext_ratectrl.h\")\n")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -P "${SCRATCH}/check.cmake"
    RESULT_VARIABLE result
    ERROR_VARIABLE output)
  # CMake wraps messages wherever it likes.
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  set(${result_variable} "${result}" PARENT_SCOPE)
  set(${output_variable} "${output}" PARENT_SCOPE)
endfunction()

# The header beside, which libvpx has since 1.14.
function(write_tpl_abi abi)
  file(WRITE "${SCRATCH}/vpx_tpl.h"
       "#define VPX_TPL_ABI_VERSION ${abi} /**<\\hideinitializer*/\n")
endfunction()

file(REMOVE "${SCRATCH}/vpx_tpl.h")
foreach(abi 1 9)
  configure_with_abi(${abi} result output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "ABI ${abi} was refused: ${output}")
  endif()
endforeach()

foreach(abi 6 7 8 10 12 "5 + VPX_TPL_ABI_VERSION" "")
  configure_with_abi("${abi}" result output)
  if(result EQUAL 0 OR NOT output MATCHES "external-rate-control ABI is")
    message(FATAL_ERROR "ABI ${abi} was not refused clearly: ${output}")
  endif()
endforeach()

write_tpl_abi(4)
configure_with_abi("5 + VPX_TPL_ABI_VERSION" result output)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "ABI 5 + 4 was refused: ${output}")
endif()

write_tpl_abi(2)
configure_with_abi("5 + VPX_TPL_ABI_VERSION" result output)
if(result EQUAL 0 OR NOT output MATCHES "external-rate-control ABI is '7'")
  message(FATAL_ERROR "ABI 5 + 2 was not refused clearly: ${output}")
endif()
