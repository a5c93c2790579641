#include "cuadre/settlement/layout.hpp"

#include <algorithm>
#include <utility>

#include "base/declaration.hpp"
#include "settlement/layout_words.hpp"

namespace cuadre {
namespace {

using declaration::At;

template <auto... Members>
constexpr FieldInfo placed(Field field, std::string_view name, std::string_view called, std::string_view key) {
  return {field,
          name,
          called,
          key,
          [](const Layout& layout) -> const Place& { return declaration::Path<Members...>::in(layout); },
          [](Layout& layout) -> Place& { return declaration::Path<Members...>::in(layout); }};
}

constexpr std::array<FieldInfo, kFieldCount> kFields = {
    placed<&Layout::reference, &TextField::place>(Field::reference, "reference", "reference", "reference.at"),
    placed<&Layout::amount, &AmountField::amount>(Field::amount, "amount", "amount", "amount.at"),
    placed<&Layout::amount, &AmountField::debit>(Field::debit, "debit", "debit", "amount.debit"),
    placed<&Layout::amount, &AmountField::credit>(Field::credit, "credit", "credit", "amount.credit"),
    placed<&Layout::amount, &AmountField::direction>(Field::direction, "direction", "direction", "amount.direction.at"),
    placed<&Layout::currency, &TextField::place>(Field::currency, "currency", "currency", "currency.at"),
    placed<&Layout::date, &DateField::place>(Field::date, "date", "date", "date.at"),
    placed<&Layout::booked_date, &DateField::place>(Field::booked_date, "booked_date", "booked_date", "booked_date.at"),
    placed<&Layout::kind_of_row, &TextField::place>(Field::kind, "kind", "row_kind", "row_kind.at"),
    placed<&Layout::type>(Field::type, "type", "row_type", "row_type.at"),
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (kFields[i].field != static_cast<Field>(i)) return false;
  }
  return static_cast<std::size_t>(Field::type) + 1 == kFieldCount;
}
static_assert(in_order());

At top() { return At(ErrorCode::layout_invalid); }

void require_place(const Layout& layout, const Place& place, const At& at) {
  if (!place.given()) return;
  const bool fixed = layout.kind == LayoutKind::fixed;
  const bool delimited = layout.kind == LayoutKind::delimited;
  if (fixed && (place.start == 0 || place.length == 0)) {
    at.refuse("a fixed layout places fields by [first position, length]");
  }
  if (!fixed && place.start != 0) {
    at.refuse("[first position, length] stands in a layout of kind \"" + std::string(name(layout.kind)) + '"');
  }
  if (!fixed && !delimited && place.column.empty()) {
    at.refuse("JSON fields are placed by their name or path (\"amount.value\")");
  }
  if (delimited && !layout.header && place.index == 0) {
    at.refuse("without a header row columns have numbers, not names");
  }
  if (!layout.header && layout.column_count != 0 && place.index > layout.column_count) {
    at.refuse("column " + std::to_string(place.index) + " of " + std::to_string(layout.column_count));
  }
}

void require_amounts(const AmountField& amount) {
  const At at = top() / "amount";
  const bool split = amount.debit.given() || amount.credit.given();
  if (amount.amount.given() && split) at.refuse("has \"at\" as well as debit or credit: one or the other");
  if (!amount.amount.given() && !(amount.debit.given() && amount.credit.given())) {
    at.refuse("needs \"at\", or both \"debit\" and \"credit\"");
  }
  if (amount.direction.given() && amount.credit_tokens.empty() && amount.debit_tokens.empty()) {
    (at / "direction").refuse("no tokens are declared");
  }
}

bool ends_line(char byte) noexcept { return byte == '\n' || byte == '\r'; }

// Marks that would be read as something else: a minus as a symbol would turn a debit into a credit.
void require_marks(const Layout& layout) {
  constexpr std::string_view kOfNumbers = "0123456789+-()";
  if (layout.kind == LayoutKind::delimited) {
    const At at = top() / "delimited";
    const char separator = layout.separator;
    if (separator == layout.quote || ends_line(separator)) (at / "separator").refuse("is the quote or a line end");
    if (separator == 0) (at / "separator").refuse("must not be a NUL byte");
    if (ends_line(layout.quote)) (at / "quote").refuse("is a line end");
  }
  const At at = top() / "amount";
  const AmountField& amount = layout.amount;
  if (amount.form.grouping != 0 && amount.form.grouping == amount.form.decimal_mark) {
    (at / "grouping").refuse("is the decimal mark too");
  }
  if (amount.form.grouping != 0 && kOfNumbers.find(amount.form.grouping) != std::string_view::npos) {
    (at / "grouping").refuse("is a digit or a sign");
  }
  for (std::size_t i = 0; i < amount.symbols.size(); ++i) {
    const std::string& symbol = amount.symbols[i];
    if (symbol.empty() || symbol.find_first_of(kOfNumbers) != std::string::npos) {
      (at / "symbols")[i].refuse(quoted(symbol) + " is empty or holds a digit or a sign");
    }
  }
  for (const std::string& token : amount.debit_tokens) {
    if (std::find(amount.credit_tokens.begin(), amount.credit_tokens.end(), token) != amount.credit_tokens.end()) {
      (at / "direction").refuse(quoted(token) + " is debit and credit");
    }
  }
}

void require_currencies(const Layout& layout) {
  const auto require = [](const std::string& code, const At& at) {
    if (!Currency::find(code)) at.refuse(quoted(code) + " is not a currency of ISO 4217");
  };
  const At at = top() / "currency";
  if (!layout.default_currency.empty()) require(layout.default_currency, at / "default");
  for (const auto& [token, code] : layout.currency.values) require(code, at / "values" / token);
  if (!layout.currency.given() && layout.default_currency.empty()) {
    at.refuse("neither a column nor a currency is declared");
  }
}

// Every field inside its record.
void require_inside(const Layout& layout, const FixedRecord& record, const At& at) {
  const auto inside = [&](const Place& place, const At& where) {
    const std::uint64_t end = std::uint64_t{place.start} + place.length - 1;
    if (!place.given() || record.length == 0 || end <= record.length) return;
    std::string fault = "it ends at " + std::to_string(end);
    fault.append(", and record ").append(quoted(record.tag)).append(" at ");
    where.refuse(fault.append(std::to_string(record.length)));
  };
  inside(record.lot, at / "lot");
  inside(record.count, at / "count");
  inside(record.total, at / "total");
  if (record.date) inside(record.date->place, at / "date" / "at");
  if (record.booked_date) inside(record.booked_date->place, at / "booked_date" / "at");
  for (std::size_t i = 0; i < record.checked.size(); ++i) {
    inside(record.checked[i].place, (at / "checks")[i] / "at");
  }
  if (record.role != RecordRole::detail) return;
  for (const FieldInfo& field : fields()) inside(place_of(layout, field.field), top() / field.key);
}

// Every record reachable, and one that gives rows.
void require_records(const Layout& layout) {
  const At at = top() / "fixed" / "records";
  if (layout.records.empty()) at.refuse("a fixed layout needs at least one");
  require_place(layout, layout.tag, top() / "fixed" / "tag");
  bool details = false;
  for (std::size_t i = 0; i < layout.records.size(); ++i) {
    const FixedRecord& record = layout.records[i];
    for (std::size_t j = 0; j < i; ++j) {
      if (layout.records[j].tag == record.tag) (at[i] / "tag").refuse("two records have this tag");
    }
    if (record.length != 0 && record.minimum_length > record.length) {
      (at[i] / "minimum_length").refuse("is more than its length");
    }
    require_inside(layout, record, at[i]);
    details = details || record.role == RecordRole::detail;
  }
  if (!details) at.refuse("none has the role detail, so there would be no rows");
}

}  // namespace

std::string_view name(LayoutKind kind) noexcept { return choices(kind)[static_cast<std::size_t>(kind)].text; }

std::string_view name(RowKind kind) noexcept { return choices(kind)[static_cast<std::size_t>(kind)].text; }

std::optional<RowKind> row_kind(std::string_view text) noexcept {
  for (const auto& [word, kind] : choices(RowKind{})) {
    if (word == text) return kind;
  }
  return std::nullopt;
}

std::span<const FieldInfo, kFieldCount> fields() noexcept { return kFields; }

std::string_view name(Field field) noexcept { return kFields[static_cast<std::size_t>(field)].name; }

void Layout::validate() const {
  if (!reference.given()) (top() / "reference").refuse("\"at\" is missing");
  require_amounts(amount);
  for (const FieldInfo& field : fields()) require_place(*this, place_of(*this, field.field), top() / field.key);
  require_currencies(*this);
  require_marks(*this);
  if (kind == LayoutKind::fixed) require_records(*this);
}

}  // namespace cuadre
