#include <algorithm>
#include <array>

#include "cuadre/base/day.hpp"
#include "cuadre/settlement/layout.hpp"

namespace cuadre {
namespace {

constexpr bool letter(char at) noexcept { return (at >= 'A' && at <= 'Z') || (at >= 'a' && at <= 'z'); }
constexpr bool digit(char at) noexcept { return at >= '0' && at <= '9'; }

// Of a date that exists, 1900 to 2199: a file whose dates are outside of them is of another form.
std::optional<std::int32_t> days(int year, int month, int day) noexcept {
  const CivilDate date{year, month, day};
  if (year < 1900 || year > 2199 || !exists(date)) return std::nullopt;
  return static_cast<std::int32_t>(day_number(date));
}

bool number(std::string_view text, std::size_t& at, std::size_t least, std::size_t most, int& value) noexcept {
  std::size_t count = 0;
  value = 0;
  while (count < most && at < text.size() && digit(text[at])) value = value * 10 + (text[at++] - '0'), ++count;
  return count >= least;
}

bool zone(std::string_view text, std::size_t& at) noexcept {
  if (at < text.size() && text[at] == 'Z') return ++at, true;
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return false;
  ++at;
  int hours = 0;
  int minutes = 0;
  if (!number(text, at, 2, 2, hours)) return false;
  if (at < text.size() && text[at] == ':') ++at;
  return number(text, at, 2, 2, minutes) && hours <= 15 && minutes < 60;
}

}  // namespace

struct DateForm::Parts {
  int year = 0, month = 0, day = 0;
};

DateForm DateForm::compile(const std::string& pattern) {
  constexpr std::array<std::pair<std::string_view, char>, 12> kTokens = {{{"YYYY", 'Y'},
                                                                          {"YY", 'y'},
                                                                          {"MM", 'M'},
                                                                          {"M", 'o'},
                                                                          {"DD", 'D'},
                                                                          {"D", 'd'},
                                                                          {"hh", 'h'},
                                                                          {"h", 'H'},
                                                                          {"mm", 'm'},
                                                                          {"ss", 's'},
                                                                          {"zzz", 'z'},
                                                                          {"f", 'f'}}};
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::layout_invalid, "date form \"" + pattern.substr(0, 80) + "\": " + why);
  };
  DateForm form;
  form.pattern_ = pattern;
  std::vector<std::size_t> open;
  int years = 0, months = 0, days_seen = 0;
  if (pattern.size() > 200) refuse("it is too long");
  for (std::size_t at = 0; at < pattern.size();) {
    const auto* token = std::find_if(kTokens.begin(), kTokens.end(), [&](const auto& known) {
      return std::string_view(pattern).substr(at).starts_with(known.first);
    });
    const bool known = token != kTokens.end();
    const char kind = known ? token->second : pattern[at] == '[' || pattern[at] == ']' ? pattern[at] : 'l';
    if (kind == 'l' && letter(pattern[at]) && pattern[at] != 'T') {
      refuse(std::string("\"") + pattern[at] +
             "\" stands for nothing; there is YYYY YY MM M DD D hh h mm ss f zzz and T");
    }
    if (kind == '[') open.push_back(form.tokens_.size());
    form.tokens_.push_back({kind, pattern[at], 0});
    if (kind == ']') {
      if (open.empty()) refuse("a ] without its [");
      form.tokens_[open.back()].skip = static_cast<std::uint8_t>(form.tokens_.size());
      open.pop_back();
    }
    if (!open.empty() && known && std::string_view("YyMoDd").find(kind) != std::string_view::npos) {
      refuse("year, month and day cannot be optional");
    }
    years += kind == 'Y' || kind == 'y' ? 1 : 0;
    months += kind == 'M' || kind == 'o' ? 1 : 0;
    days_seen += kind == 'D' || kind == 'd' ? 1 : 0;
    at += known ? token->first.size() : 1;
  }
  if (years != 1 || months != 1 || days_seen != 1) refuse("it needs a year, a month and a day (YYYY MM DD), each once");
  if (!open.empty()) refuse("a [ without its ]");
  form.settle_fixed();
  return form;
}

void DateForm::settle_fixed() {
  std::uint8_t at = 0;
  for (const Token& token : tokens_) {
    switch (token.kind) {
      case 'Y':
        fixed_.year = at, at += 4;
        break;
      case 'M':
        fixed_.month = at, at += 2;
        break;
      case 'D':
        fixed_.day = at, at += 2;
        break;
      case 'l':
        at += 1;
        break;
      default:
        return;
    }
  }
  const auto once = [&](char kind) {
    return std::count_if(tokens_.begin(), tokens_.end(), [&](const Token& token) { return token.kind == kind; }) == 1;
  };
  fixed_.size = at;
  fixed_.usable = once('Y') && once('M') && once('D') && at <= 10;
}

std::optional<std::int32_t> DateForm::scan_fixed(std::string_view text) const noexcept {
  if (text.size() != fixed_.size) return std::nullopt;
  std::size_t at = 0;
  for (const Token& token : tokens_) {
    if (token.kind != 'l') {
      at += token.kind == 'Y' ? 4 : 2;
    } else if (text[at++] != token.literal) {
      return std::nullopt;
    }
  }
  unsigned bad = 0;
  const auto two = [&](std::size_t from) {
    const unsigned tens = static_cast<unsigned char>(text[from]) - 48U;
    const unsigned ones = static_cast<unsigned char>(text[from + 1]) - 48U;
    bad |= static_cast<unsigned>(tens > 9) | static_cast<unsigned>(ones > 9);
    return static_cast<int>(tens * 10 + ones);
  };
  const int year = two(fixed_.year) * 100 + two(fixed_.year + 2U);
  const int month = two(fixed_.month);
  const int day = two(fixed_.day);
  return bad != 0 ? std::nullopt : days(year, month, day);
}

bool DateForm::run(std::size_t token, std::size_t end, std::string_view text, std::size_t& at,
                   Parts& parts) const noexcept {
  int ignored = 0;
  for (; token < end; ++token) {
    const Token& now = tokens_[token];
    bool fits = false;
    switch (now.kind) {
      case 'Y':
        fits = number(text, at, 4, 4, parts.year);
        break;
      case 'y':
        fits = number(text, at, 2, 2, parts.year), parts.year += 2000;
        break;
      case 'M':
        fits = number(text, at, 2, 2, parts.month);
        break;
      case 'o':
        fits = number(text, at, 1, 2, parts.month);
        break;
      case 'D':
        fits = number(text, at, 2, 2, parts.day);
        break;
      case 'd':
        fits = number(text, at, 1, 2, parts.day);
        break;
      case 'h':
        fits = number(text, at, 2, 2, ignored) && ignored < 24;
        break;
      case 'H':
        fits = number(text, at, 1, 2, ignored) && ignored < 24;
        break;
      case 'm':
        fits = number(text, at, 2, 2, ignored) && ignored < 60;
        break;
      case 's':
        fits = number(text, at, 2, 2, ignored) && ignored < 61;
        break;
      case 'f':
        fits = number(text, at, 1, 9, ignored);
        break;
      case 'z':
        fits = zone(text, at);
        break;
      case '[': {
        std::size_t inner = at;
        Parts tried = parts;
        if (run(token + 1, now.skip - 1U, text, inner, tried)) at = inner, parts = tried;
        token = now.skip - 1U;
        fits = true;
        break;
      }
      case ']':
        fits = true;
        break;
      default:
        fits = at < text.size() && text[at] == now.literal;
        at += fits ? 1 : 0;
    }
    if (!fits) return false;
  }
  return true;
}

std::optional<std::int32_t> DateForm::scan(std::string_view text) const noexcept {
  if (fixed_.usable) return scan_fixed(text);
  Parts parts;
  std::size_t at = 0;
  if (tokens_.empty() || !run(0, tokens_.size(), text, at, parts) || at != text.size()) return std::nullopt;
  return days(parts.year, parts.month, parts.day);
}

}  // namespace cuadre
