#include "cuadre/settlement/check.hpp"

namespace cuadre {

std::span<const Term> check_kinds() noexcept {
  static constexpr Term kKinds[] = {
#define CUADRE_X(name, en, es) {#name, en, es},
      CUADRE_CHECK_KINDS(CUADRE_X)
#undef CUADRE_X
  };
  return kKinds;
}

std::span<const Term> check_phrases() noexcept {
  static constexpr Term kPhrases[] = {
#define CUADRE_X(name, en, es) {#name, en, es},
      CUADRE_CHECK_PHRASES(CUADRE_X)
#undef CUADRE_X
  };
  return kPhrases;
}

std::string CheckValue::text(Language language) const {
  return filled(check_phrases()[static_cast<std::size_t>(phrase)].in(language), {first, second});
}

std::string Check::name(Language language) const {
  return filled(check_kinds()[static_cast<std::size_t>(kind)].in(language), {subject.text(language)});
}

namespace {

bool one_control_of_the_first_lot(std::span<const Check> checks, CheckKind of_lot, CheckKind of_file) noexcept {
  const Check* first_lot = nullptr;
  const Check* control = nullptr;
  std::size_t lots = 0, controls = 0;
  for (const Check& check : checks) {
    if (check.kind == of_lot && lots++ == 0) first_lot = &check;
    if (check.kind == of_file && controls++ == 0) control = &check;
  }
  return lots > 1 && controls == 1 && !control->holds && control->declared == first_lot->found;
}

}  // namespace

bool covers_first_lot_only(std::span<const Check> checks) noexcept {
  return one_control_of_the_first_lot(checks, CheckKind::lot_count, CheckKind::file_count) &&
         one_control_of_the_first_lot(checks, CheckKind::lot_value, CheckKind::file_value);
}

}  // namespace cuadre
