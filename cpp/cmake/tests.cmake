# One executable and one ctest entry for each tests/<room>/<stem>_test.cpp; tests may look at the private headers in src/.
# The target room_<room> builds all of a room; the label <room> runs them.
file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS tests/*_test.cpp)
foreach(source IN LISTS test_sources)
  cuadre_target_name("${source}" tests stem)
  file(RELATIVE_PATH room "${PROJECT_SOURCE_DIR}/tests" "${source}")
  string(REGEX REPLACE "/.*" "" room "${room}")
  add_executable(${stem} ${source})
  target_include_directories(${stem} PRIVATE src tests)
  target_compile_definitions(${stem} PRIVATE CUADRE_SHARED_DATA="${PROJECT_SOURCE_DIR}/../../shared/data")
  target_link_libraries(${stem} PRIVATE cuadre::core cuadre_flags GTest::gtest GTest::gtest_main)
  add_test(NAME ${stem} COMMAND ${stem} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${stem} PROPERTIES TIMEOUT 600 ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1" LABELS "${room}")
  if(NOT TARGET room_${room})
    add_custom_target(room_${room})
  endif()
  add_dependencies(room_${room} ${stem})
endforeach()

# The marks of the constant-time test are set by standing in for these three; what it proves, only memcheck can see.
target_link_options(signature_constant_time_test PRIVATE
  -Wl,--wrap=EVP_DigestFinal_ex -Wl,--wrap=EVP_Digest
  -Wl,--wrap=_ZN6cuadre22equal_in_constant_timeESt17basic_string_viewIcSt11char_traitsIcEES3_)
target_link_libraries(signature_constant_time_test PRIVATE OpenSSL::Crypto)
find_program(CUADRE_VALGRIND valgrind)
if(CUADRE_VALGRIND AND NOT CUADRE_SANITIZE)
  # nouserintercepts: the test's own operator new stays, so that it finds the blocks that hold passwords.
  set(memcheck "${CUADRE_VALGRIND} --quiet --error-exitcode=42 --soname-synonyms=somalloc=nouserintercepts")
  string(APPEND memcheck " $<TARGET_FILE:signature_constant_time_test>")
  add_test(NAME constant_time_under_valgrind COMMAND sh -c "${memcheck} --gtest_filter=ConstantTime.*")
  add_test(NAME constant_time_catches_a_leak COMMAND sh -c "${memcheck} --gtest_filter=Leaky.*; test $? -eq 42")
else()
  add_test(NAME constant_time_under_valgrind COMMAND "${CMAKE_COMMAND}" -E echo
    "skipped: no valgrind, or a sanitizer's build")
  set_tests_properties(constant_time_under_valgrind PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: no valgrind")
endif()
