// How a language of declarations is written down: each key is one line of a table with its name, an example, its
// meaning and the member that it sets. What the key takes follows from the member's type, what holds without it from
// the member's initialiser, so neither is said twice.
//
//   struct Shop { std::string name; bool open = true; };
//   constexpr Key<Shop> kShop[] = {key<&Shop::name>("name", R"("Sur")", "what stands over the door").needed(),
//                                  key<&Shop::open>("open", "false", "whether it sells today")};
//   read_table<Shop>(tree, At(ErrorCode::rule_invalid), kShop, shop);
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cuadre/base/tree.hpp"
#include "cuadre/error.hpp"

namespace cuadre::declaration {

using Words = std::span<const std::string_view>;
using Texts = std::vector<std::string>;
using Pairs = std::map<std::string, std::string>;

// Where one stands in a declaration, and the code under which that language refuses.
class At {
 public:
  explicit At(ErrorCode code, std::string key = {}) : code_(code), key_(std::move(key)) {}
  At operator/(std::string_view name) const;
  At operator[](std::size_t index) const;
  bool top() const noexcept { return key_.empty(); }
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  ErrorCode code_;
  std::string key_;
};

// What a table says of a key.
struct Facts {
  std::string_view name;
  std::string_view example;
  std::string_view meaning;
  Words words = {};  // the only texts possible
  std::int64_t low = 0;
  std::int64_t high = std::numeric_limits<std::uint32_t>::max();
  bool required = false;
  bool may_be_empty = false;  // of a mark: "" is none
};

// The tree as one of the variant's types; refuses any other, and text that is not UTF-8.
template <class Kind>
const Kind& value_as(const Tree& value, const At& at);
[[noreturn]] void refuse_word(const std::string& word, Words words, const At& at);
// What is probably meant, or all that is known.
std::string known_hint(Words known, std::string_view wanted);

// What a member of a type takes. A type of a noun's own specialises it before its table.
template <class Member>
struct Value;

template <>
struct Value<std::string> {
  static constexpr std::string_view kTakes = "text";
  static void take(const Tree& value, const At& at, const Facts& facts, std::string& into);
  static std::string toml(const Facts& facts, const std::string& text);
};
template <>
struct Value<bool> {  // with two words: a choice, false being the first
  static constexpr std::string_view kTakes = "true or false";
  static void take(const Tree& value, const At& at, const Facts& facts, bool& into);
  static std::string toml(const Facts& facts, bool flag);
};
template <>
struct Value<char> {
  static constexpr std::string_view kTakes = "one ASCII character";
  static void take(const Tree& value, const At& at, const Facts& facts, char& into);
  static std::string toml(const Facts& facts, char mark);
};
template <>
struct Value<std::int64_t> {
  static constexpr std::string_view kTakes = "a whole number";
  static void take(const Tree& value, const At& at, const Facts& facts, std::int64_t& into);
  static std::string toml(const Facts& facts, std::int64_t whole);
};
template <class Whole>
requires(std::is_integral_v<Whole>) struct Value<Whole> {
  static constexpr std::string_view kTakes = Value<std::int64_t>::kTakes;
  static void take(const Tree& value, const At& at, const Facts& facts, Whole& into) {
    std::int64_t whole = 0;
    Value<std::int64_t>::take(value, at, facts, whole);
    into = static_cast<Whole>(whole);  // the key's bounds are within the type's
  }
  static std::string toml(const Facts& facts, Whole whole) { return Value<std::int64_t>::toml(facts, whole); }
};
template <>
struct Value<Texts> {
  static constexpr std::string_view kTakes = "a list";
  static void take(const Tree& value, const At& at, const Facts& facts, Texts& into);
  static std::string toml(const Facts&, const Texts&) { return {}; }
};
template <>
struct Value<Pairs> {
  static constexpr std::string_view kTakes = "a table of texts";
  static void take(const Tree& value, const At& at, const Facts& facts, Pairs& into);
  static std::string toml(const Facts&, const Pairs&) { return {}; }
};

// An enumeration is written by words: `choices(Enum)`, found beside it, is an array of them.
template <class Enum>
struct Word {
  std::string_view text;
  Enum value;
};
template <class Enum, std::size_t N>
constexpr std::array<std::string_view, N> texts_of(const std::array<Word<Enum>, N>& words) {
  std::array<std::string_view, N> texts;
  for (std::size_t i = 0; i < N; ++i) texts[i] = words[i].text;
  return texts;
}
template <class Enum>
requires(std::is_enum_v<Enum>) struct Value<Enum> {
  static constexpr std::string_view kTakes = "one of the words";
  static constexpr auto kTexts = texts_of(choices(Enum{}));
  static void take(const Tree& value, const At& at, const Facts&, Enum& into) {
    const auto& text = value_as<std::string>(value, at);
    for (const auto& [word, meant] : choices(Enum{})) {
      if (text == word) return void(into = meant);
    }
    refuse_word(text, kTexts, at);
  }
  static std::string toml(const Facts&, Enum chosen) {
    for (const auto& [word, meant] : choices(Enum{})) {
      if (meant == chosen) return '"' + std::string(word) + '"';
    }
    return {};
  }
};

template <class Owner>
struct Key {
  using Object = Owner;
  Facts facts;
  void (*read)(const Tree& value, const At& at, const Facts& facts, Owner& owner);
  void (*tell)(const std::string& table, const Facts& facts, std::vector<DeclaredKey>& into);

  constexpr Key needed() const {
    Key key = *this;
    key.facts.required = true;
    return key;
  }
  constexpr Key or_empty() const {
    Key key = *this;
    key.facts.may_be_empty = true;
    return key;
  }
  constexpr Key among(Words words) const {
    Key key = *this;
    key.facts.words = words;
    return key;
  }
  constexpr Key between(std::int64_t low, std::int64_t high) const {
    Key key = *this;
    key.facts.low = low;
    key.facts.high = high;
    return key;
  }
};

// The table of an object: unknown keys first, then missing ones, then the values in the order of writing.
template <class Owner>
void read_table(const Tree& tree, const At& at, std::span<const Key<Owner>> keys, Owner& owner) {
  std::vector<std::string_view> names;
  for (const Key<Owner>& key : keys) names.push_back(key.facts.name);
  const auto& table = value_as<Tree::Table>(tree, at);
  for (const Tree::Entry& entry : table) {
    if (std::find(names.begin(), names.end(), entry.key) == names.end()) {
      (at / entry.key).refuse("unknown key: " + known_hint(names, entry.key));
    }
  }
  for (const Key<Owner>& key : keys) {
    if (key.facts.required && tree.find(key.facts.name) == nullptr) {
      (at.top() ? at / key.facts.name : at).refuse('"' + std::string(key.facts.name) + "\" is missing");
    }
  }
  for (const Tree::Entry& entry : table) {
    const auto key = static_cast<std::size_t>(std::find(names.begin(), names.end(), entry.key) - names.begin());
    keys[key].read(entry.value, at / entry.key, keys[key].facts, owner);
  }
}

// Adds every key of a table, each with the path of the table in front.
template <class Owner>
void tell_table(const std::string& table, std::span<const Key<Owner>> keys, std::vector<DeclaredKey>& into) {
  for (const Key<Owner>& key : keys) key.tell(table, key.facts, into);
}

// ---- what makes a line of a table. A member is named by a path of pointers to members.

template <auto First, auto... Rest>
struct Path {
  template <class Owner, class Member>
  static Owner owner_of(Member Owner::*);
  using Root = decltype(owner_of(First));
  static auto& in(auto& owner) {
    if constexpr (sizeof...(Rest) == 0) {
      return owner.*First;
    } else {
      return Path<Rest...>::in(owner.*First);
    }
  }
  using Leaf = std::remove_cvref_t<decltype(in(std::declval<Root&>()))>;
};

template <class T>
T& opened(T& member) {
  return member;
}
template <class T>
T& opened(std::optional<T>& member) {
  return member.emplace();
}

// The entry of the reference, with the table in front of the key's name.
DeclaredKey told(const std::string& table, const Facts& facts, std::string_view takes);

template <auto... Members>
constexpr auto key(std::string_view name, std::string_view example, std::string_view meaning) {
  using To = Path<Members...>;
  using Owner = typename To::Root;
  using Leaf = Value<typename To::Leaf>;
  return Key<Owner>{{name, example, meaning},
                    [](const Tree& value, const At& at, const Facts& facts, Owner& owner) {
                      Leaf::take(value, at, facts, To::in(owner));
                    },
                    [](const std::string& table, const Facts& facts, std::vector<DeclaredKey>& into) {
                      DeclaredKey entry = told(table, facts, Leaf::kTakes);
                      if constexpr (requires { Leaf::kTexts; }) {
                        entry.words.assign(Leaf::kTexts.begin(), Leaf::kTexts.end());
                      }
                      Owner untouched{};
                      if (!facts.required) entry.fallback = Leaf::toml(facts, To::in(untouched));
                      into.push_back(std::move(entry));
                    }};
}

// A key whose value is a table: of the member at the end of the path, or of the same object where there is no path.
template <const auto& Keys, auto... Members>
constexpr auto table(std::string_view name, std::string_view meaning) {
  using Inner = typename std::remove_cvref_t<decltype(Keys[0])>::Object;
  const auto tell = [](const std::string& outer, const Facts& facts, std::vector<DeclaredKey>& into) {
    DeclaredKey entry = told(outer, facts, "a table");
    const std::string path = entry.path;
    into.push_back(std::move(entry));
    tell_table<Inner>(path, Keys, into);
  };
  if constexpr (sizeof...(Members) == 0) {
    return Key<Inner>{
        {name, "", meaning},
        [](const Tree& value, const At& at, const Facts&, Inner& owner) { read_table<Inner>(value, at, Keys, owner); },
        tell};
  } else {
    using To = Path<Members...>;
    using Owner = typename To::Root;
    return Key<Owner>{{name, "", meaning},
                      [](const Tree& value, const At& at, const Facts&, Owner& owner) {
                        read_table<Inner>(value, at, Keys, opened(To::in(owner)));
                      },
                      tell};
  }
}

// A key whose value is a list of tables, each an element of the member.
template <const auto& Keys, auto... Members>
constexpr auto tables(std::string_view name, std::string_view meaning) {
  using Inner = typename std::remove_cvref_t<decltype(Keys[0])>::Object;
  using To = Path<Members...>;
  using Owner = typename To::Root;
  return Key<Owner>{{name, "", meaning},
                    [](const Tree& value, const At& at, const Facts&, Owner& owner) {
                      const auto& list = value_as<Tree::List>(value, at);
                      for (std::size_t i = 0; i < list.size(); ++i) {
                        read_table<Inner>(list[i], at[i], Keys, To::in(owner).emplace_back());
                      }
                    },
                    [](const std::string& outer, const Facts& facts, std::vector<DeclaredKey>& into) {
                      DeclaredKey entry = told(outer, facts, "a list of tables");
                      const std::string path = entry.path;
                      into.push_back(std::move(entry));
                      tell_table<Inner>(path, Keys, into);
                    }};
}

}  // namespace cuadre::declaration
