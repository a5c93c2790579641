# cuadre_flags: what every target of ours is compiled and linked with. Baseline x86-64 (or Arm) only: faster instruction
# sets are chosen when the program runs, by functions that carry target attributes, so there is no -march here.
add_library(cuadre_flags INTERFACE)
target_compile_features(cuadre_flags INTERFACE cxx_std_20)

target_compile_options(cuadre_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlaps in std::string's own assignments that are not there (GCC bug 105651, fixed in 13).
  target_compile_options(cuadre_flags INTERFACE -Wno-restrict)
endif()
if(CUADRE_WERROR)
  target_compile_options(cuadre_flags INTERFACE -Werror)
endif()

# Hardening. _FORTIFY_SOURCE needs an optimiser, and sanitizers replace the functions it would check.
target_compile_options(cuadre_flags INTERFACE -fstack-protector-strong)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(cuadre_flags INTERFACE -fcf-protection)
endif()
if(NOT CUADRE_SANITIZE)
  target_compile_options(cuadre_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
target_compile_definitions(cuadre_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(cuadre_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)

# CUADRE_SANITIZE is a list: address;undefined or thread.
if(CUADRE_SANITIZE)
  list(JOIN CUADRE_SANITIZE "," _cuadre_sanitizers)
  target_compile_options(cuadre_flags INTERFACE
    -fsanitize=${_cuadre_sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(cuadre_flags INTERFACE -fsanitize=${_cuadre_sanitizers})
  if("thread" IN_LIST CUADRE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC warns that tsan does not follow fences; ours stand beside atomics it does follow.
    target_compile_options(cuadre_flags INTERFACE -Wno-tsan)
  endif()
endif()

# The core itself must count its branches, or libFuzzer mutates blindly.
if(CUADRE_LIBFUZZER)
  target_compile_options(cuadre_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
