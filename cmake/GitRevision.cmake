# Writes OUTPUT, a header that defines the program's version and revision, and
# touches it only when they change.  Run at build time:
#
#   cmake -DSOURCE_DIR=... -DVERSION=... -DOUTPUT=... -P GitRevision.cmake
cmake_minimum_required(VERSION 3.25)

execute_process(
  COMMAND git -C "${SOURCE_DIR}" describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE revision
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT revision)
  set(revision "unknown")
endif()
file(
  CONFIGURE
  OUTPUT "${OUTPUT}"
  CONTENT
    "inline constexpr char kVersion[] = \"@VERSION@\";
inline constexpr char kRevision[] = \"@revision@\";
"
  @ONLY)
