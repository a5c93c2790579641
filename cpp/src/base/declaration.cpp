#include "base/declaration.hpp"

#include <algorithm>
#include <optional>

#include "cuadre/base/closest.hpp"
#include "cuadre/base/text.hpp"

namespace cuadre::declaration {
namespace {

constexpr std::size_t kShownKey = 200;
constexpr std::size_t kShownWord = 64;

std::string in_quotes(std::string_view text) { return '"' + printable(text, kShownWord) + '"'; }

// In the order of the variant.
std::string found(const Tree& tree) {
  constexpr std::string_view kNames[] = {"text", "a whole number", "true or false", "a list", "a table"};
  const auto* const foreign = std::get_if<Tree::Foreign>(&tree.value);
  return foreign != nullptr ? foreign->name : std::string(kNames[tree.value.index()]);
}
static_assert(std::variant_size_v<decltype(Tree::value)> == 6);

template <class Kind>
constexpr std::string_view kWanted = "text";
template <>
constexpr std::string_view kWanted<std::int64_t> = "a whole number";
template <>
constexpr std::string_view kWanted<bool> = "true or false";
template <>
constexpr std::string_view kWanted<Tree::List> = "a list";
template <>
constexpr std::string_view kWanted<Tree::Table> = "a table";

void require_utf8(const std::string& text, const At& at) {
  if (!is_utf8(text)) at.refuse("must be text that UTF-8 can write, not " + in_quotes(text));
}

bool listed(Words words, std::string_view text) { return std::find(words.begin(), words.end(), text) != words.end(); }

void require_word(const std::string& text, const Facts& facts, const At& at) {
  if (!facts.words.empty() && !listed(facts.words, text)) refuse_word(text, facts.words, at);
}

}  // namespace

At At::operator/(std::string_view name) const {
  return At(code_, key_.empty() ? std::string(name) : key_ + "." + std::string(name));
}

At At::operator[](std::size_t index) const { return At(code_, key_ + "[" + std::to_string(index) + "]"); }

void At::refuse(const std::string& why) const {
  Position position;
  position.key = key_;
  throw Error(code_, key_.empty() ? why : printable(key_, kShownKey) + ": " + why, std::move(position));
}

template <class Kind>
const Kind& value_as(const Tree& value, const At& at) {
  const auto* const fits = std::get_if<Kind>(&value.value);
  if (fits == nullptr) at.refuse("must be " + std::string(kWanted<Kind>) + ", not " + found(value));
  if constexpr (std::is_same_v<Kind, std::string>) require_utf8(*fits, at);
  return *fits;
}
template const std::string& value_as(const Tree& value, const At& at);
template const std::int64_t& value_as(const Tree& value, const At& at);
template const bool& value_as(const Tree& value, const At& at);
template const Tree::List& value_as(const Tree& value, const At& at);
template const Tree::Table& value_as(const Tree& value, const At& at);

std::string known_hint(Words known, std::string_view wanted) {
  std::string lower(wanted);
  for (char& byte : lower) byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
  std::vector<std::string> names(known.begin(), known.end());
  std::sort(names.begin(), names.end());
  const std::optional<Closest> best = closest(names, lower);
  if (best && best->near) return "did you mean \"" + names[best->index] + "\"?";
  std::string all = "known are ";
  for (const std::string& name : names) all += (&name == names.data() ? "\"" : ", \"") + name + '"';
  return all;
}

void refuse_word(const std::string& word, Words words, const At& at) {
  at.refuse(in_quotes(word) + " is not possible here: " + known_hint(words, word));
}

void Value<std::string>::take(const Tree& value, const At& at, const Facts& facts, std::string& into) {
  const auto& text = value_as<std::string>(value, at);
  require_word(text, facts, at);
  into = text;
}

std::string Value<std::string>::toml(const Facts&, const std::string& text) {
  return text.empty() ? std::string() : '"' + text + '"';
}

void Value<bool>::take(const Tree& value, const At& at, const Facts& facts, bool& into) {
  if (facts.words.empty()) return void(into = value_as<bool>(value, at));
  const auto& word = value_as<std::string>(value, at);
  require_word(word, facts, at);
  into = word == facts.words[1];
}

std::string Value<bool>::toml(const Facts& facts, bool flag) {
  if (facts.words.empty()) return flag ? "true" : "false";
  return '"' + std::string(facts.words[flag ? 1 : 0]) + '"';
}

void Value<char>::take(const Tree& value, const At& at, const Facts& facts, char& into) {
  const auto& text = value_as<std::string>(value, at);
  require_word(text, facts, at);
  if (facts.may_be_empty && text.empty()) return void(into = '\0');
  if (text.size() != 1 || text[0] <= '\0' || text[0] > '~') {
    at.refuse("must be one ASCII character, not " + in_quotes(text));
  }
  into = text[0];
}

std::string Value<char>::toml(const Facts&, char mark) {
  if (mark == '\0') return "\"\"";
  return mark == '"' ? "'\"'" : '"' + std::string(1, mark) + '"';
}

void Value<std::int64_t>::take(const Tree& value, const At& at, const Facts& facts, std::int64_t& into) {
  const auto whole = value_as<std::int64_t>(value, at);
  if (whole < facts.low || whole > facts.high) {
    std::string why = "must be from " + std::to_string(facts.low);
    at.refuse(why.append(" to ").append(std::to_string(facts.high)).append(", not ").append(std::to_string(whole)));
  }
  into = whole;
}

std::string Value<std::int64_t>::toml(const Facts& facts, std::int64_t whole) {
  return whole < facts.low || whole > facts.high ? std::string() : std::to_string(whole);
}

void Value<Texts>::take(const Tree& value, const At& at, const Facts& facts, Texts& into) {
  into.clear();
  const auto& list = value_as<Tree::List>(value, at);
  for (std::size_t i = 0; i < list.size(); ++i) {
    Value<std::string>::take(list[i], at[i], facts, into.emplace_back());
  }
}

void Value<Pairs>::take(const Tree& value, const At& at, const Facts& facts, Pairs& into) {
  into.clear();
  for (const auto& [token, meant] : value_as<Tree::Table>(value, at)) {
    require_utf8(token, at / token);
    Value<std::string>::take(meant, at / token, facts, into[token]);
  }
}

DeclaredKey told(const std::string& table, const Facts& facts, std::string_view takes) {
  DeclaredKey entry;
  entry.path = table.empty() ? std::string(facts.name) : table + "." + std::string(facts.name);
  entry.takes = takes;
  entry.required = facts.required;
  entry.words.assign(facts.words.begin(), facts.words.end());
  entry.example = facts.example;
  entry.meaning = facts.meaning;
  return entry;
}

}  // namespace cuadre::declaration
