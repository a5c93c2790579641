#include "cuadre/layout.hpp"

#include <algorithm>

namespace cuadre {
namespace {

[[noreturn]] void invalid(const std::string& message) { throw Error(ErrorCode::layout_invalid, message); }

void require_places(const Layout& layout, const Place& place, const std::string& field) {
  if (!place.given()) return;
  const bool fixed = layout.kind == LayoutKind::fixed;
  const bool json = layout.kind == LayoutKind::json || layout.kind == LayoutKind::json_lines;
  if (fixed != (place.start != 0)) invalid(field + ": this kind of layout does not place fields like that");
  if (fixed && place.length == 0) invalid(field + ": a fixed field needs a length");
  if (json && place.column.empty()) invalid(field + ": a JSON field needs a key");
  if (layout.kind == LayoutKind::delimited && !layout.header && place.index == 0) {
    invalid(field + ": without a header row, columns are numbers");
  }
}

bool ends_line(char byte) noexcept { return byte == '\n' || byte == '\r'; }

// Marks that would be read as something else: a minus as a symbol would turn a debit into a credit.
void require_marks(const Layout& layout) {
  constexpr std::string_view kOfNumbers = "0123456789+-()";
  if (layout.kind == LayoutKind::delimited) {
    const char separator = layout.separator;
    if (separator == layout.quote || ends_line(separator)) invalid("separator: it is the quote or a line end");
    if (separator == 0) invalid("separator: a NUL byte cannot be one");
    if (ends_line(layout.quote)) invalid("quote: it is a line end");
  }
  const AmountField& amount = layout.amount;
  if (amount.form.grouping != 0 && kOfNumbers.find(amount.form.grouping) != std::string_view::npos) {
    invalid("amount: the grouping mark is a digit or a sign");
  }
  for (const std::string& symbol : amount.symbols) {
    if (symbol.empty() || symbol.find_first_of(kOfNumbers) != std::string::npos) {
      invalid("amount: the symbol \"" + symbol + "\" is empty or holds a digit or a sign");
    }
  }
  for (const std::string& token : amount.debit_tokens) {
    if (std::find(amount.credit_tokens.begin(), amount.credit_tokens.end(), token) != amount.credit_tokens.end()) {
      invalid("direction: \"" + token + "\" is debit and credit");
    }
  }
}

}  // namespace

void Layout::validate() const {
  if (!reference.given()) invalid("reference: no place is declared for it");
  const bool split = amount.debit.given() || amount.credit.given();
  if (amount.amount.given() == split) invalid("amount: declare either one amount, or debit and credit");
  if (split && !(amount.debit.given() && amount.credit.given())) invalid("amount: debit and credit go together");
  if (amount.direction.given() && amount.credit_tokens.empty() && amount.debit_tokens.empty()) {
    invalid("direction: no tokens are declared");
  }
  if (!currency.given() && default_currency.empty()) invalid("currency: neither a column nor a currency is declared");
  if (!default_currency.empty() && !Currency::find(default_currency)) {
    invalid("\"" + default_currency + "\" is not an ISO 4217 code");
  }
  if (amount.form.grouping != 0 && amount.form.grouping == amount.form.decimal_mark) {
    invalid("amount: the grouping mark and the decimal mark are the same");
  }
  require_marks(*this);
  if (kind == LayoutKind::fixed && records.empty()) invalid("records: a fixed layout needs at least one");
  for (const auto& [place, field] : {std::pair(&reference.place, "reference"), std::pair(&amount.amount, "amount"),
                                     std::pair(&amount.debit, "debit"), std::pair(&amount.credit, "credit"),
                                     std::pair(&amount.direction, "direction"), std::pair(&currency.place, "currency"),
                                     std::pair(&date.place, "date"), std::pair(&booked_date.place, "booked_date"),
                                     std::pair(&kind_of_row.place, "kind"), std::pair(&type, "type")}) {
    require_places(*this, *place, field);
  }
}

}  // namespace cuadre
