#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

constexpr std::string_view kPersonalId =
    "https://docs.payermax.com/doc-center/history-versions/appendix/disbursement/personal-id.html";
constexpr DocumentRule kDocuments[] = {
    {.country = "CO",
     .type = "CC",
     .length_min = 6,
     .length_max = 10,
     .status = "official",
     .source = kPersonalId,
     .note = "of who is paid"},
    {.country = "CO",
     .type = "CE",
     .form = DocumentRule::Form::letters_and_digits,
     .length_min = 1,
     .length_max = 11,
     .status = "official",
     .source = kPersonalId,
     .note = "fewer than 12 characters"},
    {.country = "CO",
     .type = "NIT",
     .length_min = 10,
     .length_max = 10,
     .status = "official",
     .source = kPersonalId,
     .note = "of who is paid"},
    {.country = "CO",
     .type = "PA",
     .form = DocumentRule::Form::letters_and_digits,
     .length_min = 1,
     .length_max = 11,
     .status = "official",
     .source = kPersonalId,
     .note = "fewer than 12 characters"},
    {.country = "PE",
     .type = "DNI",
     .length_min = 8,
     .length_max = 8,
     .status = "official",
     .source = kPersonalId,
     .note = "of who is paid"},
    {.country = "PE",
     .type = "CE",
     .length_min = 9,
     .length_max = 9,
     .status = "official",
     .source = kPersonalId,
     .note = "of who is paid"},
    {.country = "PE",
     .type = "PA",
     .form = DocumentRule::Form::letters_and_digits,
     .length_min = 1,
     .length_max = 12,
     .status = "official",
     .source = kPersonalId,
     .note = "of who is paid"},
    {.country = "PE",
     .type = "RUC",
     .length_min = 11,
     .length_max = 11,
     .status = "official",
     .source = kPersonalId,
     .note = "of who is paid"},
};

}  // namespace

Gateway payermax() { return {.title = "PayerMax", .documents = kDocuments}; }

}  // namespace cuadre::declared
