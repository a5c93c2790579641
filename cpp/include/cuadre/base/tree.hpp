// A declaration before anyone has judged it: what TOML, JSON or a dictionary hold, and nothing of where it came from;
// and the reference of a language of declarations, as data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cuadre {

struct Tree {
  struct Entry;
  using List = std::vector<Tree>;
  using Table = std::vector<Entry>;  // in the order of writing; a key stands once
  struct Foreign {
    std::string name;  // what messages call it: "a number", "a date"
  };                   // a value that no declaration takes

  Tree(std::string text);
  Tree(const char* text);
  Tree(std::int64_t whole);
  Tree(int whole);
  Tree(bool flag);
  Tree(List list);
  Tree(Table table);
  Tree(Foreign foreign);

  // Null where this is no table, or has no such key.
  const Tree* find(std::string_view key) const noexcept;

  std::variant<std::string, std::int64_t, bool, List, Table, Foreign> value;
};

struct Tree::Entry {
  std::string key;
  Tree value;
};

inline Tree::Tree(std::string text) : value(std::move(text)) {}
inline Tree::Tree(const char* text) : value(std::string(text)) {}
inline Tree::Tree(std::int64_t whole) : value(whole) {}
inline Tree::Tree(int whole) : value(std::int64_t{whole}) {}
inline Tree::Tree(bool flag) : value(flag) {}
inline Tree::Tree(List list) : value(std::move(list)) {}
inline Tree::Tree(Table table) : value(std::move(table)) {}
inline Tree::Tree(Foreign foreign) : value(std::move(foreign)) {}

inline const Tree* Tree::find(std::string_view key) const noexcept {
  const auto* const table = std::get_if<Table>(&value);
  if (table == nullptr) return nullptr;
  for (const Entry& entry : *table) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

// A key that a language knows, as its reference tells it.
struct DeclaredKey {
  std::string path;        // "amount.grouping", "fixed.records.length"
  std::string_view takes;  // "text", "true or false", "a whole number", "a table", "a list of tables" ...
  bool required = false;
  std::vector<std::string_view> words;  // the only ones possible; none: not a matter of words
  std::string_view example;             // as TOML; empty for tables
  std::string fallback;                 // as TOML: what holds where the key is absent; empty: nothing
  std::string_view meaning;
};

}  // namespace cuadre
