// What a verified message says: a typed event. Strict: a field that is missing, doubled or of another type is an
// outcome, never a guess, and status words become statuses through published tables alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuadre/money.hpp"
#include "cuadre/signature.hpp"

namespace cuadre {

#define CUADRE_EVENT_KINDS(X) X(payment) X(refund) X(payout) X(chargeback) X(report) X(other)
enum class EventKind : std::uint8_t {
#define CUADRE_X(name) name,
  CUADRE_EVENT_KINDS(CUADRE_X)
#undef CUADRE_X
};

// Ours, for every gateway. name, what it means.
#define CUADRE_EVENT_STATUSES(X)                                                  \
  X(pending, "created and not paid yet")                                          \
  X(authorised, "promised by the payer's bank; whether it was taken is not said") \
  X(paid, "money was taken")                                                      \
  X(settled, "money was handed on to the merchant")                               \
  X(expired, "not paid in time; may still be paid or reopened")                   \
  X(cancelled, "taken back before it was paid")                                   \
  X(rejected, "refused by the gateway")                                           \
  X(reversed, "paid, and then taken back")                                        \
  X(processing, "a refund or payout on its way")                                  \
  X(completed, "a refund or payout that arrived")                                 \
  X(failed, "a refund or payout that did not")                                    \
  X(returned, "a payout that came back after it had arrived")
enum class EventStatus : std::uint8_t {
#define CUADRE_X(name, text) name,
  CUADRE_EVENT_STATUSES(CUADRE_X)
#undef CUADRE_X
};
std::string_view name(EventKind kind) noexcept;
std::string_view name(EventStatus status) noexcept;

// What kept a message from being a complete event; values, not failures.
#define CUADRE_NOTIFICATION_FAULTS(X)                                          \
  X(body_unreadable, "not the JSON or form that the gateway sends")            \
  X(field_missing, "a field that the event needs is not there")                \
  X(field_repeated, "a field that stands twice")                               \
  X(field_invalid, "a field of another type or form")                          \
  X(amount_invalid, "an amount that is not written as this gateway writes it") \
  X(currency_unknown, "a currency that ISO 4217 does not list")                \
  X(status_unknown, "a status word that no published table holds")             \
  X(kind_unknown, "an event type that no published table holds")               \
  X(not_signed, "a field that the signature does not cover, or one that contradicts what it covers")
enum class NotificationFault : std::uint8_t {
#define CUADRE_X(name, text) name,
  CUADRE_NOTIFICATION_FAULTS(CUADRE_X)
#undef CUADRE_X
};
std::string_view name(NotificationFault fault) noexcept;

struct Notification {
  std::string gateway;
  std::string event_id;  // the key for duplicates: from fields of the event, never from transport headers
  EventKind kind = EventKind::other;
  std::string event_type;  // as the gateway writes it: "cip.paid"
  std::string reference;   // ours: the merchant's order reference
  std::string gateway_id;  // theirs: payment, refund or payout id; the CIP
  // Which payment, refund or payout it is about, by the gateway's own id. None: something that may be paid more than
  // once, and the message does not say which payment it means.
  std::optional<std::string> operation_id;
  std::vector<std::pair<std::string, std::string>> ids;  // every other id, by the gateway's own name
  std::optional<Money> amount;
  std::string status_word;  // as the gateway writes it
  std::optional<EventStatus> status;
  std::string occurred_at;  // as written; empty where the message has none
  std::optional<std::int64_t> occurred_at_us;
  std::string environment;  // "production", "test", or empty where the message does not say
  std::string merchant;     // the account it was sent to, as the gateway names it; empty where not said
  struct Fault {
    NotificationFault fault;
    std::string field, detail;
  };
  std::vector<Fault> faults;  // empty: complete
  // Of "reference", "gateway_id", "merchant", "environment" those it says and its signature does not vouch for: no
  // order is matched by them.
  std::vector<std::string_view> unsigned_fields;
};

// The message that was verified, by the name of its scheme (cuadre/notification/table.hpp says how each is read); where
// one message brings several kinds, the body decides. Throws Error(scheme_unknown) for a message without a table,
// saying why; everything about the body is a fault in the result. `proven` is what its signature vouches for. A status,
// an amount or its currency outside it is a fault: anyone may have written it, so the gateway has to be asked. What
// else is outside stands in `unsigned_fields`. Nothing at all is covered where a sender shows credentials instead of
// signing.
struct Proven {
  std::string_view event_id;
  Covered covered;
};
Notification read_notification(std::string_view gateway, std::string_view message, std::string_view body,
                               const Proven* proven = nullptr);

// What keeps an event from being booked on an order: it is put aside for a person, by name and in one sentence.
// {expected} is what the order says, {found} what the event does.
#define CUADRE_EVENT_MISMATCHES(X)                                                                                    \
  X(incomplete, "The event cannot be read in full: {found}.", "El evento no se pudo leer completo: {found}.")         \
  X(not_signed, "The signature does not cover the event's {found}, so anyone may have written it: ask the gateway.",  \
    "La firma no cubre el dato {found} del evento, así que cualquiera pudo escribirlo: consulte a la pasarela.")      \
  X(other_gateway, "The event is of {found}, and the order of {expected}.",                                           \
    "El evento es de {found} y el pedido de {expected}.")                                                             \
  X(other_merchant, "The event was sent to the account {found}, and the order is of {expected}.",                     \
    "El evento se envió a la cuenta {found} y el pedido es de {expected}.")                                           \
  X(merchant_missing, "The event does not say its account, and the order is of {expected}.",                          \
    "El evento no dice su cuenta y el pedido es de {expected}.")                                                      \
  X(other_reference, "The event is of the order {found}, and not of {expected}.",                                     \
    "El evento es del pedido {found} y no de {expected}.")                                                            \
  X(reference_missing, "The event does not say which order it is of; expected was {expected}.",                       \
    "El evento no dice de qué pedido es; se esperaba {expected}.")                                                    \
  X(other_gateway_id, "The event is of another payment of the gateway.", "El evento es de otro pago de la pasarela.") \
  X(gateway_id_missing, "The event does not say the gateway's id of the payment.",                                    \
    "El evento no dice el identificador del pago en la pasarela.")                                                    \
  X(other_amount, "The event is for {found}, and the order for {expected}.",                                          \
    "El evento es por {found} y el pedido por {expected}.")                                                           \
  X(other_currency, "The event is in another currency: {found}, and the order {expected}.",                           \
    "El evento está en otra moneda: {found} y el pedido {expected}.")                                                 \
  X(amount_missing, "The event does not say its amount; expected was {expected}.",                                    \
    "El evento no dice su importe; se esperaba {expected}.")                                                          \
  X(other_kind, "The event is a \"{found}\", and a \"{expected}\" was expected.",                                     \
    "El evento es de tipo \"{found}\" y se esperaba \"{expected}\".")                                                 \
  X(other_status, "The event says \"{found}\", and \"{expected}\" was expected.",                                     \
    "El evento dice \"{found}\" y se esperaba \"{expected}\".")                                                       \
  X(status_missing, "The event does not say its status; expected was \"{expected}\".",                                \
    "El evento no dice su estado; se esperaba \"{expected}\".")                                                       \
  X(test_event_in_production, "A test event for an order in production: nothing was paid.",                           \
    "Evento de prueba para un pedido de producción: no se pagó nada.")                                                \
  X(production_event_in_test, "An event of production for a test order.",                                             \
    "Evento de producción para un pedido de prueba.")                                                                 \
  X(environment_missing, "The event does not say whether it is a test; expected was {expected}.",                     \
    "El evento no dice si es de prueba; se esperaba {expected}.")
enum class EventMismatch : std::uint8_t {
#define CUADRE_X(name, en, es) name,
  CUADRE_EVENT_MISMATCHES(CUADRE_X)
#undef CUADRE_X
};
std::string_view name(EventMismatch mismatch) noexcept;

struct Mismatch {
  EventMismatch what{};
  std::string expected, found;  // as text; ids of the gateway stand here, and in no sentence
  std::string sentence_en, sentence_es;
};

// What the order says. What is empty is not compared; what is given and not said by the event is a mismatch.
struct ExpectedOrder {
  std::string gateway{}, merchant{}, reference{}, gateway_id{};
  std::optional<Money> amount{};
  std::optional<Currency> currency{};  // instead of an amount, where any amount will do
  std::string environment{};           // "production" or "test"; empty: a test event is put aside all the same
  EventKind kind = EventKind::payment;
  std::optional<EventStatus> status{};  // empty: what says that money moved: paid, or for a refund or payout completed
};

// Why the event has to be put aside; empty: it agrees with the order in everything that the order says. Throws
// Error(argument_invalid) for an order that says too little to tell events apart (its gateway, its reference or the
// gateway's id, its amount or currency), and for an environment that is neither.
std::vector<Mismatch> expect(const Notification& event, const ExpectedOrder& order);

}  // namespace cuadre
