#include "cuadre/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "cuadre/document/check_digit.hpp"
#include "cuadre/error.hpp"

namespace cuadre {
namespace {

using enum DocumentReason;

DocumentReason reason(const char* country, const char* type, std::string_view text, const char* rule = "register") {
  return read_document(country, type, text, rule).reason;
}

TEST(Documents, RegisterAndSeedsDisagreeAboutTheCedula) {
  const Document old = read_document("CO", "CC", "79.123.456");
  EXPECT_TRUE(old.valid());
  EXPECT_EQ(old.text, "79123456");
  EXPECT_EQ(old.verdicts[1].rule, "seeds");
  EXPECT_EQ(old.verdicts[1].reason, too_short);
  EXPECT_EQ(reason("CO", "CC", "1020304050"), ok);
  EXPECT_EQ(reason("CO", "CC", "1020304050", "seeds"), ok);
  EXPECT_EQ(reason("CO", "CC", "10203040506"), too_long);
  EXPECT_EQ(reason("CO", "CC", "10203040506", "seeds"), ok);
  EXPECT_EQ(reason("CO", "CC", "123456789"), length_wrong);
  EXPECT_EQ(reason("CO", "CC", "2020304050"), prefix_wrong);
  EXPECT_EQ(reason("CO", "CC", "0079123456"), leading_zero);
}

TEST(Documents, EveryFormHasOneOutcome) {
  for (const char* text :
       {"1020304050", " 1.020.304.050 ", "1-020-304-050", "1,020,304,050", "1 020 304 050\n",
        "\uFF11\uFF10\uFF12\uFF10\uFF13\uFF10\uFF14\uFF10\uFF15\uFF10", "1\u00A0020\u2011304\u2009050"}) {
    EXPECT_EQ(read_document("CO", "CC", text).text, "1020304050") << text;
  }
  for (const char* text : {"", "   ", "---", ". . ."}) EXPECT_EQ(reason("CO", "CC", text), empty) << text;
  for (const char* text : {"0", "0000000000", "00.000.000"}) EXPECT_EQ(reason("CO", "CC", text), all_zeros) << text;
  for (const char* text : {"CC 79123456", "7912345O", "abc"}) EXPECT_EQ(reason("CO", "CC", text), letters) << text;
  for (const char* text :
       {"79123456?", "79123\n456", "\u0661\u0662\u0663", "79123456\xff", "\xc2", "\xe2\x80", "7912345\xc3\xb1"}) {
    EXPECT_EQ(reason("CO", "CC", text), character_wrong) << text;
  }
  EXPECT_EQ(reason("CO", "CC", std::string_view("7912\0003456", 9)), character_wrong);
  EXPECT_EQ(reason("CO", "CC", std::string(100'000, '1')), too_long);
  EXPECT_EQ(read_document("co", "cc", "79123456").type, "CC");
}

TEST(Documents, CheckDigits) {
  EXPECT_EQ(read_document("CO", "NIT", "800.197.268-4").text, "8001972684");
  EXPECT_EQ(reason("CO", "NIT", "800197268"), check_missing);
  EXPECT_EQ(reason("CO", "NIT", "8001972685"), check_wrong);
  EXPECT_EQ(reason("CO", "NIT", "5"), too_short);
  EXPECT_EQ(ruc_check_digit("2060785424"), '7');
  EXPECT_EQ(reason("PE", "RUC", "20607854247"), ok);
  EXPECT_EQ(reason("PE", "RUC", "21607854247"), prefix_wrong);
  EXPECT_EQ(read_document("PE", "CUI", "10117410-2").text, "101174102");
  EXPECT_EQ(read_document("PE", "CUI", std::string("10117410-") + cui_check("10117410").letter).reason, ok);
  EXPECT_EQ(reason("PE", "CUI", "10117410"), check_missing);
  EXPECT_EQ(reason("PE", "CUI", "10117410-3"), check_wrong);
}

// A person's NIT is the cédula and a check digit: where the length does not tell, the hyphen must.
TEST(Documents, NitOfAPerson) {
  const std::string cedula = "79123456";
  const std::string nit = cedula + *expected_check_digit(CheckDigit::nit, cedula + "0");
  EXPECT_EQ(reason("CO", "NIT", nit), check_missing);
  EXPECT_EQ(reason("CO", "NIT", cedula + "-" + nit.back()), ok);
  EXPECT_EQ(reason("CO", "NIT", cedula), check_missing);
}

TEST(Documents, AreNeverShownWhole) {
  EXPECT_EQ(read_document("CO", "CC", "1020304050").masked, "******4050");
  EXPECT_EQ(read_document("CO", "CC", "123").masked, "**3");
  EXPECT_EQ(read_document("PE", "PA", "ab-123456").masked, "****3456");
  EXPECT_EQ(read_document("CO", "CC", std::string(40, '7')).masked, "************7777");
  const Document document = read_document("CO", "CC", "987654321");
  for (const std::string& said : {sentence_en(document), sentence_es(document)}) {
    EXPECT_EQ(said.find("987654321"), std::string::npos);
    EXPECT_EQ(said.find("4321"), std::string::npos);
  }
}

TEST(Documents, Sentences) {
  EXPECT_EQ(sentence_en(read_document("CO", "CC", "123456789")),
            "CC (CO): no document of this type has this length; the rule \"register\" is 3 to 8 digits, or 10 digits "
            "beginning with 1.");
  EXPECT_EQ(sentence_es(read_document("PE", "RUC", "")),
            "RUC (PE): no hay nada escrito; la regla \"register\" es 11 dígitos que empiezan por 10/15/16/17/20, "
            "verificados.");
}

TEST(Documents, WhatIsUnknownIsSaid) {
  const auto message = [](const char* country, const char* type, const char* rule) {
    try {
      read_document(country, type, "1", rule);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::rule_unknown);
      return error.message();
    }
    return std::string("nothing thrown");
  };
  EXPECT_NE(message("CO", "CD", "register").find("\"CO CC\""), std::string::npos) << message("CO", "CD", "register");
  EXPECT_NE(message("MX", "CC", "register").find("no document"), std::string::npos);
  EXPECT_NE(message("CO", "CC", "sedes").find("\"seeds\""), std::string::npos) << message("CO", "CC", "sedes");
}

// The reader relies on it: rows of one type stand together, and in it those of one rule.
TEST(Documents, TheTableIsSound) {
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> closed;
  std::tuple<std::string_view, std::string_view, std::string_view> open;
  for (const DocumentRule& rule : document_rules()) {
    const std::tuple key(rule.country, rule.type, rule.rule);
    if (key != open) {
      EXPECT_TRUE(closed.insert(key).second) << rule.country << rule.type << rule.rule << " stands in two places";
    }
    open = key;
    EXPECT_LE(rule.length_min, rule.length_max);
    EXPECT_GE(rule.length_min, 1);
    EXPECT_FALSE(rule.source.empty());
    EXPECT_NE(std::string_view(" official community unverified seeds ").find(rule.status), std::string_view::npos);
    EXPECT_TRUE(closed.contains({rule.country, rule.type, "register"})) << "the register's rule stands first";
  }
}

}  // namespace
}  // namespace cuadre
