# cuadre._core. pybind11 is the one from PyPI (>= 3.1) that the build environment brings; Debian's is too old.
set(PYBIND11_FINDPYTHON ON)
find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module)
find_package(pybind11 3.1 CONFIG QUIET)
if(NOT pybind11_FOUND)
  message(FATAL_ERROR "cuadre's Python module needs pybind11 >= 3.1 from PyPI: pip install 'pybind11>=3.1'")
endif()

file(GLOB binding_sources CONFIGURE_DEPENDS bindings/*.cpp)
# NO_EXTRAS: link-time optimisation of the thin bindings alone only costs time; the linker drops and strips below.
pybind11_add_module(_core MODULE NO_EXTRAS ${binding_sources})
# Bindings see public headers only, never src/.
target_link_libraries(_core PRIVATE cuadre::core cuadre_flags OpenSSL::Crypto simdjson::simdjson)
target_compile_definitions(_core PRIVATE CUADRE_VERSION="${PROJECT_VERSION}")
# Nothing of the static libraries we link is to be visible to other modules of the same process.
target_link_options(_core PRIVATE -Wl,--exclude-libs,ALL -Wl,--gc-sections)
install(TARGETS _core LIBRARY DESTINATION cuadre COMPONENT python)
