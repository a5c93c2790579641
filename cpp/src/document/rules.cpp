// The rows. A status says what a row rests on: official (the owner of the rule), community (public code or pages of
// others that agree), unverified (one weak source), seeds (the project's own first documents, and nothing else).
// Colombia's PPT is left out: no text read says how its number is formed.
#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "cuadre/document.hpp"
#include "document/gateway_rules.hpp"

namespace cuadre {
namespace {

using Form = DocumentRule::Form;
using Check = DocumentRule::Check;

constexpr std::string_view kPersonalId =
    "https://docs.payermax.com/doc-center/history-versions/appendix/disbursement/personal-id.html";
constexpr std::string_view kStdnum = "https://github.com/arthurdejong/python-stdnum";
constexpr std::string_view kDoi = "https://github.com/infoyupay/pe.validator.doi";
constexpr std::string_view kCedula =
    "https://glama.ai/mcp/connectors/io.github.soyeladice-svg/bursia-utils/tools/co-cedula-format";
constexpr std::string_view kBali = "https://hexdocs.pm/bali/Bali.Validators.Colombia.html";

constexpr std::array kRules = {
    // ---- Colombia: cédula de ciudadanía, no check digit
    DocumentRule{.country = "CO",
                 .type = "CC",
                 .rule = "register",
                 .length_min = 3,
                 .length_max = 8,
                 .leading_zero = false,
                 .status = "community",
                 .source = kCedula,
                 .note = "issued until the NUIP came; the oldest are short (the press tells of a number 11 in 1952)"},
    DocumentRule{.country = "CO",
                 .type = "CC",
                 .rule = "register",
                 .length_min = 10,
                 .length_max = 10,
                 .prefixes = "1",
                 .leading_zero = false,
                 .status = "community",
                 .source = kCedula,
                 .note =
                     "NUIP, from 1,000,000,000 on; that no cédula has 9 digits is common knowledge without an official "
                     "page behind it: pages that say 3 to 10 do not exclude it"},
    DocumentRule{.country = "CO",
                 .type = "CC",
                 .rule = "seeds",
                 .length_min = 10,
                 .length_max = 11,
                 .leading_zero = false,
                 .status = "seeds",
                 .source = "the project's seed documents",
                 .note = "10 to 11 digits; refuses everybody whose cédula has 8 or fewer, and no cédula has 11"},
    // ---- Colombia: cédula de extranjería
    DocumentRule{.country = "CO",
                 .type = "CE",
                 .rule = "register",
                 .length_min = 6,
                 .length_max = 7,
                 .leading_zero = false,
                 .status = "community",
                 .source = kBali,
                 .note = "6 digits there, 6 to 7 in other public code; no official page was found"},
    // ---- Colombia: NIT
    DocumentRule{.country = "CO",
                 .type = "NIT",
                 .rule = "register",
                 .length_min = 10,
                 .length_max = 10,
                 .check = Check::nit,
                 .leading_zero = false,
                 .status = "community",
                 .source = kStdnum,
                 .note = "9 digits and the check digit; the weights fit the tax office's own number, 800197268-4"},
    DocumentRule{.country = "CO",
                 .type = "NIT",
                 .rule = "register",
                 .length_min = 11,
                 .length_max = 11,
                 .prefixes = "1",
                 .check = Check::nit,
                 .leading_zero = false,
                 .status = "community",
                 .source = kStdnum,
                 .note = "a person's: the NUIP and the check digit"},
    DocumentRule{.country = "CO",
                 .type = "NIT",
                 .rule = "register",
                 .length_min = 4,
                 .length_max = 9,
                 .check = Check::nit,
                 .leading_zero = false,
                 .hyphen = true,
                 .status = "community",
                 .source = kStdnum,
                 .note = "a person's: an older cédula and the check digit; without the hyphen it could be a firm's NIT "
                         "that lost its own"},
    // ---- Colombia: passport, of any country
    DocumentRule{.country = "CO",
                 .type = "PA",
                 .rule = "register",
                 .form = Form::letters_and_digits,
                 .length_min = 5,
                 .length_max = 12,
                 .status = "unverified",
                 .source = kPersonalId,
                 .note = "a buyer's passport is of any country, so there is no pattern; fewer than 5 are none"},
    // ---- Peru: DNI, and with its check character the CUI
    DocumentRule{.country = "PE",
                 .type = "DNI",
                 .rule = "register",
                 .length_min = 8,
                 .length_max = 8,
                 .status = "community",
                 .source = "https://larepublica.pe/amp/sociedad/2023/04/24/reniec-donde-encontrar-el-codigo-de-"
                           "verificacion-del-dni-y-para-que-sirve-documento-nacional-de-identidad-389376",
                 .note = "8 digits, zeros in front among them; RENIEC's director of records in the press"},
    DocumentRule{.country = "PE",
                 .type = "CUI",
                 .rule = "register",
                 .form = Form::digits_and_check,
                 .length_min = 9,
                 .length_max = 9,
                 .check = Check::cui,
                 .status = "community",
                 .source = kStdnum,
                 .note = "the DNI and its check character, a digit or on older cards a letter; RENIEC calls it an "
                         "algorithm and prints none"},
    // ---- Peru: carné de extranjería
    DocumentRule{.country = "PE",
                 .type = "CE",
                 .rule = "register",
                 .length_min = 9,
                 .length_max = 9,
                 .status = "community",
                 .source = kPersonalId,
                 .note = "9 digits, zeros in front among them"},
    DocumentRule{.country = "PE",
                 .type = "CE",
                 .rule = "register",
                 .form = Form::letters_and_digits,
                 .length_min = 10,
                 .length_max = 12,
                 .status = "unverified",
                 .source = kDoi,
                 .note = "older cards; the tax office's fields take up to 12"},
    DocumentRule{.country = "PE",
                 .type = "CE",
                 .rule = "sunat",
                 .form = Form::letters_and_digits,
                 .length_min = 1,
                 .length_max = 12,
                 .status = "community",
                 .source = kDoi,
                 .note = "what SUNAT's PLE takes"},
    // ---- Peru: passport, of any country
    DocumentRule{.country = "PE",
                 .type = "PA",
                 .rule = "register",
                 .form = Form::letters_and_digits,
                 .length_min = 5,
                 .length_max = 12,
                 .status = "unverified",
                 .source = kDoi,
                 .note = "a buyer's passport is of any country, so there is no pattern; fewer than 5 are none"},
    DocumentRule{.country = "PE",
                 .type = "PA",
                 .rule = "sunat",
                 .form = Form::letters_and_digits,
                 .length_min = 1,
                 .length_max = 12,
                 .status = "community",
                 .source = kDoi,
                 .note = "what SUNAT's PLE takes"},
    // ---- Peru: RUC
    DocumentRule{.country = "PE",
                 .type = "RUC",
                 .rule = "register",
                 .length_min = 11,
                 .length_max = 11,
                 .prefixes = "10 15 16 17 20",
                 .check = Check::ruc,
                 .status = "community",
                 .source = kDoi,
                 .note = "SUNAT's algorithm as others restate it; 16 is reserved, python-stdnum refuses it; 10 is "
                         "followed by the DNI"},
};

}  // namespace

std::span<const DocumentRule> document_rules() {
  static const std::vector<DocumentRule> all = [] {
    std::vector<DocumentRule> made(kRules.begin(), kRules.end());
    for (const DocumentRule& rule : gateway_document_rules()) made.push_back(rule);
    // Rows of one type stand together: those of the register first, then those of others, then each gateway's.
    const auto place = [](const DocumentRule& rule) {
      return std::ranges::find_if(
          kRules, [&](const DocumentRule& known) { return known.country == rule.country && known.type == rule.type; });
    };
    std::ranges::stable_sort(made, {}, place);
    return made;
  }();
  return all;
}

}  // namespace cuadre
