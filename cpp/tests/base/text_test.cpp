// Text, decimals and days that every room shares.
#include "cuadre/base/text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/json_text.hpp"
#include "cuadre/base/closest.hpp"
#include "cuadre/base/day.hpp"
#include "cuadre/base/decimal.hpp"

namespace cuadre {
namespace {

std::string utf8(char32_t point) {
  std::string text;
  append_utf8(text, point);
  return text;
}

TEST(Text, AppendsWhatUtf8Says) {
  EXPECT_EQ(utf8(0x7F), "\x7F");
  EXPECT_EQ(utf8(0x80), "\xC2\x80");
  EXPECT_EQ(utf8(0x7FF), "\xDF\xBF");
  EXPECT_EQ(utf8(0x800), "\xE0\xA0\x80");
  EXPECT_EQ(utf8(0xFFFF), "\xEF\xBF\xBF");
  EXPECT_EQ(utf8(0x10000), "\xF0\x90\x80\x80");
  EXPECT_EQ(utf8(0x10FFFF), "\xF4\x8F\xBF\xBF");
}

TEST(Text, MasksAllButTheEndInCharacters) {
  EXPECT_EQ(masked_end(""), "…");
  EXPECT_EQ(masked_end("1234"), "…");
  EXPECT_EQ(masked_end("12345"), "…45");
  EXPECT_EQ(masked_end("123456789"), "…6789");
  EXPECT_EQ(masked_end("ñandú"), "…dú");
  EXPECT_EQ(masked_end("ñññññññññ"), "…ññññ");
}

TEST(JsonText, LeavesOutItsEscapes) {
  const auto read = [](std::string_view raw) {
    std::string text;
    const JsonText found = append_unescaped(text, raw);
    return found == JsonText::ok ? text : found == JsonText::malformed ? "malformed" : "lone";
  };
  EXPECT_EQ(read(R"(a\"\\\/\b\f\n\r\t)"), "a\"\\/\b\f\n\r\t");
  EXPECT_EQ(read(R"(\u00e1\u20AC\ud83d\ude00)"), "á€😀");
  for (const char* raw : {R"(\)", R"(\x)", R"(\u12)", R"(\u12G4)"}) EXPECT_EQ(read(raw), "malformed") << raw;
  for (const char* raw : {R"(\ud83d)", R"(\ude00)", R"(\ud83d\u0041)", R"(\ud83dA)"})
    EXPECT_EQ(read(raw), "lone") << raw;
}

TEST(Closest, PrefersWhatIsNear) {
  const std::vector<std::string> names = {"credit", "debit", "decimal_mark"};
  EXPECT_EQ(closest(names, "decimal")->index, 2U) << "its beginning, though \"debit\" needs fewer changes";
  EXPECT_FALSE(closest(names, "quantity")->near);
  EXPECT_FALSE(closest(names, "")->near);
  EXPECT_FALSE(closest({}, "credit"));
  EXPECT_EQ(closest_hint(names, "debt"), "; the closest is \"debit\"");
}

TEST(Day, AgreesWithChronoWhereChronoKnows) {
  for (std::int64_t day = -800'000; day < 3'000'000; day += 37) {
    const std::chrono::year_month_day known{std::chrono::sys_days{std::chrono::days{day}}};
    const CivilDate date = civil_date(day);
    ASSERT_EQ(date.year, static_cast<int>(known.year()));
    ASSERT_EQ(date.month, static_cast<int>(static_cast<unsigned>(known.month())));
    ASSERT_EQ(date.day, static_cast<int>(static_cast<unsigned>(known.day())));
    ASSERT_EQ(day_number(date), day);
    ASSERT_TRUE(exists(date));
  }
  EXPECT_TRUE(exists({2000, 2, 29}) && exists({2024, 2, 29}));
  for (const CivilDate date :
       {CivilDate{1900, 2, 29}, {2023, 2, 29}, {2024, 4, 31}, {2024, 13, 1}, {2024, 0, 1}, {2024, 1, 0}})
    EXPECT_FALSE(exists(date)) << date.year << "-" << date.month << "-" << date.day;
}

TEST(Decimal, PowersAndTextAreExact) {
  EXPECT_EQ(power_of_ten(0), 1);
  EXPECT_EQ(power_of_ten(kPowerOfTenMax), 1'000'000'000'000'000'000);
  EXPECT_EQ(decimal_text(-5, 2), "-0.05");
  EXPECT_EQ(decimal_text(Int128{1} << 126U, 0), "85070591730234615865843651857942052864");
}

}  // namespace
}  // namespace cuadre
