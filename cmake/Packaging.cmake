# A Debian package of what is installed, made by `cpack` in the build folder:
# muzero-rc_VERSION_ARCHITECTURE.deb.  Included last.

# Whose code is in the program itself.  All else is linked with, and is in
# packages of its own.
set(COMPILED_IN_PACKAGES libcli11-dev nlohmann-json3-dev libjs-chart.js)

# The license file that Debian wants: ours, and theirs where they came from
# Debian.
function(write_copyright output)
  file(READ "${CMAKE_SOURCE_DIR}/LICENSE" text)
  foreach(package ${COMPILED_IN_PACKAGES})
    set(theirs "/usr/share/doc/${package}/copyright")
    if(EXISTS "${theirs}")
      file(READ "${theirs}" license)
      string(APPEND text "\n\n---- Code of Debian's package ${package} is in the "
                         "program, under these terms ----\n\n${license}")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT "${output}" CONTENT "@text@" @ONLY)
endfunction()

set(copyright "${CMAKE_CURRENT_BINARY_DIR}/copyright")
write_copyright("${copyright}")
install(FILES "${copyright}"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/muzero-rc")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME muzero-rc)
set(CPACK_PACKAGE_CONTACT "muzero-rc maintainers <maintainers@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "learned rate controller for VP9")
set(CPACK_PACKAGE_DESCRIPTION
    "Encodes videos to VP9 in two passes of libvpx and chooses the quantizer
of every frame: with a controller that is built in, or with a network
that has learned it from encodes, by MuZero.  Measures controllers
against libvpx's own rate control, and trains such networks.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
# Of the program and of the module with LibTorch, which it loads itself.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
