# cuadre._core. pybind11 is the one from PyPI (>= 3.1) that the build environment brings; Debian's is too old.
set(PYBIND11_FINDPYTHON ON)
find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module)
find_package(pybind11 3.1 CONFIG QUIET)
if(NOT pybind11_FOUND)
  message(FATAL_ERROR "cuadre's Python module needs pybind11 >= 3.1 from PyPI: pip install 'pybind11>=3.1'")
endif()

file(GLOB_RECURSE binding_sources CONFIGURE_DEPENDS bindings/*.cpp)
# NO_EXTRAS: link-time optimisation of the thin bindings alone only costs time; the package's install strips.
pybind11_add_module(_core MODULE NO_EXTRAS ${binding_sources})
# pybind11 costs each translation unit four seconds before its first line: files of one room are compiled together, rooms
# with many files in a few parts. Each file still stands by itself: clang-tidy reads them one by one.
set_target_properties(_core PROPERTIES UNITY_BUILD ${CUADRE_UNITY} UNITY_BUILD_MODE GROUP)
set(UNITY_FILES_MAX 4)
foreach(source IN LISTS binding_sources)
  file(RELATIVE_PATH room "${PROJECT_SOURCE_DIR}/bindings" "${source}")
  string(REGEX REPLACE "/.*" "" room "${room}")
  if(NOT DEFINED _files_of_${room})
    set(_files_of_${room} 0)
  endif()
  math(EXPR part "${_files_of_${room}} / ${UNITY_FILES_MAX}")
  math(EXPR _files_of_${room} "${_files_of_${room}} + 1")
  set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${room}_${part}")
endforeach()
# Bindings see public headers only, never src/.
target_include_directories(_core PRIVATE bindings)
target_link_libraries(_core PRIVATE cuadre::core cuadre_flags OpenSSL::Crypto simdjson::simdjson)
target_compile_definitions(_core PRIVATE CUADRE_VERSION="${PROJECT_VERSION}")
# One symbol leaves: neither what we link nor libstdc++'s own inline statics may meet those of other modules in the process.
target_link_options(_core PRIVATE -Wl,--gc-sections "-Wl,--version-script=${CMAKE_CURRENT_LIST_DIR}/exports.map")
set_property(TARGET _core APPEND PROPERTY LINK_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/exports.map")
install(TARGETS _core LIBRARY DESTINATION cuadre COMPONENT python)
