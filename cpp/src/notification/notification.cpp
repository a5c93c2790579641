#include "cuadre/notification.hpp"

#include <algorithm>
#include <chrono>

#include "cuadre/notification/table.hpp"
#include "cuadre/signature.hpp"
#include "signature/body_fields.hpp"

namespace cuadre {
namespace {

using Fault = NotificationFault;

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool listed(std::string_view list, std::string_view word) {
  bool found = false;
  for_each_piece(list, ' ', [&](std::string_view piece) { found = found || piece == word; });
  return found;
}

// "2020-06-18T23:28:45.1220545-05:00", a blank for the T, any decimals of the second (read to the microsecond).
// `zone`: whether the text has one; `valid`: whether it is a time at all.
struct Instant {
  bool valid = false, zone = false;
  std::int64_t us = 0;
};

class TimeText {
 public:
  explicit TimeText(std::string_view text) : text_(text) {}

  Instant read() {
    Instant out;
    const int year = number(4), month = sign('-') ? number(2) : -1, day = sign('-') ? number(2) : -1;
    if (!sign('T') && !sign(' ')) return out;
    const int hour = number(2), minute = sign(':') ? number(2) : -1, second = sign(':') ? number(2) : -1;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23) return out;
    if (minute < 0 || minute > 59 || second < 0 || second > 59) return out;
    const std::int64_t micros = decimals();
    if (micros < 0 || !offset(out.zone)) return out;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t minutes = std::int64_t{hour} * 60 + minute - offset_minutes_;
    const std::int64_t seconds = days * 86'400 + minutes * 60 + second;
    out.us = seconds * 1'000'000 + micros;
    out.valid = text_.empty();
    return out;
  }

 private:
  bool sign(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  int number(std::size_t digits) {
    if (text_.size() < digits || !all_digits(text_.substr(0, digits))) return -1;
    int value = 0;
    for (const char c : text_.substr(0, digits)) value = value * 10 + (c - '0');
    text_.remove_prefix(digits);
    return value;
  }
  std::int64_t decimals() {
    if (!sign('.')) return 0;
    std::int64_t micros = 0;
    int read = 0;
    for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; text_.remove_prefix(1), ++read) {
      if (read < 6) micros = micros * 10 + (text_.front() - '0');
    }
    if (read == 0) return -1;
    for (; read < 6; ++read) micros *= 10;
    return micros;
  }
  bool offset(bool& zone) {
    if (text_.empty()) return true;
    zone = true;
    if (sign('Z')) return true;
    const bool west = sign('-');
    if (!west && !sign('+')) return false;
    const int hours = number(2);
    sign(':');
    const int minutes = number(2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return false;
    offset_minutes_ = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
  }

  std::string_view text_;
  int offset_minutes_ = 0;
};

// The fields of one body, whatever it is written in.
class Fields {
 public:
  Fields(const NotificationMap& map, std::string_view body) {
    if (map.body == NotificationMap::Body::form) {
      form_ = FormFields(body);
    } else {
      json_.emplace(body);
    }
    if (map.inner.empty()) return;
    const auto text = plain(map.inner);
    if (!text || text->kind != BodyKind::string) throw BodyRefused("the inner document is not text", false);
    inner_text_ = text->text;
    inner_.emplace(inner_text_);
  }

  std::optional<BodyValue> find(std::string_view path) const {
    auto found = path.starts_with('@') ? inner_->find(path.substr(1)) : plain(path);
    if (found && found->kind == BodyKind::null) return std::nullopt;
    return found;
  }

 private:
  std::optional<BodyValue> plain(std::string_view path) const {
    if (json_) return json_->find(path);
    const std::string* text = form_.find(path);
    if (text == nullptr) return std::nullopt;
    return BodyValue{BodyKind::string, *text};
  }

  FormFields form_;
  std::optional<JsonBody> json_;
  std::string inner_text_;
  std::optional<JsonBody> inner_;
};

class Reader {
 public:
  Reader(const NotificationMap& map, std::span<const StatusWord> words, const Fields& fields, Notification& out)
      : map_(map), words_(words), fields_(fields), out_(out) {}

  void run() {
    out_.event_type = joined(map_.event_type);
    out_.reference = joined(map_.reference);
    out_.gateway_id = joined(map_.gateway_id);
    out_.merchant = joined(map_.merchant);
    if (map_.strip_zeros) {
      const std::size_t first = out_.gateway_id.find_first_not_of('0');
      if (first != std::string::npos) out_.gateway_id.erase(0, first);
    }
    out_.event_id = joined(map_.event_id);
    status();
    const bool payment_like = out_.kind != EventKind::other && out_.kind != EventKind::report;
    if (payment_like) {
      need("reference", map_.reference, out_.reference);
      need("gateway_id", map_.gateway_id, out_.gateway_id);
      need("merchant", map_.merchant, out_.merchant);
      amount(listed(map_.needed, "amount"));
    }
    time();
    environment();
    const bool of_payment = out_.kind == EventKind::payment || out_.kind == EventKind::chargeback;
    const bool named_apart = map_.paid_more_than_once && of_payment;
    if (!named_apart) out_.operation_id = out_.gateway_id;
    for_each_piece(map_.ids, ' ', [&](std::string_view path) {
      std::string text = joined(path);
      if (text.empty()) return;
      if (named_apart && path == map_.payment_id) out_.operation_id = text;
      const std::size_t dot = path.rfind('.');
      out_.ids.emplace_back(path.substr(dot == std::string_view::npos ? 0 : dot + 1), std::move(text));
    });
  }

 private:
  void fault(Fault fault, std::string_view field, std::string detail) {
    out_.faults.push_back({fault, std::string(field), std::move(detail)});
  }

  // One of the paths of "a|b".
  std::optional<BodyValue> one(std::string_view paths) {
    std::optional<BodyValue> found;
    bool twice = false;
    for_each_piece(paths, '|', [&](std::string_view path) {
      auto value = fields_.find(path);
      twice = twice || (value && found);
      if (value) found = std::move(value);
    });
    if (twice) {
      fault(Fault::field_repeated, paths, "stands under two names");
      return std::nullopt;
    }
    return found;
  }

  // The text of an id or word: a string, a plain whole number or a boolean.
  std::string word(std::string_view paths) {
    if (paths.starts_with('=')) return std::string(paths.substr(1));
    const auto value = one(paths);
    if (!value) return {};
    const bool plain = value->kind == BodyKind::string || value->kind == BodyKind::boolean ||
                       (value->kind == BodyKind::number && all_digits(value->text));
    if (plain) return value->text;
    fault(Fault::field_invalid, paths, "neither text nor a whole number");
    return {};
  }

  std::string joined(std::string_view paths) {
    std::string out;
    for_each_piece(paths, '+', [&](std::string_view path) {
      const std::string text = word(path);
      if (!out.empty() && !text.empty()) out += ':';
      out += text;
    });
    return out;
  }

  void need(std::string_view field, std::string_view path, const std::string& value) {
    if (listed(map_.needed, field) && value.empty()) fault(Fault::field_missing, path, "needed and not there");
  }

  void status() {
    out_.status_word = joined(map_.status);
    if (out_.status_word.empty()) return fault(Fault::field_missing, map_.status, "needed and not there");
    const std::string_view words = map_.messages.substr(0, map_.messages.find(' '));
    std::optional<EventKind> only = map_.kind;  // the kind of every word: known, even where the word is not
    bool one_kind = !map_.status_is_event;
    for (const StatusWord& known : words_) {
      if (known.message != words) continue;
      if (map_.kind && *map_.kind != known.kind) continue;
      one_kind = one_kind && only.value_or(known.kind) == known.kind;
      only = known.kind;
      if (known.theirs != out_.status_word) continue;
      out_.kind = known.kind;
      out_.status = known.ours;
      return;
    }
    if (one_kind && only) out_.kind = *only;
    fault(map_.status_is_event ? Fault::kind_unknown : Fault::status_unknown, map_.status,
          "no table holds this word: ask the gateway");
  }

  Currency currency() {
    std::string code = word(map_.currency);
    if (code.empty()) {
      fault(Fault::field_missing, map_.currency, "needed and not there");
      return {};
    }
    if (map_.currency_any_case) {
      for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    const auto found = Currency::find(code);
    if (!found) fault(Fault::currency_unknown, map_.currency, "not a currency of ISO 4217");
    return found.value_or(Currency{});
  }

  void amount(bool needed) {
    if (map_.amount.empty()) return;
    const auto value = one(map_.amount);
    if (!value) {
      if (needed) fault(Fault::field_missing, map_.amount, "needed and not there");
      return;
    }
    const bool is_text = value->kind == BodyKind::string;
    const bool allowed =
        map_.amount_written == NotificationMap::Written::either
            ? is_text || value->kind == BodyKind::number
            : value->kind ==
                  (map_.amount_written == NotificationMap::Written::text ? BodyKind::string : BodyKind::number);
    if (!allowed) return fault(Fault::field_invalid, map_.amount, "of another type than this gateway sends");
    const Currency in = currency();
    if (!in) return;
    WireForm form = map_.wire;
    if (map_.cop_whole && in.code() == "COP") form.decimals_min = form.decimals_max = 0;
    if (form.unit == WireForm::Unit::scaled && in.minor_units() != form.decimals_min)
      return fault(Fault::amount_invalid, map_.amount, "how this currency is written here is not known");
    try {
      out_.amount = read_wire(value->text, form, in);
    } catch (const Error& error) {
      fault(Fault::amount_invalid, map_.amount, error.message());
    }
  }

  void time() {
    using Time = NotificationMap::Time;
    if (map_.time.empty()) return;
    std::string text = word(map_.time);
    if (text.empty() || text.starts_with("1900-01-01")) return;
    out_.occurred_at = text;
    if (map_.time_written == Time::text) return;
    if (map_.time_written == Time::unix_s || map_.time_written == Time::unix_ms) {
      constexpr std::size_t kDigitsMax = 13;
      if (text == "0") return out_.occurred_at.clear();  // "never"
      const bool seconds = map_.time_written == Time::unix_s;
      if (!all_digits(text) || text.size() > (seconds ? kDigitsMax - 2 : kDigitsMax))
        return fault(Fault::field_invalid, map_.time, "not a Unix time");
      out_.occurred_at_us = std::stoll(text) * (seconds ? 1'000'000 : 1'000);
      return;
    }
    const Instant at = TimeText(text).read();
    if (!at.valid) return fault(Fault::field_invalid, map_.time, "not a time");
    if (at.zone || map_.time_written == Time::utc) out_.occurred_at_us = at.us;
  }

  void environment() {
    if (map_.environment.empty()) return;
    const std::string said = word(map_.environment);
    if (said == map_.production_word) {
      out_.environment = "production";
    } else if (said == map_.test_word) {
      out_.environment = "test";
    } else if (!said.empty()) {
      fault(Fault::field_invalid, map_.environment, "neither production nor test");
    }
  }

  const NotificationMap& map_;
  std::span<const StatusWord> words_;
  const Fields& fields_;
  Notification& out_;
};

// Mercado Pago signs ids in lower case at times, whatever they are in the body.
bool same_id(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

bool marked(const JsonBody& body, std::string_view marker) {
  const std::size_t end = marker.find('^');
  const auto found = body.find(marker.substr(0, end));
  if (!found || end == std::string_view::npos) return found.has_value();
  return found->kind == BodyKind::string && std::string_view(found->text).starts_with(marker.substr(end + 1));
}

[[noreturn]] void no_map(std::string_view gateway, std::string_view message, const NotificationTable& table) {
  const std::string asked = std::string(gateway) + " \"" + std::string(message) + "\"";
  for (const NotificationGap& gap : table.gaps) {
    if (gap.message == message)
      throw Error(ErrorCode::scheme_unknown, asked + " has no table: it " + std::string(gap.note));
  }
  std::string known;
  for (const NotificationMap& map : table.messages) {
    for_each_piece(map.messages, ' ', [&](std::string_view name) {
      const std::string shown = "\"" + std::string(name) + "\"";
      if (known.find(shown) == std::string::npos) known += (known.empty() ? "" : ", ") + shown;
    });
  }
  throw Error(ErrorCode::scheme_unknown,
              asked + " has no table; " +
                  (known.empty() ? "status_words() lists the gateways that have" : "this gateway has " + known));
}

// The map of a message. Where several fit its name, the body decides; one that cannot be read is told when it is read.
const NotificationMap* map_of(const NotificationTable& table, std::string_view message, std::string_view body) {
  const NotificationMap* last = nullptr;
  std::optional<JsonBody> json;
  for (const NotificationMap& map : table.messages) {
    if (!listed(map.messages, message)) continue;
    last = &map;
    if (map.marker.empty()) break;
    try {
      if (!json) json.emplace(body);
      if (marked(*json, map.marker)) break;
    } catch (const BodyRefused&) {
      break;
    }
  }
  return last;
}

// Whether every one of these paths is a piece of the signed text, alone or with the document it stands in.
bool is_piece(std::span<const Scheme> schemes, const NotificationMap& map, std::string_view message,
              std::string_view paths) {
  bool all = true;
  for_each_piece(paths, '|', [&](std::string_view path) {
    const std::string_view name = path.starts_with('@') ? map.inner : path;
    const auto signs = [&](const Scheme& scheme) {
      return scheme.message == message && std::ranges::any_of(scheme.pieces, [&](const Piece& piece) {
               return piece.from == Piece::From::field && piece.name == name;
             });
    };
    all = all && std::ranges::any_of(schemes, signs);
  });
  return all;
}

// What the message says and its signature does not vouch for.
void doubt(const NotificationMap& map, std::string_view message, const Proven& proven, Notification& out) {
  const std::span<const Scheme> schemes = schemes_of(out.gateway);
  const std::string_view id = proven.event_id;
  if (map.id_apart && !id.empty() && !same_id(out.gateway_id, id.substr(0, id.find(':'))))
    out.faults.push_back({Fault::not_signed, std::string(map.gateway_id), "the body names another than was signed"});
  if (proven.covered == Covered{}) return;  // credentials: the sender is known, and speaks over a closed line
  constexpr const char* kAsk = "the signature does not cover it: ask the gateway";
  if (out.status && !proven.covered.status) out.faults.push_back({Fault::not_signed, std::string(map.status), kAsk});
  if (out.amount && !proven.covered.amount) out.faults.push_back({Fault::not_signed, std::string(map.amount), kAsk});
  if (proven.covered.body) return;
  if (out.amount && proven.covered.amount && out.amount->currency().code() != map.currency_only &&
      !is_piece(schemes, map, message, map.currency))
    out.faults.push_back({Fault::not_signed, std::string(map.currency), kAsk});
  const auto leave = [&](const std::string& value, std::string_view field, bool is_signed) {
    if (!value.empty() && !is_signed) out.unsigned_fields.push_back(field);
  };
  leave(out.reference, "reference", proven.covered.reference);
  leave(out.gateway_id, "gateway_id", proven.covered.id);
  leave(out.merchant, "merchant", is_piece(schemes, map, message, map.merchant));
  leave(out.environment, "environment", is_piece(schemes, map, message, map.environment));
}

}  // namespace

std::string_view name(EventKind kind) noexcept {
  constexpr std::string_view kNames[] = {
#define CUADRE_X(name) #name,
      CUADRE_EVENT_KINDS(CUADRE_X)
#undef CUADRE_X
  };
  return kNames[static_cast<std::size_t>(kind)];
}

#define CUADRE_X(name, text) #name,
std::string_view name(EventStatus status) noexcept {
  constexpr std::string_view kNames[] = {CUADRE_EVENT_STATUSES(CUADRE_X)};
  return kNames[static_cast<std::size_t>(status)];
}
std::string_view name(NotificationFault fault) noexcept {
  constexpr std::string_view kNames[] = {CUADRE_NOTIFICATION_FAULTS(CUADRE_X)};
  return kNames[static_cast<std::size_t>(fault)];
}
#undef CUADRE_X

Notification read_notification(std::string_view gateway, std::string_view message, std::string_view body,
                               const Proven* proven) {
  const NotificationTable& table = notification_table(gateway);
  const NotificationMap* const map = map_of(table, message, body);
  if (map == nullptr) no_map(gateway, message, table);
  Notification out;
  out.gateway = gateway;
  try {
    const Fields fields(*map, body);
    Reader(*map, table.words, fields, out).run();
    if (proven != nullptr) doubt(*map, message, *proven, out);
  } catch (const BodyRefused& refused) {
    out = {};
    out.gateway = gateway;
    out.faults.push_back({refused.repeated() ? Fault::field_repeated : Fault::body_unreadable, "", refused.detail()});
  }
  return out;
}

}  // namespace cuadre
