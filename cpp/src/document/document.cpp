#include "cuadre/document.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "cuadre/base/closest.hpp"
#include "cuadre/base/text.hpp"
#include "cuadre/document/check_digit.hpp"
#include "cuadre/error.hpp"

namespace cuadre {
namespace {

using Form = DocumentRule::Form;
using Check = DocumentRule::Check;

constexpr std::size_t kTextMax = 256;  // bytes; nobody types a longer one

constexpr std::array kReasons = {
#define CUADRE_X(name, en, es) DocumentReasonInfo{#name, en, es},
    CUADRE_DOCUMENT_REASONS(CUADRE_X)
#undef CUADRE_X
};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return c >= 'A' && c <= 'Z'; }
char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string upper(std::string_view text) {
  std::string capital(text);
  std::transform(capital.begin(), capital.end(), capital.begin(), [](char c) { return upper(c); });
  return capital;
}

// ---- reading

// Three bytes of UTF-8 that stand for an ASCII sign: full-width forms, blanks and dashes of every width.
char plain_of_three(unsigned char first, unsigned char second, unsigned char third) noexcept {
  if (first == 0xEF && second == 0xBC && third >= 0x81 && third <= 0xBF) return static_cast<char>(third - 0x81 + '!');
  if (first == 0xEF && second == 0xBD && third >= 0x80 && third <= 0x9E) return static_cast<char>(third - 0x80 + '`');
  const bool dash = (first == 0xE2 && second == 0x80 && third >= 0x90 && third <= 0x95) ||
                    (first == 0xE2 && second == 0x88 && third == 0x92);
  if (dash) return '-';
  const bool blank = (first == 0xE2 && second == 0x80 && ((third >= 0x80 && third <= 0x8A) || third == 0xAF)) ||
                     (first == 0xE3 && second == 0x80 && third == 0x80);
  return blank ? ' ' : '\0';
}

// Takes one sign off the front; '\0' for one that has no plain form.
char take_plain(std::string_view& text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  char plain = '\0';
  std::size_t size = 1;
  if (byte(0) < 0x80) {
    plain = text[0];
  } else if (text.size() >= 2 && byte(0) == 0xC2 && byte(1) == 0xA0) {
    plain = ' ';
    size = 2;
  } else if (text.size() >= 3) {
    plain = plain_of_three(byte(0), byte(1), byte(2));
    size = 3;
  }
  text.remove_prefix(size);
  return upper(plain);
}

struct Cleaned {
  DocumentReason reason = DocumentReason::ok;  // what no rule can mend
  std::string text;
  bool hyphen = false;  // the last sign is set apart by one
};

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t from = text.find_first_not_of(kBlanks);
  return from == std::string_view::npos ? "" : text.substr(from, text.find_last_not_of(kBlanks) - from + 1);
}

Cleaned clean(std::string_view text) {
  Cleaned made;
  if (text.size() > kTextMax) return {.reason = DocumentReason::too_long, .text = {}};
  std::size_t hyphen_at = std::string::npos;
  for (std::string_view rest = trimmed(text); !rest.empty();) {
    const char c = take_plain(rest);
    if (is_digit(c) || is_letter(c)) {
      made.text += c;
    } else if (c == '-') {
      hyphen_at = made.text.size();
    } else if (c != ' ' && c != '.' && c != ',') {
      return {.reason = DocumentReason::character_wrong, .text = {}};
    }
  }
  made.hyphen = !made.text.empty() && hyphen_at == made.text.size() - 1;
  if (made.text.empty()) {
    made.reason = DocumentReason::empty;
  } else if (made.text.find_first_not_of('0') == std::string::npos) {
    made.reason = DocumentReason::all_zeros;
  }
  return made;
}

std::string masked(std::string_view text) {
  constexpr std::size_t kStarsMax = 12;  // a long one that was refused tells nothing of its length
  const std::size_t shown = std::min<std::size_t>(4, text.size() / 2);
  return std::string(std::min(text.size() - shown, kStarsMax), '*').append(text.substr(text.size() - shown));
}

// ---- judging

bool begins(const DocumentRule& rule, std::string_view text) noexcept {
  std::string_view left = rule.prefixes;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(' '), left.size());
    if (text.starts_with(left.substr(0, end))) return true;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return rule.prefixes.empty();
}

bool signs_fit(const DocumentRule& rule, std::string_view text) noexcept {
  if (rule.form == Form::letters_and_digits) return true;
  if (rule.form == Form::digits_and_check && text.size() == rule.length_max) text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), is_digit);
}

bool check_fits(const DocumentRule& rule, std::string_view text) noexcept {
  const char last = text.back();
  switch (rule.check) {
    case Check::nit:
      return expected_check_digit(CheckDigit::nit, text) == last;
    case Check::ruc:
      return ruc_check_digit(text.substr(0, 10)) == last;
    case Check::cui: {
      const CuiCheck check = cui_check(text.substr(0, 8));
      return last == check.digit || last == check.letter;
    }
    case Check::none:
      break;
  }
  return true;
}

// Reasons are declared in the order in which they are looked for, so of two rows the later one went further.
DocumentReason judge(const DocumentRule& rule, const Cleaned& cleaned) noexcept {
  const std::string_view text = cleaned.text;
  const bool apart = rule.check == Check::nit || rule.check == Check::cui;  // the check digit is often left out
  if (!signs_fit(rule, text)) return DocumentReason::letters;
  if (rule.hyphen && !cleaned.hyphen && text.size() + 1 >= rule.length_min && text.size() <= rule.length_max) {
    return DocumentReason::check_missing;
  }
  if (apart && !cleaned.hyphen && text.size() + 1 == rule.length_min && begins(rule, text)) {
    return DocumentReason::check_missing;
  }
  if (text.size() < rule.length_min) return DocumentReason::too_short;
  if (text.size() > rule.length_max) return DocumentReason::too_long;
  if (!rule.leading_zero && text.front() == '0') return DocumentReason::leading_zero;
  if (!begins(rule, text)) return DocumentReason::prefix_wrong;
  return check_fits(rule, text) ? DocumentReason::ok : DocumentReason::check_wrong;
}

DocumentReason both(DocumentReason left, DocumentReason right) noexcept {
  using enum DocumentReason;
  if (left == ok || right == ok) return ok;
  if ((left == too_short && right == too_long) || (left == too_long && right == too_short)) return length_wrong;
  return std::max(left, right);
}

using Rows = std::span<const DocumentRule>;

// Rows of one type stand together in the table, and in it those of one rule.
Rows rows_of(std::string_view country, std::string_view type) {
  const Rows all = document_rules();
  const auto mine = [&](const DocumentRule& rule) { return rule.country == country && rule.type == type; };
  const auto from = std::find_if(all.begin(), all.end(), mine);
  return {from, std::find_if_not(from, all.end(), mine)};
}

Rows rows_of(Rows rows, std::string_view rule) noexcept {
  const auto mine = [&](const DocumentRule& row) { return row.rule == rule; };
  const auto from = std::find_if(rows.begin(), rows.end(), mine);
  return {from, std::find_if_not(from, rows.end(), mine)};
}

// No name has a digit: these are a document that stands in the wrong place, and it is not to be shown.
std::string without_digits(std::string_view word) {
  std::string shown(word.substr(0, 32));
  std::replace_if(shown.begin(), shown.end(), is_digit, '*');
  return shown;
}

[[noreturn]] void refuse_rule(Rows rows, std::string_view type, std::string_view rule) {
  std::vector<std::string> names;
  for (const DocumentRule& row : rows) {
    if (names.empty() || names.back() != row.rule) names.emplace_back(row.rule);
  }
  throw Error(ErrorCode::rule_unknown, "no rule " + quoted(without_digits(rule)) + " is known for the document " +
                                           std::string(type) + closest_hint(names, rule));
}

[[noreturn]] void refuse_type(std::string_view country, std::string_view type) {
  std::vector<std::string> names;
  for (const DocumentRule& row : document_rules()) {
    std::string both = std::string(row.country) + " " + std::string(row.type);
    if (names.empty() || names.back() != both) names.push_back(std::move(both));
  }
  const std::string wanted = without_digits(country.substr(0, 8)) + " " + without_digits(type);
  throw Error(ErrorCode::rule_unknown, "no document " + quoted(wanted) + " is known" + closest_hint(names, wanted));
}

// ---- telling

struct Words {
  std::string_view to, digits, signs, digits_and_check, from, or_, check, hyphen;
};
constexpr Words kEn = {
    " to ",  " digits",   " letters or digits",        " digits and a check digit or letter", " beginning with ",
    ", or ", ", checked", ", the last behind a hyphen"};
constexpr Words kEs = {" a ",
                       " dígitos",
                       " letras o dígitos",
                       " dígitos y un dígito o letra de verificación",
                       " que empiezan por ",
                       ", o ",
                       ", verificados",
                       ", el último tras un guion"};

std::string told(const DocumentRule& rule, const Words& words) {
  const bool check_apart = rule.form == Form::digits_and_check;
  std::string text = std::to_string(rule.length_min - (check_apart ? 1 : 0));
  if (rule.length_max != rule.length_min) text.append(words.to).append(std::to_string(rule.length_max));
  if (check_apart) return text.append(words.digits_and_check);
  text.append(rule.form == Form::digits ? words.digits : words.signs);
  if (!rule.prefixes.empty()) text.append(words.from).append(rule.prefixes);
  std::replace(text.end() - static_cast<std::ptrdiff_t>(rule.prefixes.size()), text.end(), ' ', '/');
  if (rule.hyphen) text.append(words.hyphen);
  return rule.check == Check::none ? text : text.append(words.check);
}

std::string told(const Document& document, const Words& words) {
  std::string text;
  for (const DocumentRule& row : rows_of(rows_of(document.country, document.type), document.rule)) {
    if (!text.empty()) text.append(words.or_);
    text.append(told(row, words));
  }
  return text;
}

const DocumentReasonInfo& info(DocumentReason reason) noexcept { return kReasons[static_cast<std::size_t>(reason)]; }

}  // namespace

std::string_view name(DocumentReason reason) noexcept { return info(reason).name; }
std::span<const DocumentReasonInfo> document_reasons() noexcept { return kReasons; }

std::string_view name(DocumentRule::Form form) noexcept {
  constexpr auto kNames = std::to_array<std::string_view>({"digits", "letters_and_digits", "digits_and_check"});
  static_assert(kNames.size() == static_cast<std::size_t>(DocumentRule::Form::digits_and_check) + 1);
  return kNames[static_cast<std::size_t>(form)];
}

std::string_view name(DocumentRule::Check check) noexcept {
  constexpr auto kNames = std::to_array<std::string_view>({"none", "nit", "ruc", "cui"});
  static_assert(kNames.size() == static_cast<std::size_t>(DocumentRule::Check::cui) + 1);
  return kNames[static_cast<std::size_t>(check)];
}

Document read_document(std::string_view country, std::string_view type, std::string_view text, std::string_view rule) {
  const Rows rows = rows_of(upper(country.substr(0, 8)), upper(type.substr(0, 32)));
  if (rows.empty()) refuse_type(country, type);
  const Rows deciding = rows_of(rows, rule);
  if (deciding.empty()) refuse_rule(rows, rows.front().type, rule);
  Document made;
  made.country = rows.front().country;
  made.type = rows.front().type;
  made.rule = deciding.front().rule;
  Cleaned cleaned = clean(text);
  for (const DocumentRule& row : rows) {
    const DocumentReason reason = cleaned.reason == DocumentReason::ok ? judge(row, cleaned) : cleaned.reason;
    if (made.verdicts.empty() || made.verdicts.back().rule != row.rule) {
      made.verdicts.push_back({row.rule, reason});
    } else {
      made.verdicts.back().reason = both(made.verdicts.back().reason, reason);
    }
    if (row.rule == made.rule) made.reason = made.verdicts.back().reason;
  }
  made.masked = masked(cleaned.text);
  if (made.valid()) made.text = std::move(cleaned.text);
  return made;
}

std::string sentence_en(const Document& document) {
  return std::string(document.type) + " (" + std::string(document.country) +
         "): " + std::string(info(document.reason).en) + "; the rule \"" + std::string(document.rule) + "\" is " +
         told(document, kEn) + ".";
}

std::string sentence_es(const Document& document) {
  return std::string(document.type) + " (" + std::string(document.country) +
         "): " + std::string(info(document.reason).es) + "; la regla \"" + std::string(document.rule) + "\" es " +
         told(document, kEs) + ".";
}

}  // namespace cuadre
