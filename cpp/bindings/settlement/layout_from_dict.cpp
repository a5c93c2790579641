#include "settlement/layout_from_dict.hpp"

#include <pybind11/stl.h>

#include <array>
#include <string>
#include <tuple>
#include <utility>

namespace cuadre::bindings {
namespace {

namespace py = pybind11;
using Texts = std::vector<std::string>;

template <class T>
T get(const py::dict& spec, const char* key) {
  return spec[key].cast<T>();
}

// The enumerator whose word this is; Python has checked the word already.
template <class Enum, std::size_t N>
Enum word(const std::pair<const char*, Enum> (&words)[N], const std::string& text) {
  for (const auto& [known, value] : words) {
    if (text == known) return value;
  }
  throw Error(ErrorCode::layout_invalid, "\"" + text + "\" is not a word that layouts use");
}

constexpr std::pair<const char*, LayoutKind> kKinds[] = {{"delimited", LayoutKind::delimited},
                                                         {"fixed", LayoutKind::fixed},
                                                         {"json", LayoutKind::json},
                                                         {"json_lines", LayoutKind::json_lines}};
constexpr std::pair<const char*, Encoding> kEncodings[] = {
    {"utf-8", Encoding::utf8}, {"latin-1", Encoding::latin1}, {"windows-1252", Encoding::windows1252}};
constexpr std::pair<const char*, SignStyle> kSigns[] = {{"none", SignStyle::none},
                                                        {"front", SignStyle::front},
                                                        {"behind", SignStyle::behind},
                                                        {"brackets", SignStyle::brackets}};
constexpr std::pair<const char*, RecordRole> kRoles[] = {{"file_header", RecordRole::file_header},
                                                         {"lot_header", RecordRole::lot_header},
                                                         {"detail", RecordRole::detail},
                                                         {"lot_control", RecordRole::lot_control},
                                                         {"file_control", RecordRole::file_control},
                                                         {"ignored", RecordRole::ignored}};
constexpr std::pair<const char*, CheckDigit> kDigits[] = {{"nit", CheckDigit::nit}, {"ean13", CheckDigit::ean13}};

Place place(const py::handle& value) {
  using Parts = std::tuple<std::string, std::uint32_t, std::uint32_t, std::uint32_t, bool>;
  auto [column, index, start, length, optional] = value.cast<Parts>();
  Place out;
  out.column = std::move(column);
  out.index = index;
  out.start = start;
  out.length = length;
  out.optional = optional;
  return out;
}

Place place(const py::dict& spec, const char* key) { return place(spec[key]); }

std::optional<DateField> date(const py::dict& spec, const char* key) {
  const py::object value = spec[key];
  if (value.is_none()) return std::nullopt;
  const auto parts = value.cast<py::tuple>();
  DateField field;
  field.place = place(parts[0]);
  field.form = DateForm::compile(parts[1].cast<std::string>());
  return field;
}

FixedRecord record(const py::dict& spec) {
  FixedRecord out;
  out.tag = get<std::string>(spec, "tag");
  out.role = word(kRoles, get<std::string>(spec, "role"));
  out.length = get<std::uint32_t>(spec, "length");
  out.minimum_length = get<std::uint32_t>(spec, "minimum_length");
  out.lot = place(spec, "lot");
  out.count = place(spec, "count");
  out.total = place(spec, "total");
  out.total_decimals = get<int>(spec, "total_decimals");
  out.date = date(spec, "date");
  out.booked_date = date(spec, "booked_date");
  for (const py::handle item : spec["checks"]) {
    const auto parts = item.cast<py::tuple>();
    out.checked.push_back({parts[0].cast<std::string>(), place(parts[1]), word(kDigits, parts[2].cast<std::string>())});
  }
  return out;
}

AmountField amount(const py::dict& spec) {
  AmountField out;
  out.amount = place(spec, "amount");
  out.debit = place(spec, "debit");
  out.credit = place(spec, "credit");
  out.direction = place(spec, "direction");
  out.credit_tokens = get<Texts>(spec, "credit_tokens");
  out.debit_tokens = get<Texts>(spec, "debit_tokens");
  out.symbols = get<Texts>(spec, "symbols");
  const auto grouping = get<std::string>(spec, "grouping");
  out.form.decimal_mark = get<std::string>(spec, "decimal_mark")[0];
  out.form.grouping = grouping.empty() ? '\0' : grouping[0];
  out.form.implied_decimals = get<int>(spec, "implied_decimals");
  out.form.sign = word(kSigns, get<std::string>(spec, "sign"));
  out.signed_columns = get<bool>(spec, "signed_columns");
  out.negate = get<bool>(spec, "negate");
  return out;
}

void read_shape(const py::dict& spec, Layout& out) {
  const auto quote = get<std::string>(spec, "quote");
  out.separator = get<std::string>(spec, "separator")[0];
  out.quote = quote.empty() ? '\0' : quote[0];
  out.header = get<bool>(spec, "header");
  out.column_count = get<std::uint32_t>(spec, "columns");
  out.short_rows = get<bool>(spec, "short_rows");
  out.skip_rows = get<std::uint32_t>(spec, "skip_rows");
  out.trim = get<bool>(spec, "trim");
  out.positions_in_characters = get<bool>(spec, "characters");
  std::tie(out.tag_start, out.tag_length) = get<std::pair<std::uint32_t, std::uint32_t>>(spec, "tag");
  for (const py::handle item : spec["records"]) out.records.push_back(record(item.cast<py::dict>()));
}

void read_fields(const py::dict& spec, Layout& out) {
  using Values = std::map<std::string, std::string>;
  out.reference.place = place(spec, "reference");
  out.amount = amount(spec);
  out.currency = {place(spec, "currency"), get<Values>(spec, "currency_values")};
  out.default_currency = get<std::string>(spec, "currency_default");
  out.date = date(spec, "date").value_or(DateField{});
  out.booked_date = date(spec, "booked_date").value_or(DateField{});
  out.kind_of_row = {place(spec, "row_kind"), get<Values>(spec, "row_kind_values")};
  out.default_kind = row_kind(get<std::string>(spec, "row_kind_default")).value_or(RowKind::payment);
  out.type = place(spec, "row_type");
  out.type_rows = get<Texts>(spec, "row_type_rows");
  out.type_ignored = get<Texts>(spec, "row_type_ignored");
}

}  // namespace

Layout layout_from_dict(const py::dict& spec) {
  Layout out;
  out.name = get<std::string>(spec, "name");
  out.title = get<std::string>(spec, "title");
  out.kind = word(kKinds, get<std::string>(spec, "kind"));
  out.encoding = word(kEncodings, get<std::string>(spec, "encoding"));
  out.key_steps = get<Texts>(spec, "key");
  out.empty_tokens = get<Texts>(spec, "empty");
  out.record_bytes_max = get<std::uint32_t>(spec, "record_bytes_max");
  read_shape(spec, out);
  read_fields(spec, out);
  out.validate();
  return out;
}

}  // namespace cuadre::bindings
