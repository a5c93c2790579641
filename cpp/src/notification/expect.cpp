// Is an event what the order says? Every difference by name, with a sentence for whoever has to decide.
#include <algorithm>

#include "cuadre/notification.hpp"
#include "cuadre/notification/table.hpp"

namespace cuadre {
namespace {

struct Words {
  std::string_view name, en, es;
};
#define CUADRE_X(name, en, es) {#name, en, es},
constexpr Words kWords[] = {CUADRE_EVENT_MISMATCHES(CUADRE_X)};
#undef CUADRE_X

std::string filled(std::string_view sentence, const Mismatch& with) {
  std::string out(sentence);
  const auto fill = [&out](std::string_view mark, const std::string& value) {
    if (const std::size_t at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), value);
  };
  // The one further behind first: a value may hold what looks like a mark.
  const bool expected_first = out.find("{expected}") < out.find("{found}");
  if (expected_first) fill("{found}", with.found);
  fill("{expected}", with.expected);
  if (!expected_first) fill("{found}", with.found);
  return out;
}

std::string text(const Money& money) { return std::string(money.currency().code()) + " " + money.amount_text(); }

std::string faults(const Notification& event) {
  std::string all;
  for (const Notification::Fault& fault : event.faults) {
    all += (all.empty() ? "" : ", ") + std::string(name(fault.fault));
    if (!fault.field.empty()) all += " (" + fault.field + ")";
  }
  return all;
}

void check(const ExpectedOrder& order) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorCode::argument_invalid, what); };
  if (order.gateway.empty()) refuse("the order does not say its gateway: gateway=\"payu\"");
  if (order.reference.empty() && order.gateway_id.empty())
    refuse("the order says neither its reference nor the gateway's id, so any payment would do: give reference=");
  if (!order.amount && !order.currency)
    refuse("the order does not say its amount, so any would do: give amount=, or for an open amount currency=");
  if (order.amount && order.currency && order.amount->currency() != *order.currency)
    refuse("the order's amount is in " + std::string(order.amount->currency().code()) + ", and its currency is " +
           std::string(order.currency->code()));
  if (!order.environment.empty() && order.environment != "production" && order.environment != "test")
    refuse("environment is \"production\" or \"test\", not \"" + order.environment + "\"");
}

// As the events of this gateway have it: a CIP without the zeros in front.
std::string gateway_id_of(const ExpectedOrder& order) {
  const std::size_t first = order.gateway_id.find_first_not_of('0');
  const auto stripped = [](const NotificationMap& map) { return map.strip_zeros; };
  if (first == std::string::npos || std::ranges::none_of(notification_table(order.gateway).messages, stripped))
    return order.gateway_id;
  return order.gateway_id.substr(first);
}

// What says that money moved; a chargeback or report has no such word.
std::optional<EventStatus> status_of(const ExpectedOrder& order) {
  if (order.status) return order.status;
  if (order.kind == EventKind::payment) return EventStatus::paid;
  if (order.kind == EventKind::refund || order.kind == EventKind::payout) return EventStatus::completed;
  return std::nullopt;
}

std::string text(std::string_view of) { return std::string(of); }

}  // namespace

std::string_view name(EventMismatch mismatch) noexcept { return kWords[static_cast<std::size_t>(mismatch)].name; }

std::vector<Mismatch> expect(const Notification& event, const ExpectedOrder& order) {
  check(order);
  using enum EventMismatch;
  std::vector<Mismatch> out;
  const auto put_aside = [&out](EventMismatch what, std::string expected, std::string found) {
    Mismatch made{what, std::move(expected), std::move(found), "", ""};
    made.sentence_en = filled(kWords[static_cast<std::size_t>(what)].en, made);
    made.sentence_es = filled(kWords[static_cast<std::size_t>(what)].es, made);
    out.push_back(std::move(made));
  };
  const auto compare = [&](const std::string& expected, const std::string& found, EventMismatch other,
                           EventMismatch missing, std::string_view field) {
    if (expected.empty()) return;
    if (expected != found) return put_aside(found.empty() ? missing : other, expected, found);
    if (std::ranges::count(event.unsigned_fields, field) != 0) put_aside(not_signed, expected, std::string(field));
  };
  if (!event.faults.empty()) put_aside(incomplete, "", faults(event));
  compare(order.gateway, event.gateway, other_gateway, other_gateway, "gateway");
  compare(order.merchant, event.merchant, other_merchant, merchant_missing, "merchant");
  compare(order.reference, event.reference, other_reference, reference_missing, "reference");
  compare(gateway_id_of(order), event.gateway_id, other_gateway_id, gateway_id_missing, "gateway_id");
  const Currency currency = order.amount ? order.amount->currency() : *order.currency;
  const std::string wanted = order.amount ? text(*order.amount) : std::string(currency.code());
  if (!event.amount) {
    put_aside(amount_missing, wanted, "");
  } else if (event.amount->currency() != currency) {
    put_aside(other_currency, wanted, text(*event.amount));
  } else if (order.amount && *order.amount != *event.amount) {
    put_aside(other_amount, wanted, text(*event.amount));
  }
  if (event.kind != order.kind) put_aside(other_kind, text(name(order.kind)), text(name(event.kind)));
  if (const std::optional<EventStatus> status = status_of(order); status && !event.status) {
    // A word that no table holds is told already.
    if (std::ranges::none_of(event.faults,
                             [](const auto& each) { return each.fault == NotificationFault::status_unknown; }))
      put_aside(status_missing, text(name(*status)), event.status_word);
  } else if (status && *status != *event.status) {
    put_aside(other_status, text(name(*status)), text(name(*event.status)));
  }
  // A test pays nobody, so it is what was asked for only where a test was asked for.
  const bool production = order.environment != "test";
  const std::string environment =
      order.environment.empty() && event.environment == "test" ? "production" : order.environment;
  compare(environment, event.environment, production ? test_event_in_production : production_event_in_test,
          environment_missing, "environment");
  return out;
}

}  // namespace cuadre
