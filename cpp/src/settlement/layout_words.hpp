// The words by which layouts name their enumerations.
#pragma once

#include <array>

#include "base/declaration.hpp"
#include "cuadre/settlement/layout.hpp"

namespace cuadre {

template <class Enum, std::size_t N>
using Choices = std::array<declaration::Word<Enum>, N>;

constexpr Choices<LayoutKind, 4> choices(LayoutKind /*kind*/) {
  return {{{"delimited", LayoutKind::delimited},
           {"fixed", LayoutKind::fixed},
           {"json", LayoutKind::json},
           {"json_lines", LayoutKind::json_lines}}};
}

constexpr Choices<Encoding, 3> choices(Encoding /*encoding*/) {
  return {{{"utf-8", Encoding::utf8}, {"latin-1", Encoding::latin1}, {"windows-1252", Encoding::windows1252}}};
}

constexpr Choices<SignStyle, 4> choices(SignStyle /*style*/) {
  return {{{"none", SignStyle::none},
           {"front", SignStyle::front},
           {"behind", SignStyle::behind},
           {"brackets", SignStyle::brackets}}};
}

constexpr Choices<RowKind, 7> choices(RowKind /*kind*/) {
  return {{{"payment", RowKind::payment},
           {"refund", RowKind::refund},
           {"reversal", RowKind::reversal},
           {"fee", RowKind::fee},
           {"adjustment", RowKind::adjustment},
           {"payout", RowKind::payout},
           {"other", RowKind::other}}};
}

constexpr Choices<RecordRole, 6> choices(RecordRole /*role*/) {
  return {{{"file_header", RecordRole::file_header},
           {"lot_header", RecordRole::lot_header},
           {"detail", RecordRole::detail},
           {"lot_control", RecordRole::lot_control},
           {"file_control", RecordRole::file_control},
           {"ignored", RecordRole::ignored}}};
}

constexpr Choices<CheckDigit, 2> choices(CheckDigit /*digit*/) {
  return {{{"nit", CheckDigit::nit}, {"ean13", CheckDigit::ean13}}};
}

}  // namespace cuadre
