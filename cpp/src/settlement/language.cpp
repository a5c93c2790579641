// The language of layouts, as tables.
//
// To add a key: a member of Layout (or of a structure in it) with its initialiser, and one line below with the key's
// name, an example, its meaning and the path to the member; the type of the member says what the key takes, `needed`,
// `among`, `between` and `or_empty` what else is asked of it. A rule between keys goes to Layout::validate, or to
// require_company where it matters that a key was written at all. The reference and Python's errors follow.
#include "cuadre/settlement/language.hpp"

#include "base/declaration.hpp"
#include "settlement/layout_words.hpp"

namespace cuadre {
namespace declaration {

// A column name or JSON path, a column number from 1, or [first position, length].
template <>
struct Value<Place> {
  static constexpr std::string_view kTakes = "a place";
  static void take(const Tree& value, const At& at, const Facts& /*facts*/, Place& into) {
    constexpr std::int64_t kColumnMax = 100'000;
    constexpr std::int64_t kPositionMax = 1'000'000;
    Facts bounds;
    bounds.low = 1;
    if (std::holds_alternative<std::string>(value.value)) {
      into.column = value_as<std::string>(value, at);
      if (into.column.empty()) at.refuse("must name a column");
    } else if (const auto* const list = std::get_if<Tree::List>(&value.value)) {
      bounds.high = kPositionMax;
      std::array<std::uint32_t, 2> numbers{};
      for (std::size_t i = 0; i < list->size(); ++i) {
        Value<std::uint32_t>::take((*list)[i], at[i], bounds, numbers[std::min<std::size_t>(i, 1)]);
      }
      if (list->size() != 2) at.refuse("must be [first position, length]");
      into.start = numbers[0];
      into.length = numbers[1];
    } else if (std::holds_alternative<std::int64_t>(value.value)) {
      bounds.high = kColumnMax;
      Value<std::uint32_t>::take(value, at, bounds, into.index);
    } else {
      at.refuse("must be a column name, a column number, or [first position, length]");
    }
  }
  static std::string toml(const Facts& /*facts*/, const Place& /*place*/) { return {}; }
};

template <>
struct Value<DateForm> {
  static constexpr std::string_view kTakes = Value<std::string>::kTakes;
  static void take(const Tree& value, const At& at, const Facts& facts, DateForm& into) {
    std::string pattern;
    Value<std::string>::take(value, at, facts, pattern);
    try {
      into = DateForm::compile(pattern);
    } catch (const Error& error) {
      at.refuse(error.message());
    }
  }
  static std::string toml(const Facts& /*facts*/, const DateForm& form) { return form.pattern(); }
};

}  // namespace declaration

namespace {

using declaration::At;
using declaration::Key;
using declaration::key;
using declaration::table;
using declaration::tables;

constexpr std::array<std::string_view, 3> kStatuses = {"official", "community", "unverified"};
constexpr std::array<std::string_view, 2> kUnits = {"bytes", "characters"};
constexpr std::array<std::string_view, 2> kDecimalMarks = {".", ","};
constexpr auto kRowKinds = declaration::texts_of(choices(RowKind{}));

constexpr Key<LayoutOrigin> kAbout[] = {
    key<&LayoutOrigin::status>("status", "\"community\"", "how sure it is").among(kStatuses),
    key<&LayoutOrigin::source>("source", "\"the bank's manual of 2026\"", "who says so"),
    key<&LayoutOrigin::notes>("notes", "\"...\"", "what one should know before trusting it"),
};

constexpr Key<Layout> kDelimited[] = {
    key<&Layout::separator>("separator", "\";\"", "between cells"),
    key<&Layout::quote>("quote", "\"\"", "around a cell; \"\": quotes are ordinary characters").or_empty(),
    key<&Layout::header>("header", "true", "the first row names the columns"),
    key<&Layout::column_count>("columns", "15", "without a header: how many every row has").between(1, 100'000),
    key<&Layout::skip_rows>("skip_rows", "3", "lines before the header, or the first row").between(0, 1'000'000),
    key<&Layout::short_rows>("short_rows", "true", "rows may end early; the cells that are missing are empty"),
};

constexpr Key<Layout> kReference[] = {
    key<&Layout::reference, &TextField::place>(
        "at", "\"CIP\"", "a column name or JSON path, a column number, or [first position, length]")
        .needed(),
};

constexpr Key<AmountField> kDirection[] = {
    key<&AmountField::direction>("at", "\"D/C\"", "the column that says which way").needed(),
    key<&AmountField::debit_tokens>("debit", "[\"D\"]", "what takes the amount away").needed(),
    key<&AmountField::credit_tokens>("credit", "[\"C\"]", "what leaves it as it is"),
};

constexpr Key<AmountField> kAmount[] = {
    key<&AmountField::amount>("at", "\"Monto\"", "one column, or the two that follow"),
    key<&AmountField::debit>("debit", "\"Cargo\"", "money going out"),
    key<&AmountField::credit>("credit", "\"Abono\"", "money coming in"),
    key<&AmountField::form, &AmountForm::decimal_mark>("decimal_mark", "\",\"", "before the decimals")
        .among(kDecimalMarks),
    key<&AmountField::form, &AmountForm::grouping>("grouping", "\".\"", "between groups of three digits").or_empty(),
    key<&AmountField::form, &AmountForm::implied_decimals>("implied_decimals", "2",
                                                           "digits only, so many of them are decimals")
        .between(0, 9),
    key<&AmountField::form, &AmountForm::sign>("sign", "\"behind\"", "where a minus stands"),
    key<&AmountField::symbols>("symbols", "[\"$\"]", "marks that may stand before or behind the number"),
    key<&AmountField::signed_columns>(
        "signed", "true", "debit and credit carry their own signs: amount = debit + credit, not credit - debit"),
    key<&AmountField::negate>("negate", "true", "the file writes money coming in as negative"),
    table<kDirection>("direction", "a column that says which way an amount without a sign goes"),
};

constexpr Key<Layout> kCurrency[] = {
    key<&Layout::currency, &TextField::place>("at", "\"Moneda\"", "where the code stands"),
    key<&Layout::default_currency>("default", "\"COP\"", "where there is no column, or its cell is empty"),
    key<&Layout::currency, &TextField::values>(
        "values", "{ \"S/\" = \"PEN\" }", "the file's token = ISO code; \"*\": any other token, \"\": the empty cell"),
    key<&Layout::currency, &TextField::place, &Place::optional>("optional", "true", "the column may be absent"),
};

constexpr Key<DateField> kDate[] = {
    key<&DateField::place>("at", "\"Fecha\"", "where it stands").needed(),
    key<&DateField::form>("form", "\"DD/MM/YYYY[ hh:mm[:ss]]\"",
                          "YYYY YY MM M DD D hh h mm ss f zzz; what stands in [..] may be absent")
        .needed(),
    key<&DateField::place, &Place::optional>("optional", "true", "the column may be absent"),
};

constexpr Key<Layout> kRowKind[] = {
    key<&Layout::kind_of_row, &TextField::place>("at", "\"Tipo\"", "where it stands"),
    key<&Layout::kind_of_row, &TextField::values>("values", "{ PAGO = \"payment\", \"*\" = \"other\" }",
                                                  "the file's token = kind; one that is not listed is a reject")
        .among(kRowKinds),
    key<&Layout::default_kind>("default", "\"payment\"", "where nothing stands"),
};

constexpr Key<Layout> kRowType[] = {
    key<&Layout::type>("at", "1", "where it stands").needed(),
    key<&Layout::type_rows>("rows", "[\"02\"]", "what marks a row; when absent: all but those ignored"),
    key<&Layout::type_ignored>("ignored", "[\"01\"]", "counted and passed over"),
};

constexpr Key<FixedRecord::Named> kCheck[] = {
    key<&FixedRecord::Named::name>("name", "\"NIT\"", "what reports call it").needed(),
    key<&FixedRecord::Named::place>("at", "[3, 10]", "where it stands").needed(),
    key<&FixedRecord::Named::check>("digit", "\"nit\"", "how its check digit is made").needed(),
};

constexpr Key<FixedRecord> kRecord[] = {
    key<&FixedRecord::tag>("tag", "\"06\"", "its record type"),
    key<&FixedRecord::role>("role", "\"detail\"", "what it is for").needed(),
    key<&FixedRecord::length>("length", "162", "as the book writes it").between(1, 1'000'000).needed(),
    key<&FixedRecord::minimum_length>("minimum_length", "94",
                                      "trailing blanks may be cut down to this; when absent: not at all")
        .between(1, 1'000'000),
    key<&FixedRecord::lot>("lot", "[30, 4]", "of lot headers and lot controls: the lot's number"),
    key<&FixedRecord::count>("count", "[3, 9]", "of controls: how many details"),
    key<&FixedRecord::total>("total", "[12, 18]", "of controls: what they add up to"),
    key<&FixedRecord::total_decimals>("total_decimals", "2", "the last so many digits of the total are decimals")
        .between(0, 9),
    table<kDate, &FixedRecord::date>("date", "of headers: the date of the details below"),
    table<kDate, &FixedRecord::booked_date>("booked_date", "of headers: the day they were booked"),
    tables<kCheck, &FixedRecord::checked>("checks", "numbers whose check digit must be right"),
};

constexpr Key<Layout> kFixed[] = {
    key<&Layout::positions_in_characters>("unit", "\"characters\"", "what positions count").among(kUnits),
    key<&Layout::tag>("tag", "[1, 2]", "where the record type stands; when absent: every line is a detail"),
    tables<kRecord, &Layout::records>("records", "the types of record").needed(),
};

constexpr Key<Layout> kLayout[] = {
    key<&Layout::name>("name", "\"my-bank\"", "when absent: the name of the file"),
    key<&Layout::title>("title", "\"My bank: payments of a day\"", "in one line"),
    key<&Layout::kind>("kind", "\"delimited\"", "what the file is made of; json is one array of objects").needed(),
    key<&Layout::encoding>("encoding", "\"latin-1\"", "of letters; a mark before utf-8 is fine"),
    key<&Layout::key_steps>("key", "[\"strip_left_zeros\"]", "the normal form of references").among(kKeySteps),
    key<&Layout::trim>("trim", "true", "blanks around a cell do not count"),
    key<&Layout::empty_tokens>("empty", "[\"-\"]", "cells that mean \"nothing here\"; when absent: none"),
    key<&Layout::record_bytes_max>("record_bytes_max", "4096", "a longer record is a reject").between(16, 1 << 30),
    table<kAbout, &Layout::about>("about", "where the knowledge comes from"),
    table<kDelimited>("delimited", "separated values"),
    table<kReference>("reference", "what rows are matched by"),
    table<kAmount, &Layout::amount>("amount", "the money, and how it is written"),
    table<kCurrency>("currency", "a column, a currency for all rows, or both"),
    table<kDate, &Layout::date>("date", "the day of the payment"),
    table<kDate, &Layout::booked_date>("booked_date", "the day it was booked"),
    table<kRowKind>("row_kind", "what a row is about"),
    table<kRowType>("row_type", "tells rows from other lines"),
    table<kFixed>("fixed", "fixed widths: fields are placed by [first position, length]"),
};

// Keys that make no sense alone, or beside others: what only the declaration shows, because it was written down.
void require_company(const Tree& declaration, const Layout& layout, const At& at) {
  const auto wrote = [&](std::string_view outer, std::string_view inner) {
    const Tree* const section = declaration.find(outer);
    return section != nullptr && section->find(inner) != nullptr;
  };
  const std::string kind(name(layout.kind));
  for (const std::string_view section : {"delimited", "fixed"}) {
    if (declaration.find(section) != nullptr && section != kind) {
      (at / section).refuse("stands in a layout of kind \"" + kind + '"');
    }
  }
  if (layout.kind == LayoutKind::fixed && declaration.find("fixed") == nullptr) {
    (at / "kind").refuse("a fixed layout needs [fixed] with its records");
  }
  const At amount = at / "amount";
  if (wrote("amount", "signed") && wrote("amount", "at")) {
    (amount / "signed").refuse("is about debit and credit columns; one amount column says it with sign");
  }
  if (wrote("amount", "implied_decimals") && (wrote("amount", "decimal_mark") || layout.amount.form.grouping != 0)) {
    (amount / "implied_decimals").refuse("amounts of digits only have no decimal mark and no grouping");
  }
  if (!wrote("currency", "at") && (wrote("currency", "values") || wrote("currency", "optional"))) {
    (at / "currency").refuse("\"values\" and \"optional\" need \"at\"");
  }
  if (!wrote("row_kind", "at") && wrote("row_kind", "values")) (at / "row_kind").refuse("\"values\" needs \"at\"");
}

}  // namespace

Layout layout_of(const Tree& declaration) {
  const At at(ErrorCode::layout_invalid);
  Layout layout;
  read_table<Layout>(declaration, at, kLayout, layout);
  for (FixedRecord& record : layout.records) {
    if (record.minimum_length == 0) record.minimum_length = record.length;
  }
  require_company(declaration, layout, at);
  layout.validate();
  return layout;
}

std::vector<DeclaredKey> layout_keys() {
  std::vector<DeclaredKey> keys;
  declaration::tell_table<Layout>("", kLayout, keys);
  return keys;
}

}  // namespace cuadre
