// Date forms, and the contradictions that C++ finds in a layout by itself.
#include "cuadre/settlement/layout.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

namespace cuadre {
namespace {

std::optional<std::int32_t> scan(const char* pattern, const char* text) {
  return DateForm::compile(pattern).scan(text);
}

TEST(DateForm, EveryDayAgreesWithTheStandardCalendar) {
  const DateForm form = DateForm::compile("YYYY-MM-DD");
  for (int year = 1899; year <= 2200; ++year) {
    for (unsigned month = 0; month <= 13; ++month) {
      for (unsigned day = 0; day <= 32; ++day) {
        char text[32];
        std::snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, day);
        const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                               std::chrono::day(day)};
        std::optional<std::int32_t> wanted;
        if (date.ok() && year >= 1900 && year <= 2199) wanted = std::chrono::sys_days(date).time_since_epoch().count();
        ASSERT_EQ(form.scan(text), wanted) << text;
      }
    }
  }
}

TEST(DateForm, TakesWhatItSaysAndNothingElse) {
  const std::int32_t day = *scan("YYYYMMDD", "20260302");
  EXPECT_EQ(scan("DD/MM/YYYY", "02/03/2026"), day);
  EXPECT_EQ(scan("D/M/YYYY", "2/3/2026"), day);
  EXPECT_EQ(scan("DD/MM/YY", "02/03/26"), day);
  EXPECT_EQ(scan("DD/MM/YYYY[ hh:mm[:ss]]", "02/03/2026 23:59"), day);
  EXPECT_EQ(scan("DD/MM/YYYY[ hh:mm[:ss]]", "02/03/2026 23:59:58"), day);
  EXPECT_EQ(scan("DD/MM/YYYY[ hh:mm[:ss]]", "02/03/2026"), day);
  EXPECT_EQ(scan("YYYY-MM-DD hh:mm:ss.f", "2026-03-02 10:00:00.1"), day);
  EXPECT_EQ(scan("YYYY-MM-DDThh:mm:sszzz", "2026-03-02T10:00:00-05:00"), day);
  EXPECT_EQ(scan("YYYY-MM-DDThh:mm:sszzz", "2026-03-02T10:00:00Z"), day);
  EXPECT_EQ(scan("DD/MM/YYYY[ hh:mm[:ss]]", "02/03/2026 24:00"), std::nullopt);
  EXPECT_EQ(scan("DD/MM/YYYY", "2/3/2026"), std::nullopt);
  EXPECT_EQ(scan("DD/MM/YYYY", "02/03/2026 "), std::nullopt);
  EXPECT_EQ(scan("YYYYMMDD", "2026030"), std::nullopt);
  EXPECT_EQ(scan("YYYYMMDD", ""), std::nullopt);
}

TEST(DateForm, RefusesAFormWithoutADate) {
  for (const char* pattern : {"", "hh:mm", "YYYY-MM", "YYYY-MM-DD]", "YYYY[-MM-DD"}) {
    EXPECT_THROW(DateForm::compile(pattern), Error) << pattern;
  }
}

Layout plain() {
  Layout layout;
  layout.reference.place.column = "reference";
  layout.amount.amount.column = "amount";
  layout.default_currency = "COP";
  return layout;
}

TEST(Layout, ContradictionsAreNamed) {
  EXPECT_NO_THROW(plain().validate());
  const auto refused = [](auto change) {
    Layout layout = plain();
    change(layout);
    EXPECT_THROW(layout.validate(), Error);
  };
  refused([](Layout& layout) { layout.reference.place = {}; });
  refused([](Layout& layout) { layout.amount.amount = {}; });
  refused([](Layout& layout) { layout.amount.debit.column = "debit"; });
  refused([](Layout& layout) { layout.default_currency = "ABC"; });
  refused([](Layout& layout) { layout.default_currency = ""; });
  refused([](Layout& layout) { layout.header = false; });
  refused([](Layout& layout) { layout.quote = ','; });
  refused([](Layout& layout) { layout.amount.form.grouping = '.'; });
  refused([](Layout& layout) { layout.kind = LayoutKind::fixed; });
  refused([](Layout& layout) { layout.separator = '\0'; });
  refused([](Layout& layout) { layout.quote = '\n'; });
  refused([](Layout& layout) { layout.amount.form.grouping = '1'; });
  refused([](Layout& layout) { layout.amount.symbols = {"$", "-"}; });
  refused([](Layout& layout) { layout.amount.symbols = {""}; });
  refused([](Layout& layout) {
    layout.amount.direction.column = "way";
    layout.amount.debit_tokens = layout.amount.credit_tokens = {"X"};
  });
}

}  // namespace
}  // namespace cuadre
