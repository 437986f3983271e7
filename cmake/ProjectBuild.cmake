# What every target of the project shares.

option(PROJECT_WARNINGS_AS_ERRORS "Treat compiler warnings as errors" OFF)

add_library(project_warnings INTERFACE)
# Designated initialisers name the fields that differ from their defaults; GCC's
# -Wmissing-field-initializers would want all of them.
target_compile_options(
  project_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion
                             -Wno-missing-field-initializers
                             $<$<BOOL:${PROJECT_WARNINGS_AS_ERRORS}>:-Werror>)
target_include_directories(project_warnings INTERFACE "${CMAKE_SOURCE_DIR}")

# project_library(NAME SOURCES... [PUBLIC_LIBS ...] [PRIVATE_LIBS ...])
#
# One box of the dependency diagram in docs/architecture.md.
function(project_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC_LIBS;PRIVATE_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(
    ${name}
    PUBLIC ${ARG_PUBLIC_LIBS}
    PRIVATE project_warnings ${ARG_PRIVATE_LIBS})
endfunction()

# project_test(NAME LABEL SOURCES... LIBS...)
#
# A GoogleTest program whose cases ctest knows by name.  LABEL is one of
# unit (no codec and no LibTorch, < 1 s each), codec (runs libvpx or FFmpeg),
# torch (links LibTorch), e2e (runs the program), slow; and threads beside it
# where threads of ours meet.
function(project_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABEL;SOURCES;LIBS;ENVIRONMENT"
                        ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  # All programs of a label, for builds that run no others.
  foreach(label ${ARG_LABEL})
    if(NOT TARGET ${label}_tests)
      add_custom_target(${label}_tests)
    endif()
    add_dependencies(${label}_tests ${name})
  endforeach()
  target_link_libraries(${name} PRIVATE project_warnings ${ARG_LIBS}
                                        GTest::gmock GTest::gtest_main)
  # One word, such as codec-threads, which ctest -L finds by either half: a list
  # does not survive gtest_discover_tests.
  list(JOIN ARG_LABEL "-" label)
  gtest_discover_tests(
    ${name}
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${label}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT
               "${ARG_ENVIRONMENT}")
endfunction()
