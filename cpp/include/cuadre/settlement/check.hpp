// What a file declares about itself, against what was found in it: kinds and parts. Text is made of them at the end.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "cuadre/base/words.hpp"

namespace cuadre {

// What is compared. {0} is the subject: a lot's number, the tag of a record, the name that a layout gives to a code.
#define CUADRE_CHECK_KINDS(X)                                                                   \
  X(file_count, "file count", "cantidad del archivo")                                           \
  X(file_value, "file value", "valor del archivo")                                              \
  X(file_lot_numbers, "file lot numbers", "números de lote del archivo")                        \
  X(lot_count, "lot {0} count", "cantidad del lote {0}")                                        \
  X(lot_value, "lot {0} value", "valor del lote {0}")                                           \
  X(lot_number, "lot {0} number", "número del lote {0}")                                        \
  X(lot_details, "lot {0} details", "detalles del lote {0}")                                    \
  X(order, "order", "orden")                                                                    \
  X(record_length, "{0} length", "longitud de {0}")                                             \
  X(record_date, "{0} date", "fecha de {0}")                                                    \
  X(record_booked_date, "{0} booked date", "fecha de abono de {0}")                             \
  X(service_code_digit, "service code check digit", "dígito de control del código de servicio") \
  X(code_digit, "{0} check digit", "dígito de control de {0}")

enum class CheckKind : std::uint8_t {
#define CUADRE_X(name, en, es) name,
  CUADRE_CHECK_KINDS(CUADRE_X)
#undef CUADRE_X
};
std::span<const Term> check_kinds() noexcept;  // by position

// What is declared or found.
#define CUADRE_CHECK_PHRASES(X)                                                               \
  X(as_it_is, "{0}", "{0}")                                                                   \
  X(blank, "(blank)", "(en blanco)")                                                          \
  X(none, "(none)", "(ninguno)")                                                              \
  X(several_currencies, "(several currencies)", "(varias monedas)")                           \
  X(no_such_code, "(no such code)", "(no hay tal código)")                                    \
  X(or_more, "{0} or more", "{0} o más")                                                      \
  X(or_less, "{0} or less", "{0} o menos")                                                    \
  X(more_than, "more than {0}", "más de {0}")                                                 \
  X(not_blank_behind, "{0}, not blank behind {1}", "{0}, con texto después de {1}")           \
  X(before, "{0} before {1}", "{0} antes de {1}")                                             \
  X(without, "{0} without {1}", "{0} sin {1}")                                                \
  X(rejected, "{0} ({1} rejected)", "{0} ({1} rechazados)")                                   \
  X(without_amount, "{0} ({1} rejected without an amount)", "{0} ({1} rechazados sin valor)") \
  X(lots, "{0} lots", "{0} lotes")                                                            \
  X(numbers, "{0} numbers", "{0} números")                                                    \
  X(not_a_date, "not a date in the form {0}", "no es una fecha de la forma {0}")

enum class CheckPhrase : std::uint8_t {
#define CUADRE_X(name, en, es) name,
  CUADRE_CHECK_PHRASES(CUADRE_X)
#undef CUADRE_X
};
std::span<const Term> check_phrases() noexcept;  // by position

struct CheckValue {
  CheckValue() = default;
  CheckValue(std::string text) : first(std::move(text)) {}  // as it is
  CheckValue(CheckPhrase said, std::string one = {}, std::string two = {})
      : phrase(said), first(std::move(one)), second(std::move(two)) {}

  CheckPhrase phrase = CheckPhrase::as_it_is;
  std::string first, second;

  bool operator==(const CheckValue&) const = default;
  std::string text(Language language) const;
};

// A control that a file declares about itself, against what was found. Compared, never believed.
struct Check {
  CheckKind kind{};
  CheckValue subject;
  CheckValue declared;
  CheckValue found;
  bool holds = false;
  std::uint64_t line = 0;
  std::uint64_t offset_bytes = 0;

  std::string name(Language language) const;  // "lot 0001 count", "NIT check digit"
};

// The usual mistake of a file's control, in the checks of one file: it declares what the first of several lots holds.
bool covers_first_lot_only(std::span<const Check> checks) noexcept;

}  // namespace cuadre
