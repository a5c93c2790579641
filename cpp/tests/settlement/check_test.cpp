// What a check says, in both languages; and the usual mistake of a file's control.
#include "cuadre/settlement/check.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cuadre {
namespace {

TEST(Check, NamesAreComposedAtTheEnd) {
  const auto name = [](CheckKind kind, CheckValue subject, Language language) {
    return Check{kind, std::move(subject), {}, {}, true, 0, 0}.name(language);
  };
  EXPECT_EQ(name(CheckKind::file_count, {}, Language::english), "file count");
  EXPECT_EQ(name(CheckKind::file_count, {}, Language::spanish), "cantidad del archivo");
  EXPECT_EQ(name(CheckKind::lot_value, std::string("0003"), Language::english), "lot 0003 value");
  EXPECT_EQ(name(CheckKind::lot_value, std::string("0003"), Language::spanish), "valor del lote 0003");
  EXPECT_EQ(name(CheckKind::lot_value, CheckPhrase::blank, Language::spanish), "valor del lote (en blanco)");
  EXPECT_EQ(name(CheckKind::code_digit, std::string("NIT"), Language::spanish), "dígito de control de NIT");
  EXPECT_EQ(name(CheckKind::service_code_digit, {}, Language::spanish), "dígito de control del código de servicio");
}

TEST(Check, ValuesAreWordsAroundWhatStandsInTheFile) {
  const CheckValue rejected(CheckPhrase::rejected, "17", "1");
  EXPECT_EQ(rejected.text(Language::english), "17 (1 rejected)");
  EXPECT_EQ(rejected.text(Language::spanish), "17 (1 rechazados)");
  EXPECT_EQ(CheckValue(CheckPhrase::before, "{1}", "05").text(Language::spanish), "{1} antes de 05");
  EXPECT_EQ(CheckValue(std::string("{0} 300000.00")).text(Language::spanish), "{0} 300000.00");
  EXPECT_EQ(CheckValue(CheckPhrase::none).text(Language::spanish), "(ninguno)");
}

TEST(Check, EveryWordingFillsTheSamePlacesInBothLanguages) {
  for (const auto terms : {check_kinds(), check_phrases()}) {
    for (const Term& term : terms) {
      for (const std::string_view place : {"{0}", "{1}"}) {
        EXPECT_EQ(term.english.find(place) == std::string_view::npos,
                  term.spanish.find(place) == std::string_view::npos)
            << term.name;
      }
      EXPECT_EQ(filled(term.english, {"a", "b"}).find('{'), std::string::npos) << term.name;
      EXPECT_EQ(filled(term.spanish, {"a", "b"}).find('{'), std::string::npos) << term.name;
    }
  }
}

TEST(Check, AControlMayCoverTheFirstLotOnly) {
  const auto file = [](std::string count, std::string value, bool holds) {
    return std::vector<Check>{
        {CheckKind::lot_count, std::string("1"), std::string("1"), std::string("1"), true, 0, 0},
        {CheckKind::lot_value, std::string("1"), std::string("1.00"), std::string("1.00"), true, 0, 0},
        {CheckKind::lot_count, std::string("2"), std::string("2"), std::string("2"), true, 0, 0},
        {CheckKind::lot_value, std::string("2"), std::string("5.00"), std::string("5.00"), true, 0, 0},
        {CheckKind::file_count, {}, std::move(count), std::string("3"), holds, 0, 0},
        {CheckKind::file_value, {}, std::move(value), std::string("6.00"), holds, 0, 0}};
  };
  EXPECT_TRUE(covers_first_lot_only(file("1", "1.00", false)));
  EXPECT_FALSE(covers_first_lot_only(file("2", "1.00", false)));
  EXPECT_FALSE(covers_first_lot_only(file("3", "6.00", true)));
  EXPECT_FALSE(covers_first_lot_only({}));
}

}  // namespace
}  // namespace cuadre
