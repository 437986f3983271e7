# Compiles a file into a target, so that the program carries it along.
#
# embed_file(TARGET target FILE file HEADER header FUNCTION namespace::Name)
#
# Adds a source to `target` that defines
#
#   absl::string_view namespace::Name();
#
# which `header` must declare, and which returns the bytes of `file`.  The
# source is made again when `file` changes.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(EMBED_FILE_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

  function(embed_file)
    cmake_parse_arguments(ARG "" "TARGET;FILE;HEADER;FUNCTION" "" ${ARGN})
    get_filename_component(file "${ARG_FILE}" ABSOLUTE)
    string(REPLACE "::" "_" stem "${ARG_FUNCTION}")
    set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_${stem}.cc")
    add_custom_command(
      OUTPUT "${output}"
      COMMAND
        "${CMAKE_COMMAND}" "-DEMBED_INPUT=${file}" "-DEMBED_OUTPUT=${output}"
        "-DEMBED_HEADER=${ARG_HEADER}" "-DEMBED_FUNCTION=${ARG_FUNCTION}" -P
        "${EMBED_FILE_SCRIPT}"
      DEPENDS "${file}" "${EMBED_FILE_SCRIPT}"
      COMMENT "Embedding ${ARG_FILE}"
      VERBATIM)
    target_sources(${ARG_TARGET} PRIVATE "${output}")
  endfunction()
  return()
endif()

# Run as a script at build time: write the source.
file(READ "${EMBED_INPUT}" hex HEX)
string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
# Lines of 16 bytes: "'\xNN'," is 7 characters.
string(REPEAT "." 112 line_pattern)
string(REGEX REPLACE "(${line_pattern})" "\\1\n" bytes "${bytes}")
string(REGEX MATCH "^(.*)::([^:]+)$" matched "${EMBED_FUNCTION}")
file(
  WRITE "${EMBED_OUTPUT}"
  "// Made by EmbedFile.cmake from ${EMBED_INPUT}; do not edit.
#include \"${EMBED_HEADER}\"

namespace ${CMAKE_MATCH_1} {
namespace {

constexpr char kBytes[] = {
${bytes}'\\0'};

}  // namespace

absl::string_view ${CMAKE_MATCH_2}() {
  return absl::string_view(kBytes, sizeof(kBytes) - 1);
}

}  // namespace ${CMAKE_MATCH_1}
")
