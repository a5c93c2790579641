#include "cuadre/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cuadre {
namespace {

TEST(ErrorCodes, are_listed_once_in_order) {
  std::set<std::string_view> names;
  std::size_t index = 0;
  for (const ErrorCodeInfo& info : error_codes()) {
    EXPECT_EQ(static_cast<std::size_t>(info.code), index++);
    EXPECT_EQ(name(info.code), info.name);
    EXPECT_FALSE(info.meaning.empty());
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << info.name;
  }
  EXPECT_GE(names.size(), 20U);
}

TEST(Error, puts_the_position_in_front) {
  const Error bare(ErrorCode::file_empty, "nothing here");
  EXPECT_STREQ(bare.what(), "nothing here");
  EXPECT_EQ(bare.position().offset_bytes, -1);

  const Error placed(ErrorCode::column_missing, "no column \"x\"", {"day.csv", 7, 3, 120});
  EXPECT_STREQ(placed.what(), "day.csv, line 7, column 3, byte 120: no column \"x\"");
  EXPECT_EQ(placed.message(), "no column \"x\"");
  EXPECT_EQ(placed.code(), ErrorCode::column_missing);

  EXPECT_STREQ(Error(ErrorCode::file_missing, "gone", {.file = "a"}).what(), "a: gone");
}

TEST(Error, is_a_standard_exception) {
  try {
    throw Error(ErrorCode::cancelled, "stop");
  } catch (const std::exception& error) {
    EXPECT_STREQ(error.what(), "stop");
  }
}

}  // namespace
}  // namespace cuadre
