#include "settlement/formats/arrow_binding.hpp"

#include <algorithm>
#include <utility>

#include "cuadre/base/closest.hpp"

namespace cuadre {
namespace {

constexpr const char* kMinorColumn = "amount_minor";

std::string missing_message(Field field, const std::string& wanted, const std::vector<std::string>& names) {
  std::string message = "the table has no column \"" + printable(wanted) + "\"";
  if (name(field) != wanted) message += " (" + std::string(name(field)) + ")";
  return message + (names.empty() ? "; it has no columns at all" : closest_hint(names, wanted));
}

bool whole_number(const ArrowType& type) noexcept {
  return type.storage == Storage::whole || (type.storage == Storage::decimal && type.scale == 0);
}

}  // namespace

ArrowBinding::ArrowBinding(const ArrowSchema& schema, const Layout& layout) : layout_(layout) {
  if (schema.format == nullptr || std::string_view(schema.format) != "+s") {
    throw Error(ErrorCode::arrow_unsupported, "the Arrow stream is one column, not a table");
  }
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    names_.emplace_back(schema.children[i]->name == nullptr ? "" : schema.children[i]->name);
    types_.push_back(arrow_type(*schema.children[i]));
  }
  bind(Field::reference, true);
  bind_amounts();
  for (const Field field : {Field::currency, Field::date, Field::booked_date, Field::kind}) bind(field, false);
  if (layout_.type.given()) bind(Field::type, false);
  for (DateField* date : {&layout_.date, &layout_.booked_date}) {
    if (date->form.pattern().empty()) date->form = DateForm::compile("YYYY-MM-DD");
  }
  check_types();
  adapt_amounts();
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    const bool amount = field == Field::amount || field == Field::debit || field == Field::credit;
    if (columns_[i].bound() && !native_date(field) && !(amount && native_amount_)) text_fields_.push_back(field);
  }
}

std::int64_t ArrowBinding::find(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return -1;
  if (std::find(found + 1, names_.end(), name) != names_.end()) {
    throw Error(ErrorCode::column_repeated, "the table has two columns \"" + printable(name) + "\"");
  }
  return found - names_.begin();
}

void ArrowBinding::attach(Field field, std::int64_t index) {
  const auto at = static_cast<std::size_t>(index);
  columns_[static_cast<std::size_t>(field)] = {index, names_[at], types_[at]};
}

// A field that the layout places by position, or not at all, goes by its own name.
void ArrowBinding::bind(Field field, bool needed) {
  Place& place = place_of(layout_, field);
  needed = (needed || place.given()) && !place.optional;
  const std::string wanted = place.column.empty() ? std::string(name(field)) : place.column;
  const std::int64_t index = find(wanted);
  if (index < 0 && needed) throw Error(ErrorCode::column_missing, missing_message(field, wanted, names_));
  place = {};
  if (index < 0) return;
  place.column = wanted;
  attach(field, index);
}

void ArrowBinding::bind_amounts() {
  AmountField& amount = layout_.amount;
  if (amount.direction.given()) bind(Field::direction, true);
  if (!amount.amount.given() && (amount.debit.given() || amount.credit.given())) {
    if (amount.credit.given()) bind(Field::credit, true);
    if (amount.debit.given()) bind(Field::debit, true);
    return;
  }
  const std::string wanted = amount.amount.column.empty() ? "amount" : amount.amount.column;
  if (find(wanted) < 0 && find(kMinorColumn) >= 0) amount.amount.column = kMinorColumn;
  bind(Field::amount, true);
  minor_ = amount.amount.column == kMinorColumn;
}

void ArrowBinding::require_type(Field field, bool fits, const char* needs) const {
  const BoundColumn& column = (*this)[field];
  if (!column.bound() || fits || column.type.values().storage == Storage::nothing) return;
  std::string message =
      "column \"" + printable(column.name) + "\" (" + std::string(name(field)) + ") is " + column.type.name;
  if (column.type.values().storage == Storage::floating) {
    message += ", which does not hold it exactly; cast it to decimal or string where it comes from";
  } else {
    message += std::string("; it takes ") + needs;
  }
  throw Error(ErrorCode::arrow_unsupported, message);
}

void ArrowBinding::check_types() const {
  const auto type = [&](Field field) -> const ArrowType& { return (*this)[field].type.values(); };
  const auto text = [&](Field field) { return type(field).storage == Storage::text; };
  for (const Field field : {Field::reference, Field::direction, Field::kind, Field::type}) {
    require_type(field, text(field) || whole_number(type(field)), "strings or whole numbers");
  }
  require_type(Field::currency, text(Field::currency), "strings");
  for (const Field field : {Field::date, Field::booked_date}) {
    require_type(field, text(field) || type(field).storage == Storage::day, "dates, timestamps or strings");
  }
  for (const Field field : {Field::amount, Field::debit, Field::credit}) {
    const Storage storage = type(field).storage;
    if (minor_) {
      require_type(field, whole_number(type(field)), "whole numbers of minor units");
    } else {
      require_type(field, text(field) || storage == Storage::whole || storage == Storage::decimal,
                   "decimals, whole numbers or strings");
    }
  }
}

void ArrowBinding::adapt_amounts() {
  std::size_t numbers = 0;
  std::size_t texts = 0;
  for (const Field field : {Field::amount, Field::debit, Field::credit}) {
    const Storage storage = (*this)[field].type.values().storage;
    if (!(*this)[field].bound() || storage == Storage::nothing) continue;
    ++(storage == Storage::text ? texts : numbers);
  }
  if (numbers != 0 && texts != 0) {
    throw Error(ErrorCode::arrow_unsupported, "the debit and credit columns must both be numbers or both be strings");
  }
  native_amount_ = numbers != 0;
  if (!native_amount_) return;
  AmountField& amount = layout_.amount;
  unsigned_amounts_ = amount.form.sign == SignStyle::none;
  implied_decimals_ = std::max(amount.form.implied_decimals, 0);
  amount.form = {};
  amount.symbols.clear();
  amount.amount.column = "amount";
  amount.debit = amount.credit = {};
}

int ArrowBinding::scale(Field field, Currency currency) const noexcept {
  if (minor_) return currency.minor_units();
  const ArrowType& type = (*this)[field].type.values();
  return type.storage == Storage::decimal ? type.scale : implied_decimals_;
}

}  // namespace cuadre
