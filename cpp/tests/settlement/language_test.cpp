// The language of layouts: what a declaration may say, what is refused by which key, and the reference of it.
#include "cuadre/settlement/language.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cuadre {
namespace {

using Table = Tree::Table;
using List = Tree::List;

// The smallest declaration, with other tables in place of its own or beside them.
Tree declared(Table changes = {}) {
  Table table{{"kind", "delimited"},
              {"reference", Table{{"at", "ref"}}},
              {"amount", Table{{"at", "amount"}}},
              {"currency", Table{{"default", "COP"}}}};
  for (Tree::Entry& change : changes) {
    const auto known =
        std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.key == change.key; });
    if (known != table.end()) {
      known->value = std::move(change.value);
    } else {
      table.push_back(std::move(change));
    }
  }
  return table;
}

Tree fixed(List records, Table changes = {}) {
  Table all{{"kind", "fixed"},
            {"reference", Table{{"at", List{1, 10}}}},
            {"amount", Table{{"at", List{21, 10}}, {"implied_decimals", 2}}},
            {"fixed", Table{{"tag", List{40, 1}}, {"records", std::move(records)}}}};
  for (Tree::Entry& change : changes) all.push_back(std::move(change));
  return declared(std::move(all));
}

struct Refusal {
  std::string key;
  std::string message;
};

Refusal refusal(const Tree& declaration) {
  try {
    layout_of(declaration);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::layout_invalid);
    return {error.position().key, error.message()};
  }
  return {"", "taken"};
}

TEST(Language, WhatIsNotSaidIsAsInALayoutThatNobodyTouched) {
  const Layout layout = layout_of(declared());
  const Layout untouched;
  EXPECT_EQ(layout.kind, LayoutKind::delimited);
  EXPECT_EQ(layout.reference.place.column, "ref");
  EXPECT_EQ(layout.amount.amount.column, "amount");
  EXPECT_EQ(layout.default_currency, "COP");
  EXPECT_EQ(layout.separator, untouched.separator);
  EXPECT_EQ(layout.record_bytes_max, untouched.record_bytes_max);
  EXPECT_FALSE(layout.date.given());
}

TEST(Language, EverythingCanBeSaid) {
  const Layout layout = layout_of(declared({
      {"name", "mine"},
      {"title", "My bank"},
      {"encoding", "windows-1252"},
      {"key", List{"upper", "trim"}},
      {"trim", true},
      {"empty", List{"-", ""}},
      {"record_bytes_max", 4096},
      {"about", Table{{"status", "community"}, {"source", "a manual"}, {"notes", "none"}}},
      {"delimited", Table{{"separator", ";"}, {"quote", ""}, {"skip_rows", 3}, {"short_rows", true}}},
      {"amount", Table{{"debit", "Cargo"},
                       {"credit", "Abono"},
                       {"decimal_mark", ","},
                       {"grouping", "."},
                       {"sign", "brackets"},
                       {"symbols", List{"$"}},
                       {"signed", true},
                       {"negate", true}}},
      {"currency",
       Table{{"at", "Moneda"}, {"values", Table{{"S/", "PEN"}, {"*", "USD"}}}, {"optional", true}, {"default", "COP"}}},
      {"date", Table{{"at", "Fecha"}, {"form", "DD/MM/YYYY"}, {"optional", true}}},
      {"row_kind", Table{{"at", 7}, {"values", Table{{"D", "refund"}}}, {"default", "fee"}}},
      {"row_type", Table{{"at", 1}, {"rows", List{"02"}}, {"ignored", List{"01"}}}},
  }));
  EXPECT_EQ(layout.title, "My bank");
  EXPECT_EQ(layout.about.status, "community");
  EXPECT_EQ(layout.encoding, Encoding::windows1252);
  EXPECT_EQ(layout.key_steps, (std::vector<std::string>{"upper", "trim"}));
  EXPECT_EQ(layout.empty_tokens, (std::vector<std::string>{"-", ""}));
  EXPECT_EQ(layout.record_bytes_max, 4096U);
  EXPECT_EQ(layout.separator, ';');
  EXPECT_EQ(layout.quote, '\0');
  EXPECT_EQ(layout.skip_rows, 3U);
  EXPECT_TRUE(layout.short_rows && layout.trim && layout.amount.signed_columns && layout.amount.negate);
  EXPECT_EQ(layout.amount.form.grouping, '.');
  EXPECT_EQ(layout.amount.form.sign, SignStyle::brackets);
  EXPECT_EQ(layout.currency.values.at("*"), "USD");
  EXPECT_TRUE(layout.currency.place.optional && layout.date.place.optional);
  EXPECT_TRUE(layout.date.form.scan("31/12/2026"));
  EXPECT_EQ(layout.kind_of_row.place.index, 7U);
  EXPECT_EQ(layout.default_kind, RowKind::fee);
  EXPECT_EQ(layout.type_ignored, std::vector<std::string>{"01"});
}

TEST(Language, RecordsOfFixedWidths) {
  const Layout layout = layout_of(fixed({
      Table{{"tag", "1"},
            {"role", "file_header"},
            {"length", 40},
            {"minimum_length", 30},
            {"date", Table{{"at", List{2, 8}}, {"form", "YYYYMMDD"}}},
            {"checks", List{Table{{"name", "NIT"}, {"at", List{10, 10}}, {"digit", "nit"}}}}},
      Table{{"tag", "6"}, {"role", "detail"}, {"length", 40}},
      Table{{"tag", "9"}, {"role", "file_control"}, {"length", 40}, {"count", List{2, 3}}, {"total", List{5, 9}}},
  }));
  ASSERT_EQ(layout.records.size(), 3U);
  EXPECT_EQ(layout.tag.start, 40U);
  EXPECT_EQ(layout.records[0].minimum_length, 30U);
  EXPECT_EQ(layout.records[1].minimum_length, 40U);  // its length, when nothing is said
  EXPECT_EQ(layout.records[0].date->place.start, 2U);
  EXPECT_EQ(layout.records[0].checked.at(0).check, CheckDigit::nit);
  EXPECT_EQ(layout.records[2].total.length, 9U);
  EXPECT_EQ(layout.records[2].total_decimals, 2);
}

TEST(Language, RefusalsNameTheKey) {
  struct Case {
    Tree declaration;
    std::string key;
    std::string says;
  };
  const Tree::Foreign number{"a number"};
  const Tree detail = Table{{"tag", "6"}, {"role", "detail"}, {"length", 40}};
  const std::vector<Case> cases = {
      {Table{}, "kind", "\"kind\" is missing"},
      {"text", "", "must be a table, not text"},
      {declared({{"encodng", "utf-8"}}), "encodng", "unknown key: did you mean \"encoding\"?"},
      {declared({{"encoding", "UTF8"}}), "encoding", "\"UTF8\" is not possible here: did you mean \"utf-8\"?"},
      {declared({{"trim", "yes"}}), "trim", "must be true or false, not text"},
      {declared({{"record_bytes_max", 15}}), "record_bytes_max", "must be from 16 to 1073741824, not 15"},
      {declared({{"record_bytes_max", number}}), "record_bytes_max", "must be a whole number, not a number"},
      {declared({{"empty", List{"-", 3}}}), "empty[1]", "must be text, not a whole number"},
      {declared({{"empty", List{"\xED\xB3\xBF"}}}), "empty[0]", "must be text that UTF-8 can write"},
      {declared({{"reference", Table{{"at", ""}}}}), "reference.at", "must name a column"},
      {declared({{"reference", Table{{"at", List{1, 0}}}}}), "reference.at[1]", "must be from 1 to 1000000, not 0"},
      {declared({{"reference", Table{{"at", List{1}}}}}), "reference.at", "must be [first position, length]"},
      {declared({{"amount", Table{{"at", "a"}, {"decimal", ","}}}}), "amount.decimal",
       "did you mean \"decimal_mark\"?"},
      {declared({{"currency", Table{{"at", "c"}, {"values", Table{{"S/", "PES"}}}}}}), "currency.values.S/",
       "\"PES\" is not a currency of ISO 4217"},
      {declared({{"currency", Table{}}}), "currency", "neither a column nor a currency is declared"},
      {declared({{"date", Table{{"at", "d"}, {"form", "DD/MM"}}}}), "date.form", "each once"},
      {declared({{"delimited", Table{{"separator", ""}}}}), "delimited.separator", "must be one ASCII character"},
      {fixed({}), "fixed.records", "a fixed layout needs at least one"},
      {fixed({detail, detail}), "fixed.records[1].tag", "two records have this tag"},
      {fixed({detail, Table{{"role", "ignored"}, {"length", 0}}}), "fixed.records[1].length",
       "must be from 1 to 1000000"},
      {fixed({Table{{"role", "detail"}, {"length", 25}}}), "amount.at", "it ends at 30, and record \"\" at 25"},
  };
  for (const Case& wrong : cases) {
    const Refusal found = refusal(wrong.declaration);
    EXPECT_EQ(found.key, wrong.key) << found.message;
    EXPECT_NE(found.message.find(wrong.says), std::string::npos) << found.message;
    if (!wrong.key.empty()) {
      EXPECT_EQ(found.message.rfind(wrong.key, 0), 0U) << found.message;
    }
  }
}

// What a stranger wrote is quoted, and never at length.
TEST(Language, RefusalsStayShort) {
  const std::string endless(100'000, 'x');
  EXPECT_LT(refusal(declared({{endless, 1}})).message.size(), 600U);
  EXPECT_LT(refusal(declared({{"kind", endless}})).message.size(), 600U);
  EXPECT_LT(refusal(declared({{"currency", Table{{"default", endless}}}})).message.size(), 600U);
}

TEST(Fields, EachHasItsKeyAndItsPlace) {
  std::set<std::string> keys;
  for (const DeclaredKey& key : layout_keys()) keys.insert(key.path);
  std::set<const Place*> places;
  Layout layout;
  for (const FieldInfo& field : fields()) {
    EXPECT_TRUE(keys.contains(std::string(field.key))) << field.key;
    places.insert(&place_of(layout, field.field));
    EXPECT_EQ(&place_of(std::as_const(layout), field.field), &place_of(layout, field.field));
    EXPECT_EQ(name(field.field), field.name);
  }
  EXPECT_EQ(places.size(), kFieldCount);
}

// Saying a place by a field's key sets the place of that field.
TEST(Fields, KeysAndPlacesGoTogether) {
  const Layout layout = layout_of(declared({
      {"amount",
       Table{
           {"debit", "debit"}, {"credit", "credit"}, {"direction", Table{{"at", "direction"}, {"debit", List{"D"}}}}}},
      {"reference", Table{{"at", "reference"}}},
      {"currency", Table{{"at", "currency"}}},
      {"date", Table{{"at", "date"}, {"form", "YYYYMMDD"}}},
      {"booked_date", Table{{"at", "booked_date"}, {"form", "YYYYMMDD"}}},
      {"row_kind", Table{{"at", "row_kind"}}},
      {"row_type", Table{{"at", "row_type"}}},
  }));
  for (const FieldInfo& field : fields()) {
    if (field.field == Field::amount) continue;  // debit and credit stand for it here
    EXPECT_EQ(place_of(layout, field.field).column, field.called);
  }
}

TEST(Reference, EveryKeyIsToldOnceWithAnExample) {
  std::set<std::string> paths;
  for (const DeclaredKey& key : layout_keys()) {
    EXPECT_TRUE(paths.insert(key.path).second) << key.path;
    EXPECT_FALSE(key.meaning.empty()) << key.path;
    EXPECT_EQ(key.example.empty(), key.takes == "a table" || key.takes == "a list of tables") << key.path;
    const std::size_t dot = key.path.rfind('.');
    EXPECT_TRUE(dot == std::string::npos || paths.contains(key.path.substr(0, dot))) << key.path;
  }
  const auto keys = layout_keys();
  const auto key = [&](std::string_view path) {
    return *std::find_if(keys.begin(), keys.end(), [&](const DeclaredKey& entry) { return entry.path == path; });
  };
  EXPECT_EQ(key("delimited.quote").fallback, "'\"'");
  EXPECT_EQ(key("fixed.unit").fallback, "\"bytes\"");
  EXPECT_EQ(key("record_bytes_max").fallback, "1048576");
  EXPECT_EQ(key("amount.implied_decimals").fallback, "");
  EXPECT_EQ(key("encoding").words.size(), 3U);
  EXPECT_TRUE(key("fixed.records.checks.digit").required);
}

}  // namespace
}  // namespace cuadre
