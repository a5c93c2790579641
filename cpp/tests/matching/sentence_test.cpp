#include "cuadre/matching/sentence.hpp"

#include <gtest/gtest.h>

namespace cuadre {
namespace {

SideRow side(std::int64_t amount, std::string_view currency, std::uint64_t line) {
  SideRow row;
  row.present = true;
  row.owned = true;
  row.amount_minor = amount;
  row.currency = Currency::of(currency);
  row.line = line;
  return row;
}

struct Said {
  std::string english;
  std::string spanish;
};

Said said(const Break& item, const KeyRule& key = {}) {
  std::vector<FileReport> ledger(1);
  std::vector<FileReport> settlement(1);
  ledger[0].file = "in/ledger.csv";
  settlement[0].file = "day.csv";
  Said out;
  append_sentence(out.english, Language::english, item, key, ledger, settlement);
  append_sentence(out.spanish, Language::spanish, item, key, ledger, settlement);
  return out;
}

TEST(MatchingText, AmountDiffersNamesRuleRowsAndShortfall) {
  const Said text = said({Bucket::amount_differs, "A-1", side(123456700, "COP", 4), side(123406700, "COP", 7)});
  EXPECT_EQ(
      text.english,
      "Reference A-1 (compared as written), kind (payment) and currency agree, the amount does not: the ledger has "
      "COP 1,234,567.00 (ledger.csv, line 4), the settlement COP 1,234,067.00 (day.csv, line 7). We are short by COP "
      "500.00.");
  EXPECT_EQ(text.spanish,
            "La referencia A-1 (comparada tal como está escrita), el tipo (pago) y la moneda coinciden, el valor no: "
            "el libro tiene "
            "COP 1.234.567,00 (ledger.csv, línea 4), la liquidación COP 1.234.067,00 (day.csv, línea 7). Nos faltan "
            "COP 500,00.");
}

TEST(MatchingText, MoreThanExpectedIsNotAShortfall) {
  const Said text = said({Bucket::amount_differs, "A", side(100, "PEN", 1), side(150, "PEN", 1)});
  EXPECT_NE(text.english.find("The settlement brings more than we expect, by PEN 0.50."), std::string::npos);
  EXPECT_NE(text.spanish.find("La liquidación trae de más PEN 0.50."), std::string::npos);
}

TEST(MatchingText, EveryBucketSpeaksBothLanguages) {
  KeyRule key;
  key.trim = key.digits_only = key.upper = key.strip_left_zeros = true;
  for (std::size_t bucket = 1; bucket < kBucketCount; ++bucket) {
    for (const std::int64_t amount : {std::int64_t{500}, std::int64_t{-500}, INT64_MIN}) {
      const Said text = said({static_cast<Bucket>(bucket), "REF", side(amount, "CLP", 2), side(-5, "KWD", 3)}, key);
      EXPECT_NE(
          text.english.find("REF (compared without outer blanks, by its digits only, in capitals, without left zeros)"),
          std::string::npos);
      EXPECT_NE(text.spanish.find("REF (comparada sin espacios"), std::string::npos);
      EXPECT_EQ(text.english.back(), '.');
      EXPECT_EQ(text.spanish.back(), '.');
    }
  }
}

TEST(MatchingText, AmountsAreExactAtTheEdges) {
  EXPECT_NE(
      said({Bucket::only_in_ledger, "A", side(INT64_MIN, "COP", 1), {}}).english.find("COP 92,233,720,368,547,758.08."),
      std::string::npos);
  EXPECT_NE(said({Bucket::only_in_ledger, "A", side(1234, "CLP", 1), {}}).spanish.find("CLP 1.234."),
            std::string::npos);
  EXPECT_NE(said({Bucket::only_in_ledger, "A", side(5, "KWD", 1), {}}).english.find("KWD 0.005."), std::string::npos);
  EXPECT_NE(said({Bucket::only_in_ledger, "A", side(0, "COP", 1), {}}).english.find("COP 0.00."), std::string::npos);
}

}  // namespace
}  // namespace cuadre
