#include "signature/text.hpp"

#include <algorithm>

#include "cuadre/base/text.hpp"
#include "signature/carrier.hpp"

namespace cuadre {
namespace {

using From = Piece::From;
constexpr std::size_t kIdBytesMax = 512;
constexpr std::size_t kListedMax = 32;

bool in_transport(From from) { return from == From::header || from == From::query || from == From::timestamp; }

SignatureReason reason_of(From from) {
  return in_transport(from) || from == From::id ? SignatureReason::header_malformed : SignatureReason::body_malformed;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || is_capital(c); }
bool is_word(char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; }

bool holds_only(Piece::Only only, std::string_view text) {
  switch (only) {
    case Piece::Only::anything:
      return true;
    case Piece::Only::digits:
      return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
    case Piece::Only::currency:
      return text.size() == 3 && std::all_of(text.begin(), text.end(), is_capital);
    case Piece::Only::word:
      return !text.empty() && std::all_of(text.begin(), text.end(), is_word);
    case Piece::Only::capitals:
      return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_capital(c) || c == '_'; });
    case Piece::Only::digit_behind:
      return !text.empty() && std::all_of(text.begin(), text.end(), is_word) && is_digit(text.back());
  }
  return false;
}

bool is_among(std::string_view values, std::string_view text) {
  if (values.empty()) return true;
  for (std::size_t at = 0; at <= values.size();) {
    const std::size_t end = std::min(values.find(' ', at), values.size());
    if (values.substr(at, end - at) == text) return true;
    at = end + 1;
  }
  return false;
}

// "150.26" as whole digits and two decimals, missing ones being zero.
struct TwoDecimals {
  std::string whole;
  char first, second;
};

TwoDecimals two_decimals(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view decimals = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  const bool good = holds_only(Piece::Only::digits, whole) && whole.size() <= 18 && decimals.size() <= 2 &&
                    std::all_of(decimals.begin(), decimals.end(), is_digit) &&
                    (dot == std::string_view::npos || !decimals.empty());
  if (!good)
    throw SignatureError(SignatureReason::body_malformed, "an amount that is not digits with at most two decimals");
  return {std::string(whole), decimals.empty() ? '0' : decimals[0], decimals.size() < 2 ? '0' : decimals[1]};
}

// The second decimal goes where it is zero, and only then.
std::string zero_hundredths_dropped(std::string_view text) {
  const TwoDecimals amount = two_decimals(text);
  std::string out = amount.whole + '.' + amount.first;
  if (amount.second != '0') out += amount.second;
  return out;
}

// Half-even to one decimal: only an exact 5 is a tie, for there are two decimals.
std::string tenths_half_even(std::string_view text) {
  TwoDecimals amount = two_decimals(text);
  const bool odd = (amount.first - '0') % 2 == 1;
  if (amount.second > '5' || (amount.second == '5' && odd)) {
    if (amount.first != '9') {
      ++amount.first;
    } else {
      amount.first = '0';
      std::size_t i = amount.whole.size();
      while (i > 0 && amount.whole[i - 1] == '9') amount.whole[--i] = '0';
      if (i > 0)
        ++amount.whole[i - 1];
      else
        amount.whole.insert(amount.whole.begin(), '1');
    }
  }
  return amount.whole + '.' + amount.first;
}

std::string formed(Piece::Form form, std::string_view text) {
  switch (form) {
    case Piece::Form::as_is:
      break;
    case Piece::Form::lower: {
      std::string out(text);
      for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
      }
      return out;
    }
    case Piece::Form::trimmed: {
      const std::size_t start = text.find_first_not_of(" \t\r\n");
      if (start == std::string_view::npos) return {};
      return std::string(text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1));
    }
    case Piece::Form::zero_hundredths_dropped:
      return zero_hundredths_dropped(text);
    case Piece::Form::tenths_half_even:
      return tenths_half_even(text);
    case Piece::Form::unescaped_slashes: {
      std::string out;
      for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '/') continue;
        out += text[i];
      }
      return out;
    }
  }
  return std::string(text);
}

std::string piece_name(const Piece& piece) { return piece.name.empty() ? "a signed part" : piece.name; }

// A value of the sender's that holds what stands behind it could move the border to the next piece.
void check_borders(const Scheme& scheme, const Piece& piece, std::string_view text) {
  if (piece.may_hold_separator || (!in_transport(piece.from) && piece.from != From::id && piece.from != From::field))
    return;
  for (const std::string_view border : {std::string_view(scheme.separator), std::string_view(piece.behind)}) {
    if (!border.empty() && text.find(border) != std::string_view::npos)
      throw SignatureError(reason_of(piece.from), piece_name(piece) + " holds the separator of the signed text");
  }
}

void append_piece(const Scheme& scheme, MessageValues& values, const Piece& piece, std::string& out, bool& first) {
  const auto begin = [&] {
    if (!first) out += scheme.separator;
    first = false;
    out += piece.before;
  };
  if (piece.from == From::listed_fields || piece.from == From::sorted_fields) {
    begin();
    out += piece.from == From::listed_fields ? values.listed(piece) : values.sorted(piece, scheme.separator);
    out += piece.behind;
    return;
  }
  std::optional<std::string_view> text = values.find(piece);
  if (!text && piece.optional) return;
  if (!text && piece.empty_if_absent) text = "";
  if (!text) throw SignatureError(SignatureReason::header_missing, piece_name(piece) + " is not there");
  check_borders(scheme, piece, *text);
  if (!(holds_only(piece.only, *text) && is_among(piece.among, *text)) && !(text->empty() && piece.empty_if_absent))
    throw SignatureError(reason_of(piece.from), piece_name(piece) + " holds characters that it must not");
  begin();
  if (piece.form == Piece::Form::as_is || (text->empty() && piece.empty_if_absent))
    out += *text;
  else
    out += formed(piece.form, *text);
  out += piece.behind;
}

}  // namespace

MessageValues::MessageValues(const Scheme& scheme, const Message& message, NamedValues settings, NamedValues given)
    : scheme_(scheme), message_(message), settings_(settings), given_(given) {}

std::string_view MessageValues::keep(std::string text) { return kept_.emplace_front(std::move(text)); }

std::optional<std::string_view> MessageValues::given(std::string_view name) const {
  for (const auto& value : given_) {
    if (value.first == name) return value.second;
  }
  return std::nullopt;
}

std::optional<std::string_view> MessageValues::setting(std::string_view name) const {
  for (const auto& value : settings_) {
    if (value.first == name) return value.second;
  }
  return std::nullopt;
}

std::optional<std::string_view> MessageValues::header(std::string_view name) const {
  for (const auto& value : given_) {
    if (same_header(value.first, name)) return value.second;
  }
  return find_header(message_.headers, name);
}

const SignedFields& MessageValues::json() {
  if (!json_) json_.emplace(message_.body);
  return *json_;
}

const SignedForm& MessageValues::form() {
  if (!form_) form_.emplace(message_.body, SignatureReason::body_malformed);
  return *form_;
}

std::optional<std::string_view> MessageValues::field(std::string_view name) {
  if (const auto value = given(name)) return value;
  if (!given_.empty() && message_.body.empty()) return std::nullopt;  // signing from values alone
  if (scheme_.body == Scheme::Body::form) {
    const std::string* value = form().find(name);
    if (value == nullptr) return std::nullopt;
    return *value;
  }
  std::optional<std::string> value = json().find(name);
  if (!value) return std::nullopt;
  return keep(std::move(*value));
}

std::string_view MessageValues::url() const {
  if (!message_.url.empty()) return message_.url;
  return setting("url").value_or("");
}

std::optional<std::string_view> MessageValues::query(std::string_view name) {
  if (const auto value = given(name)) return value;
  if (!query_) {
    const std::string_view whole = url();
    const std::size_t mark = whole.find('?');
    const std::string_view rest = mark == std::string_view::npos ? "" : whole.substr(mark + 1);
    query_.emplace(rest.substr(0, rest.find('#')), SignatureReason::header_malformed);
  }
  const std::string* value = query_->find(name);
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::string_view MessageValues::path() const {
  std::string_view rest = url();
  const std::size_t scheme = rest.find("://");
  if (scheme != std::string_view::npos) {
    rest.remove_prefix(scheme + 3);
    const std::size_t slash = rest.find('/');
    rest = slash == std::string_view::npos ? "/" : rest.substr(slash);
  }
  return rest.substr(0, rest.find('#'));  // signed with its query
}

std::optional<std::string_view> MessageValues::find(const Piece& piece) {
  const auto if_any = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  switch (piece.from) {
    case From::literal:
      return piece.name;
    case From::body:
      return message_.body;
    case From::header:
      return header(piece.name);
    case From::field:
      return field(piece.name);
    case From::query:
      return query(piece.name);
    case From::url:
      return if_any(url());
    case From::method:
      return if_any(message_.method);
    case From::path:
      return if_any(path());
    case From::timestamp:
      return timestamp_;
    case From::id:
      return if_any(keep(event_id()));
    case From::setting:
      return setting(piece.name);
    case From::secret:
      return secret_;
    case From::listed_fields:
      return names_listed(piece);
    case From::sorted_fields:
      break;
  }
  return std::nullopt;
}

std::optional<std::string_view> MessageValues::names_listed(const Piece& piece) {
  const std::optional<std::vector<std::string>> names = json().list(piece.name);
  if (!names) return std::nullopt;
  std::string all;
  for (std::size_t i = 0; i < names->size(); ++i) all.append(i == 0 ? "" : " ").append((*names)[i]);
  return keep(std::move(all));
}

std::optional<std::string_view> MessageValues::carrier() {
  const Carrier& carrier = scheme_.carrier;
  std::optional<std::string_view> found;
  for (const std::string& name : carrier.names) {
    std::optional<std::string_view> value;
    if (carrier.in == Carrier::In::header) value = header(name);
    if (carrier.in == Carrier::In::field) value = field(name);
    if (carrier.in == Carrier::In::query) value = query(name);
    if (!value) continue;
    if (found) throw SignatureError(SignatureReason::header_repeated, "the signature stands under two names");
    found = value;
  }
  if (found && found->size() > kHeaderBytesMax)
    throw SignatureError(SignatureReason::too_long, "the signature is over 4096 bytes");
  return found;
}

std::string MessageValues::listed(const Piece& piece) {
  const std::optional<std::vector<std::string>> names = json().list(piece.name);
  if (!names) throw SignatureError(SignatureReason::header_missing, piece.name + " is not there");
  if (names->size() > kListedMax)
    throw SignatureError(SignatureReason::too_long, "the list of signed fields has over 32 names");
  // The list is not signed: with other names, or in another order, the same bytes would be cut into other values.
  if (!scheme_.must_cover.empty() && *names != scheme_.must_cover)
    throw SignatureError(SignatureReason::not_covered, "the list of signed fields is not the documented one");
  std::string out;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const std::string& name = (*names)[i];
    if (std::find(names->begin(), names->begin() + static_cast<std::ptrdiff_t>(i), name) !=
        names->begin() + static_cast<std::ptrdiff_t>(i))
      throw SignatureError(SignatureReason::body_malformed, "a field that the list of signed fields names twice");
    const std::optional<std::string> value = json().find(piece.under.empty() ? name : piece.under + "." + name);
    if (!value) throw SignatureError(SignatureReason::header_missing, "a field that the message lists is not there");
    out += *value;
  }
  return out;
}

std::string MessageValues::sorted(const Piece& piece, std::string_view separator) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!given_.empty() && message_.body.empty())
    fields.assign(given_.begin(), given_.end());
  else if (scheme_.body == Scheme::Body::form)
    fields = form().members(piece.name);
  else
    fields = json().members(piece.name);
  std::erase_if(fields, [&](const auto& field) { return !field.first.starts_with(piece.name); });
  if (fields.empty()) throw SignatureError(SignatureReason::header_missing, "no field starts with " + piece.name);
  std::sort(fields.begin(), fields.end());
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (scheme_.incoming && !separator.empty() && fields[i].second.find(separator) != std::string::npos)
      throw SignatureError(SignatureReason::body_malformed,
                           fields[i].first + " holds the separator of the signed text");
    if (i != 0) out += separator;
    out += fields[i].second;
  }
  return out;
}

// A signed body that is no JSON is genuine all the same, and common enough not to throw for it.
std::optional<std::string_view> MessageValues::find_id(const Piece& piece) {
  if (!piece.optional) return find(piece);
  if (piece.from == From::field && scheme_.body != Scheme::Body::form && given_.empty() && !json().readable())
    return std::nullopt;
  try {
    return find(piece);
  } catch (const SignatureError&) {
    return std::nullopt;
  }
}

std::string MessageValues::event_id() {
  std::string out;
  for (const Piece& piece : scheme_.id_at) {
    const std::optional<std::string_view> value = find_id(piece);
    if (!value) continue;
    if (!out.empty()) out += ':';
    if (piece.form == Piece::Form::as_is)
      out += *value;
    else
      out += formed(piece.form, *value);  // as it is signed: what is signed alike is one event however it is spelled
  }
  if (!is_utf8(out)) throw SignatureError(SignatureReason::header_malformed, "an id that is not UTF-8");
  if (out.size() > kIdBytesMax) throw SignatureError(SignatureReason::too_long, "an id of over 512 bytes");
  return out;
}

std::string MessageValues::event_id_if_any() {
  try {
    return event_id();
  } catch (const SignatureError&) {  // too long to be one
    return {};
  }
}

void append_signed_text(const Scheme& scheme, MessageValues& values, std::string& out) {
  bool first = true;
  for (const Piece& piece : scheme.pieces) append_piece(scheme, values, piece, out, first);
}

void check_pins(const Scheme& scheme, MessageValues& values) {
  for (const Pin& pin : scheme.pinned) {
    const std::optional<std::string_view> found = values.find(pin.at);
    if (!found && pin.at.optional) continue;
    if (!found) throw SignatureError(SignatureReason::header_missing, piece_name(pin.at) + " is not there");
    const std::string_view wanted =
        pin.setting.empty() ? std::string_view(pin.value) : values.setting(pin.setting).value_or("");
    if (formed(pin.at.form, *found) == wanted) continue;
    if (pin.at.from == From::listed_fields)
      throw SignatureError(SignatureReason::not_covered, "the list of signed fields is not the documented one");
    throw SignatureError(SignatureReason::header_malformed, piece_name(pin.at) + " is not the value that it must be");
  }
}

std::size_t signed_text_bytes(const Scheme& scheme, const Message& message, std::size_t secret_bytes) {
  constexpr std::size_t kOtherPieces = 512;
  std::size_t bytes = message.body.size() + secret_bytes + message.url.size() + kOtherPieces +
                      scheme.pieces.size() * scheme.separator.size();
  if (secret_bytes != 0) {  // then it must never grow, however long a sender writes his headers
    for (const HeaderLine& line : message.headers) bytes += line.value.size() * scheme.pieces.size();
  }
  return bytes;
}

}  // namespace cuadre
