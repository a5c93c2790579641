// The three machines as data: voucher (pay-in), refund, payout (cash-out). Every state, every event, every rule, what
// is booked. The core, the tests, the drawings and the help text read these tables; there is no transition outside
// them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cuadre {

enum class Machine : std::uint8_t { voucher, refund, payout };
inline constexpr std::size_t kMachines = 3;

// ---- voucher: name, whether money is there that a person has to decide about, English, Spanish
#define CUADRE_VOUCHER_STATES(X)                                                                                     \
  X(created, false, "made, and not yet at the gateway", "creado, aún no está en la pasarela")                        \
  X(pending, false, "waiting for the cash", "a la espera del efectivo")                                              \
  X(paid, false, "the amount due was paid", "se pagó lo debido")                                                     \
  X(settled, false, "paid, and all of it handed on to the merchant", "pagado y abonado por entero al comercio")      \
  X(partly_refunded, false, "paid, and some of it given back", "pagado y devuelto en parte")                         \
  X(refunded, false, "all that was paid was given back", "se devolvió todo lo pagado")                               \
  X(underpaid, true, "review: less than the amount due is there", "revisión: hay menos de lo debido")                \
  X(overpaid, true, "review: more came in than was due", "revisión: entró más de lo debido")                         \
  X(paid_late, true, "review: paid after the voucher had ended", "revisión: se pagó después de terminado el código") \
  X(paid_twice, true, "review: the whole amount was paid again", "revisión: se pagó otra vez el total")              \
  X(expired, false, "not paid in time; may still be paid or reopened",                                               \
    "no se pagó a tiempo; aún puede pagarse o reabrirse")                                                            \
  X(cancelled, false, "taken back before it was paid", "retirado antes de pagarse")                                  \
  X(rejected, false, "refused by the gateway", "rechazado por la pasarela")                                          \
  X(reversed, false, "paid, and all of it taken back", "pagado y anulado por entero")

// name, whether it carries an amount, English, Spanish. At one instant they stand in this order.
#define CUADRE_VOUCHER_EVENTS(X)                                                                                \
  X(pending, false, "the gateway waits for the cash", "la pasarela espera el efectivo")                         \
  X(extended, false, "the voucher may be paid until a later time", "el código puede pagarse hasta más tarde")   \
  X(paid, true, "cash was paid", "se pagó en efectivo")                                                         \
  X(settled, true, "a payment was handed on to the merchant", "un pago se abonó al comercio")                   \
  X(refund_requested, true, "a refund was asked for, and is set aside", "se pidió una devolución y se reserva") \
  X(refunded, true, "money was given back", "se devolvió dinero")                                               \
  X(refund_failed, false, "a refund that was asked for came to nothing", "una devolución pedida no se hizo")    \
  X(reversed, true, "the gateway took a payment back", "la pasarela anuló un pago")                             \
  X(accepted, false, "a person accepts the money as it stands", "una persona acepta el dinero tal como está")   \
  X(expired, false, "the time to pay is over", "venció el plazo de pago")                                       \
  X(cancelled, false, "the voucher was taken back", "el código fue retirado")                                   \
  X(rejected, false, "the gateway refuses the voucher", "la pasarela rechaza el código")

#define CUADRE_REFUND_STATES(X)                                                                            \
  X(requested, false, "asked for", "pedida")                                                               \
  X(awaiting_approval, false, "some have approved, more must", "aprobada por unos, faltan otros")          \
  X(approved, false, "may be sent", "puede enviarse")                                                      \
  X(sent, false, "sent to the gateway, no answer yet", "enviada a la pasarela, sin respuesta aún")         \
  X(processing, false, "the gateway is at it", "en proceso en la pasarela")                                \
  X(refunded, false, "the money is back with the buyer", "el dinero volvió al comprador")                  \
  X(in_payout, false, "handed to a payout, because cash cannot go back", "pasada a un retiro en efectivo") \
  X(failed, false, "the gateway could not do it", "la pasarela no pudo hacerla")                           \
  X(rejected, false, "a person said no", "una persona dijo que no")                                        \
  X(cancelled, false, "taken back before the money left", "retirada antes de salir el dinero")             \
  X(unknown, true, "no answer: ask the gateway, or send again with the same key; never anew",              \
    "sin respuesta: consultar, o reenviar con la misma clave; nunca otra nueva")

#define CUADRE_REFUND_EVENTS(X)                                                                                \
  X(approved, false, "a person approves", "una persona aprueba")                                               \
  X(declined, false, "a person says no", "una persona dice que no")                                            \
  X(sent, false, "our request went to the gateway", "nuestra petición salió a la pasarela")                    \
  X(timed_out, false, "the gateway did not answer", "la pasarela no respondió")                                \
  X(not_found, false, "the gateway, when asked, knows nothing of it", "la pasarela, consultada, no la conoce") \
  X(processing, false, "the gateway is at it", "la pasarela la procesa")                                       \
  X(refunded, true, "the gateway gave the money back", "la pasarela devolvió el dinero")                       \
  X(payout_started, false, "a payout takes it over", "la asume un retiro en efectivo")                         \
  X(payout_collected, false, "the buyer collected that payout", "el comprador cobró ese retiro")               \
  X(payout_failed, false, "that payout ended without the money reaching the buyer",                            \
    "ese retiro terminó sin que el dinero llegara al comprador")                                               \
  X(payout_returned, false, "that payout's money came back after it had been collected",                       \
    "el dinero de ese retiro volvió después de cobrado")                                                       \
  X(failed, false, "the gateway could not do it", "la pasarela no pudo hacerla")                               \
  X(cancelled, false, "taken back", "retirada")

#define CUADRE_PAYOUT_STATES(X)                                                                    \
  X(created, false, "made, and not yet sent", "creado, aún no enviado")                            \
  X(sent, false, "sent to the gateway, no answer yet", "enviado a la pasarela, sin respuesta aún") \
  X(waiting, false, "the code is out, the cash waits", "el código salió, el efectivo espera")      \
  X(collected, false, "the cash was collected", "el efectivo fue cobrado")                         \
  X(expired, false, "not collected in time", "no se cobró a tiempo")                               \
  X(reversed, false, "taken back before it was collected", "retirado antes de cobrarse")           \
  X(returned, false, "came back after it had been collected", "volvió después de cobrado")         \
  X(rejected, false, "refused by the gateway", "rechazado por la pasarela")                        \
  X(unknown, true, "no answer: ask the gateway, or send again with the same key; never anew",      \
    "sin respuesta: consultar, o reenviar con la misma clave; nunca otro nuevo")

#define CUADRE_PAYOUT_EVENTS(X)                                                                                \
  X(sent, false, "our request went to the gateway", "nuestra petición salió a la pasarela")                    \
  X(timed_out, false, "the gateway did not answer", "la pasarela no respondió")                                \
  X(not_found, false, "the gateway, when asked, knows nothing of it", "la pasarela, consultada, no lo conoce") \
  X(waiting, false, "the code is out", "el código salió")                                                      \
  X(collected, true, "the cash was collected", "el efectivo fue cobrado")                                      \
  X(returned, false, "the money came back after it had been collected", "el dinero volvió después de cobrado") \
  X(expired, false, "the time to collect is over", "venció el plazo de cobro")                                 \
  X(reversed, false, "taken back before it was collected", "retirado antes de cobrarse")                       \
  X(rejected, false, "refused: document, limit, no cash at the point",                                         \
    "rechazado: documento, límite, punto sin efectivo")

#define CUADRE_X(name, flag, en, es) name,
enum class VoucherState : std::uint8_t { CUADRE_VOUCHER_STATES(CUADRE_X) };
enum class VoucherEvent : std::uint8_t { CUADRE_VOUCHER_EVENTS(CUADRE_X) };
enum class RefundState : std::uint8_t { CUADRE_REFUND_STATES(CUADRE_X) };
enum class RefundEvent : std::uint8_t { CUADRE_REFUND_EVENTS(CUADRE_X) };
enum class PayoutState : std::uint8_t { CUADRE_PAYOUT_STATES(CUADRE_X) };
enum class PayoutEvent : std::uint8_t { CUADRE_PAYOUT_EVENTS(CUADRE_X) };
#undef CUADRE_X

// ---- guards: name, what holds. `amount` is the event's; `there` is paid less reversed less refunded, before the
// event.
#define CUADRE_GUARDS(X)                                                                           \
  X(always, "otherwise")                                                                           \
  X(there_below_due, "there + amount is less than due")                                            \
  X(there_above_due, "there + amount is more than due")                                            \
  X(after_expiry, "it occurred after the time to pay")                                             \
  X(late_before, "some of what is there was late and never accepted")                              \
  X(whole_again, "the amount is that of the whole voucher")                                        \
  X(beyond_there, "the amount is more than what is there")                                         \
  X(leaves_nothing, "the amount is all that is there")                                             \
  X(leaves_due_late, "the due amount is left, and some of it was late and never accepted")         \
  X(leaves_due_settled, "the due amount is left, and all of it is settled")                        \
  X(leaves_due, "the due amount is left")                                                          \
  X(leaves_more, "more than the due amount is left")                                               \
  X(beyond_paid, "settled + amount is more than was paid")                                         \
  X(settles_all, "settled + amount is at least paid less reversed")                                \
  X(all_settled, "settled is at least paid less reversed")                                         \
  X(expiry_moved, "the clock speaks of an expiry that is no longer in force")                      \
  X(expiry_past, "the new expiry is not after the event")                                          \
  X(refund_none, "the gateway gives no cash back, and the code is not payout: none takes it over") \
  X(beyond_free, "the amount is more than what is there and not set aside")                        \
  X(refund_part, "only whole payments are given back, and the amount is that of none")             \
  X(refund_unsettled, "refunds wait for the settlement, and not all is settled")                   \
  X(window_closed, "it occurred after the window for refunds, counted from the first payment")     \
  X(request_open, "a refund of this id is set aside")                                              \
  X(request_done, "a refund of this id was given back")                                            \
  X(own_approval, "who approves is who asked")                                                     \
  X(approvals_complete, "with this one there are as many approvals as the amount needs")           \
  X(approvals_missing, "approvals are needed, and not all are there")                              \
  X(other_key, "sent before under another key")                                                    \
  X(other_amount, "the event has an amount, and it is not the agreed one")                         \
  X(from_gateway, "the gateway says it: notification, poll or settlement")                         \
  X(by_payout, "a payout had taken it over")                                                       \
  X(other_payout, "it is about another payout than the one that took it over")                     \
  X(point_empty, "the code is no_cash: that point had no cash, another may")

// ---- bookings: name, entries. The accounts stand in Account; + is debit, - credit; every booking sums to zero.
#define CUADRE_BOOKINGS(X)                                                                                    \
  X(nothing, "")                                                                                              \
  X(receive, "gateway +amount, buyer -amount: held for the buyer")                                            \
  X(receive_earn, "gateway +amount, merchant -amount; what was held goes to the merchant")                    \
  X(earn, "buyer +held, merchant -held")                                                                      \
  X(settle, "bank +net, fees +fee, taxes +tax, gateway -amount")                                              \
  X(take_back, "gateway -amount; buyer + as far as held, merchant + the rest")                                \
  X(take_back_earn, "as take_back, then earn")                                                                \
  X(give_back, "refunds -amount; buyer + as far as held, merchant + the rest")                                \
  X(give_back_earn, "as give_back, then earn")                                                                \
  X(repay, "refunds +amount, gateway -amount")                                                                \
  X(repay_undo, "refunds -amount, gateway +amount")                                                           \
  X(hand_over, "refunds +amount, payouts -amount")                                                            \
  X(hand_over_undo, "refunds -amount, payouts +amount")                                                       \
  X(commit, "merchant +amount, payouts -amount; nothing where a refund pays for it, or if committed already") \
  X(collect, "commit; then payouts +amount, gateway -amount")                                                 \
  X(release, "payouts +amount, merchant -amount; nothing where a refund pays for it, or if not committed")    \
  X(come_back, "gateway +amount, payouts -amount; then release")

// ---- accounts of the double entry. A balance below zero is owed.
#define CUADRE_ACCOUNTS(X)                                                     \
  X(buyer, "minus: cash of buyers that nobody has decided about")              \
  X(gateway, "plus: what the gateway owes the merchant; minus: the other way") \
  X(bank, "plus: what reached the merchant's bank")                            \
  X(fees, "plus: what gateways kept as fees")                                  \
  X(taxes, "plus: what was withheld, and taxes on fees")                       \
  X(merchant, "minus: what the merchant has earned")                           \
  X(refunds, "minus: refunds owed and not yet paid; to zero when they are")    \
  X(payouts, "minus: payouts owed and not yet collected; to zero when they are")

enum class StepOutcome : std::uint8_t { applied, duplicate, stale, quarantined, refused };

// ---- reasons: name, English, Spanish. What a step did, or why it did not.
#define CUADRE_STEP_REASONS(X)                                                                                    \
  X(none, "as expected", "como se esperaba")                                                                      \
  X(seen_before, "told before", "ya se había informado")                                                          \
  X(already_so, "that was so already", "ya estaba así")                                                           \
  X(after_payment, "older than the payment, or overtaken by it", "superado por el pago")                          \
  X(ended_already, "it had ended before", "ya había terminado")                                                   \
  X(reopened, "it is open again", "está abierto otra vez")                                                        \
  X(paid_short, "less than the amount due is there", "hay menos de lo debido")                                    \
  X(paid_over, "more came in than was due", "entró más de lo debido")                                             \
  X(paid_after_end, "paid after the voucher had ended", "se pagó después de terminado el código")                 \
  X(paid_again, "the whole amount was paid again", "se pagó otra vez el total")                                   \
  X(learnt_from_settlement, "no notification of this payment ever came; the settlement shows it",                 \
    "nunca llegó el aviso de este pago; la liquidación lo muestra")                                               \
  X(surplus_gone, "what was too much is gone, the amount due is left", "el exceso salió, queda lo debido")        \
  X(pending_after_payment, "the gateway says unpaid after a payment: ask whether it was taken back",              \
    "la pasarela dice impago después de un pago: consultar si lo anuló")                                          \
  X(ended_after_payment, "the gateway ends a voucher that is paid: ask whether the payment was taken back",       \
    "la pasarela termina un código pagado: consultar si anuló el pago")                                           \
  X(open_after_end, "the gateway says open after it was cancelled or rejected",                                   \
    "la pasarela lo da por abierto después de retirado o rechazado")                                              \
  X(nothing_paid, "no payment is known that this could be about", "no se conoce un pago al que se refiera")       \
  X(beyond_paid, "more than was paid and is still there", "más de lo pagado que aún queda")                       \
  X(settled_beyond_paid, "more is settled than was paid", "se liquida más de lo pagado")                          \
  X(taken_back_in_part, "part of a payment was taken back", "se anuló parte de un pago")                          \
  X(expiry_moved, "the time to pay was moved", "el plazo de pago se había movido")                                \
  X(expiry_past, "the new time to pay is over already", "el nuevo plazo ya venció")                               \
  X(refund_not_offered, "this gateway gives no cash back: a payout must take it over",                            \
    "esta pasarela no devuelve efectivo: debe asumirla un retiro")                                                \
  X(part_not_offered, "this gateway gives back whole payments only", "esta pasarela solo devuelve pagos enteros") \
  X(not_settled, "refunds wait for the settlement here", "aquí las devoluciones esperan la liquidación")          \
  X(window_closed, "the window for refunds is closed", "el plazo de devolución venció")                           \
  X(refund_unknown, "no refund of this id is set aside", "no hay devolución reservada con ese id")                \
  X(failed_after_done, "a refund fails that was given back: ask where the money is",                              \
    "falla una devolución ya hecha: consultar dónde está el dinero")                                              \
  X(nothing_to_accept, "nothing waits for a decision", "nada espera una decisión")                                \
  X(four_eyes, "who asked may not approve", "quien pide no puede aprobar")                                        \
  X(not_approved, "not approved", "sin aprobación")                                                               \
  X(without_approval, "the money left without an approval", "el dinero salió sin aprobación")                     \
  X(against_our_word, "the gateway went on after it was cancelled or rejected here",                              \
    "la pasarela siguió después de retirada o rechazada aquí")                                                    \
  X(too_late, "too late: it is with the gateway", "demasiado tarde: está en la pasarela")                         \
  X(other_key, "sent again under another key: it could be paid twice",                                            \
    "reenviado con otra clave: podría pagarse dos veces")                                                         \
  X(unknown_first, "first find out what the gateway did", "primero averiguar qué hizo la pasarela")               \
  X(send_again, "may be sent again, with the same key", "puede reenviarse, con la misma clave")                   \
  X(not_sent, "the gateway answers what was never sent", "la pasarela responde a algo que no se envió")           \
  X(corrected, "the gateway corrects itself", "la pasarela se corrige")                                           \
  X(came_back, "the money came back", "el dinero volvió")                                                         \
  X(no_payout, "no payout had taken it over", "ningún retiro la había asumido")                                   \
  X(collected_late, "collected after it had ended", "cobrado después de terminado")                               \
  X(collected_twice, "collected a second time", "cobrado por segunda vez")                                        \
  X(not_collected, "nothing was collected that could come back", "nada se había cobrado que pudiera volver")      \
  X(point_empty, "that point had no cash; another may", "ese punto no tenía efectivo; otro puede tenerlo")        \
  X(amount_differs, "another amount than agreed", "otro monto que el acordado")                                   \
  X(content_differs, "the same id was told before with other content",                                            \
    "el mismo id se informó antes con otro contenido")                                                            \
  X(report_differs, "a report without an id, whose amount agrees with no payment known",                          \
    "un informe sin id cuyo monto no coincide con ningún pago conocido")                                          \
  X(other_record, "it is about another gateway, reference or environment",                                        \
    "es de otra pasarela, referencia o ambiente")                                                                 \
  X(other_currency, "another currency", "otra moneda")                                                            \
  X(amount_missing, "an amount is needed", "falta el monto")                                                      \
  X(amount_not_positive, "an amount is above zero", "el monto debe ser mayor que cero")                           \
  X(amount_too_large, "no voucher is as large as this", "ningún código es tan grande")                            \
  X(id_missing, "an id is needed", "falta el id")                                                                 \
  X(id_too_long, "an id, person or code is longer than 255 bytes", "un id, persona o código pasa de 255 bytes")   \
  X(expiry_missing, "the new expiry is needed", "falta el nuevo plazo")                                           \
  X(person_missing, "who did it is needed", "falta quién lo hizo")                                                \
  X(time_impossible, "it occurred before the record was made, or after it was received",                          \
    "ocurrió antes de crearse el registro o después de recibirse")                                                \
  X(word_unknown, "a kind or source that no table knows", "un tipo o una fuente que ninguna tabla conoce")        \
  X(time_missing, "when it occurred, or was received, is not said", "falta cuándo ocurrió o se recibió")          \
  X(amount_unreadable, "not an exact amount of its currency", "no es un monto exacto de su moneda")               \
  X(too_many, "more events than any real one has", "más eventos que los de uno real")

#define CUADRE_X(name, ...) name,
enum class Guard : std::uint8_t { CUADRE_GUARDS(CUADRE_X) };
enum class Booking : std::uint8_t { CUADRE_BOOKINGS(CUADRE_X) };
enum class Account : std::uint8_t { CUADRE_ACCOUNTS(CUADRE_X) };
enum class StepReason : std::uint8_t { CUADRE_STEP_REASONS(CUADRE_X) };
#undef CUADRE_X
inline constexpr std::size_t kAccounts = 8;

// One rule. For a state and an event the rules are tried in the table's order; the last has no condition.
struct MachineRule {
  std::uint32_t from;  // one bit a state
  std::uint8_t event;
  Guard guard = Guard::always;
  std::uint8_t to = 0;  // kSameState: it stays
  StepOutcome outcome = StepOutcome::applied;
  StepReason reason = StepReason::none;
  Booking booking = Booking::nothing;
  bool waits = false;  // tried again after each later step: what it needs may only stand later in time
};
inline constexpr std::uint8_t kSameState = 0xff;

struct StateInfo {
  std::string_view name;
  bool review;
  std::string_view en, es;
};
struct EventInfo {
  std::string_view name;
  bool has_amount;  // it moves money, and is known by the id of its operation
  std::string_view en, es;
};

// State 0 is where a record starts.
struct MachineTable {
  std::string_view name;
  std::span<const StateInfo> states;
  std::span<const EventInfo> events;
  std::span<const MachineRule> rules;
};
const MachineTable& machine_table(Machine machine) noexcept;

// By name; Error(argument_invalid) with the names there are, and the nearest, for any other word.
Machine machine_named(std::string_view word);
std::uint8_t event_named(Machine machine, std::string_view word);
std::optional<std::uint8_t> find_event(Machine machine, std::string_view word) noexcept;

struct NamedText {
  std::string_view name, en, es;
};
NamedText text_of(Guard guard) noexcept;  // es is empty: guards and bookings are read by developers
NamedText text_of(Booking booking) noexcept;
NamedText text_of(Account account) noexcept;
NamedText text_of(StepReason reason) noexcept;
NamedText text_of(StepOutcome outcome) noexcept;

// The rules of a table by state and event, for the fold; also for tables that a test has changed.
class MachineIndex {
 public:
  explicit MachineIndex(const MachineTable& table);  // Error(argument_invalid) for one with more than it can number
  // In the table's order, never empty for a sound table.
  std::span<const std::uint16_t> rules(std::uint8_t state, std::uint8_t event) const noexcept {
    const Range range = ranges_[state][event];
    return {order_.data() + range.begin, range.size};
  }
  const MachineTable& table() const noexcept { return *table_; }

 private:
  struct Range {
    std::uint16_t begin = 0, size = 0;
  };
  const MachineTable* table_;
  std::array<std::array<Range, 16>, 16> ranges_{};
  std::vector<std::uint16_t> order_;  // of each pair of state and event, one pair after another
};
const MachineIndex& machine_index(Machine machine);

// What is wrong with a table, in words; empty: every pair of state and event is decided, every rule can be reached,
// every state can be entered and left for another, nothing is booked by a step that is not applied.
std::string table_fault(const MachineTable& table);

}  // namespace cuadre
