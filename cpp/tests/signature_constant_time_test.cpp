// The compare touches every byte and branches on none. Under valgrind (memcheck) with one side marked undefined, a
// branch or an address that depends on it is an error that memcheck counts; run without valgrind, the test says so and
// skips.
#include <gtest/gtest.h>

#include <string>

#include "cuadre/signature.hpp"

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define CUADRE_MEMCHECK 1
#endif

namespace cuadre {
namespace {

TEST(ConstantTime, no_branch_on_the_expected_tag) {
#ifdef CUADRE_MEMCHECK
  if (RUNNING_ON_VALGRIND == 0) GTEST_SKIP() << "run this test under valgrind --error-exitcode=1";
  for (const std::size_t size : {16U, 20U, 32U, 48U, 64U, 0U, 7U}) {
    std::string expected(size, 'e');
    const std::string given(size, 'g');
    VALGRIND_MAKE_MEM_UNDEFINED(expected.data(), expected.size());
    const auto before = VALGRIND_COUNT_ERRORS;
    bool same = equal_in_constant_time(expected, given);
    VALGRIND_MAKE_MEM_DEFINED(&same, sizeof same);  // the answer is public
    EXPECT_EQ(VALGRIND_COUNT_ERRORS, before);
    VALGRIND_MAKE_MEM_DEFINED(expected.data(), expected.size());
  }
#else
  GTEST_SKIP() << "valgrind's headers are not on this machine";
#endif
}

}  // namespace
}  // namespace cuadre
