#include "cuadre/settlement/layout.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cuadre {
namespace {

[[noreturn]] void invalid(const std::string& message) { throw Error(ErrorCode::layout_invalid, message); }

// The places of a row's fields, with their names.
std::array<std::pair<const Place*, const char*>, 10> places(const Layout& layout) {
  return {{{&layout.reference.place, "reference"},
           {&layout.amount.amount, "amount"},
           {&layout.amount.debit, "debit"},
           {&layout.amount.credit, "credit"},
           {&layout.amount.direction, "direction"},
           {&layout.currency.place, "currency"},
           {&layout.date.place, "date"},
           {&layout.booked_date.place, "booked_date"},
           {&layout.kind_of_row.place, "kind"},
           {&layout.type, "type"}}};
}

void require_place(const Layout& layout, const Place& place, const std::string& field) {
  if (!place.given()) return;
  const bool fixed = layout.kind == LayoutKind::fixed;
  const bool json = layout.kind == LayoutKind::json || layout.kind == LayoutKind::json_lines;
  if (fixed != (place.start != 0)) invalid(field + ": this kind of layout does not place fields like that");
  if (fixed && place.length == 0) invalid(field + ": a fixed field needs a length");
  if (json && place.column.empty()) invalid(field + ": a JSON field needs a key");
  if (layout.kind == LayoutKind::delimited && !layout.header && place.index == 0) {
    invalid(field + ": without a header row, columns are numbers");
  }
  if (!layout.header && layout.column_count != 0 && place.index > layout.column_count) {
    invalid(field + ": column " + std::to_string(place.index) + " of " + std::to_string(layout.column_count));
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

// Every field inside its record, every record reachable.
void require_records(const Layout& layout) {
  std::size_t details = 0;
  for (std::size_t i = 0; i < layout.records.size(); ++i) {
    const FixedRecord& record = layout.records[i];
    const std::string name = "record \"" + record.tag + "\"";
    for (std::size_t j = 0; j < i; ++j) {
      if (layout.records[j].tag == record.tag) invalid(name + ": two records have this tag");
    }
    if (record.length != 0 && record.minimum_length > record.length) {
      invalid(name + ": its minimum length is more than its length");
    }
    const auto inside = [&](const Place& place, const std::string& field) {
      if (place.given() && record.length != 0 && place.start + place.length - 1 > record.length) {
        std::string fault = field + ": it ends at ";
        fault.append(std::to_string(place.start + place.length - 1)).append(", and ").append(name).append(" at ");
        invalid(fault.append(std::to_string(record.length)));
      }
    };
    inside(record.lot, "lot");
    inside(record.count, "count");
    inside(record.total, "total");
    if (record.date) inside(record.date->place, "date");
    if (record.booked_date) inside(record.booked_date->place, "booked_date");
    for (const FixedRecord::Named& named : record.checked) inside(named.place, named.name);
    if (record.role != RecordRole::detail) continue;
    ++details;
    for (const auto& [place, field] : places(layout)) inside(*place, field);
  }
  if (details == 0) invalid("records: none has the role detail, so there would be no rows");
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
  if (kind == LayoutKind::fixed && (tag_length != 0 || !records.empty())) require_records(*this);
  if (kind == LayoutKind::fixed && records.empty()) invalid("records: a fixed layout needs at least one");
  for (const auto& [place, field] : places(*this)) require_place(*this, *place, field);
}

}  // namespace cuadre
