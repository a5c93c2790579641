#include "cuadre/document/check_digit.hpp"

#include <gtest/gtest.h>

namespace cuadre {
namespace {

TEST(CheckDigits, AreWorkedOut) {
  EXPECT_EQ(expected_check_digit(CheckDigit::nit, "9001234561"), '8');
  EXPECT_EQ(expected_check_digit(CheckDigit::nit, "0009001234561"),
            expected_check_digit(CheckDigit::nit, "9001234561"));
  EXPECT_EQ(expected_check_digit(CheckDigit::nit, "8001972684"), '4');  // the tax office's own
  EXPECT_EQ(expected_check_digit(CheckDigit::ean13, "4006381333931"), '1');
  EXPECT_EQ(expected_check_digit(CheckDigit::ean13, "7701234567890"), '7');
  for (const char* bad : {"", "7", "770123456789", "77012345678901", "770123456789X", "7701234 67897"}) {
    EXPECT_EQ(expected_check_digit(CheckDigit::ean13, bad), std::nullopt) << bad;
  }
  EXPECT_EQ(expected_check_digit(CheckDigit::nit, "12345678901234567"), std::nullopt);
  EXPECT_EQ(expected_check_digit(CheckDigit::none, "9001234561"), std::nullopt);
}

}  // namespace
}  // namespace cuadre
