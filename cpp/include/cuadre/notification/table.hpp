// How the messages of one gateway are read: where each value stands, and what its words mean. Data alone, written in
// the gateway's own file; the reader knows no gateway by name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "cuadre/money/wire.hpp"
#include "cuadre/notification.hpp"

namespace cuadre {

// Paths: "a|b": one of them, two present is a fault; "a+b": all of them, ":" between; "=COP": that very text;
// "@a.b": inside the document that stands as text in `inner`. Empty: this message never says it.
struct NotificationMap {
  std::string_view messages;  // those that look like this, as the schemes name them: "ipn answer"; words: the first
  std::optional<EventKind> kind{};  // only words of this kind, where one message brings several
  enum class Body : std::uint8_t { json, form } body = Body::json;
  std::string_view inner{};
  std::string_view event_id{};
  std::string_view event_type{};
  std::string_view status{};     // what the words are asked for
  bool status_is_event = false;  // an unknown word is an unknown kind of event
  std::string_view reference{}, gateway_id{}, merchant{};
  // The gateway's id stands for what may be paid more than once (a CIP); `payment_id` is the one of `ids` that names
  // the payment, empty where none does.
  bool paid_more_than_once = false;
  std::string_view payment_id{};
  std::string_view needed{};  // of "reference", "gateway_id", "amount", "merchant": those a payment cannot do without
  bool strip_zeros = false;   // of gateway_id
  bool id_apart = false;      // the body is not signed, an id beside it is: gateway_id must be that one
  std::string_view amount{}, currency{};
  bool currency_any_case = false;    // "pen" is PEN
  std::string_view currency_only{};  // the gateway pays in no other: believed where the signature leaves it out
  enum class Written : std::uint8_t { number, text, either } amount_written = Written::number;
  WireForm wire{};
  bool cop_whole = false;           // pesos without decimals, whatever `wire` says
  std::string_view wire_message{};  // its name in the wire rules, where it has one
  std::string_view time{};
  enum class Time : std::uint8_t { text, iso, unix_s, unix_ms, utc } time_written = Time::iso;
  std::string_view environment{}, production_word{}, test_word{};
  std::string_view ids{};  // "payment_id bank_reference_id": kept by these names
  // Of several maps for one message the first that fits: "a.b": a body that has this; "a.b^REF": whose text there
  // begins so; empty: any body.
  std::string_view marker{};
};

// One word, in the message as its scheme is named (of several that look alike, the first), or in an object of the
// gateway's API by the noun: "payment", "refund". An empty `ours`: known, and deliberately no status (the event has to
// be asked for).
struct StatusWord {
  std::string_view message, theirs;
  EventKind kind;
  std::optional<EventStatus> ours;
  std::string_view status;  // "official", "community", "unverified"
  std::string_view source, note;
};

// A message that is verified and has no map, and what to do instead.
struct NotificationGap {
  std::string_view message, note;
};

struct NotificationTable {
  std::span<const NotificationMap> messages{};
  std::span<const StatusWord> words{};
  std::span<const NotificationGap> gaps{};
};

// Empty where there is no such gateway. The reader asks here; the gateways' floor answers.
const NotificationTable& notification_table(std::string_view gateway);

// Hands each piece between separators to `take`.
void for_each_piece(std::string_view text, char separator, auto&& take) {
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace cuadre
