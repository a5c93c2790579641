# What the core is built from, all of it found on the machine, nothing downloaded. What is missing is told at once and by
# Debian's names, not one run of CMake at a time.
set(_cuadre_missing "")

# Boost is used for its headers only (Multiprecision). Debian's boost_headers config is tried first, then the bare header.
find_package(Boost 1.74 CONFIG QUIET)
if(NOT Boost_FOUND)
  find_path(CUADRE_BOOST_INCLUDE boost/multiprecision/cpp_int.hpp)
  if(CUADRE_BOOST_INCLUDE)
    add_library(Boost::headers INTERFACE IMPORTED)
    target_include_directories(Boost::headers SYSTEM INTERFACE "${CUADRE_BOOST_INCLUDE}")
  else()
    list(APPEND _cuadre_missing "Boost >= 1.74 (libboost1.81-dev)")
  endif()
endif()

find_package(OpenSSL 3 QUIET COMPONENTS Crypto)
if(NOT OPENSSL_FOUND)
  list(APPEND _cuadre_missing "OpenSSL >= 3.0 (libssl-dev)")
endif()

find_package(simdjson 3 CONFIG QUIET)
if(NOT simdjson_FOUND)
  list(APPEND _cuadre_missing "simdjson >= 3.0 (libsimdjson-dev)")
endif()

find_package(Threads QUIET)
if(NOT Threads_FOUND)
  list(APPEND _cuadre_missing "POSIX threads (libc6-dev)")
endif()

if(CUADRE_TESTS)
  find_package(GTest CONFIG QUIET)
  if(NOT GTest_FOUND)
    list(APPEND _cuadre_missing "GoogleTest (libgtest-dev), or say -DCUADRE_TESTS=OFF")
  endif()
endif()

if(_cuadre_missing)
  list(JOIN _cuadre_missing "\n  " _cuadre_missing)
  message(FATAL_ERROR "cuadre needs what this machine lacks (Debian package in brackets):\n  ${_cuadre_missing}\n"
                      "On Debian 12: apt-get install libboost1.81-dev libssl-dev libsimdjson-dev libgtest-dev")
endif()
