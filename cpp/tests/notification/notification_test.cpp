// From bytes to events: one body for each gateway, what each fault needs to appear, and the comparison with an order.
#include <gtest/gtest.h>

#include <set>

#include "cuadre/notification/table.hpp"
#include "cuadre/signature.hpp"

namespace cuadre {
namespace {

std::string said(const Notification& event) {
  std::string text = std::string(name(event.kind)) + " " + (event.status ? std::string(name(*event.status)) : "-") +
                     " " + event.reference + " " + event.gateway_id + " ";
  text += event.amount ? event.amount->amount_text() + std::string(event.amount->currency().code()) : "-";
  text += " " + event.environment + " " + event.merchant;
  for (const auto& fault : event.faults) text += " !" + std::string(name(fault.fault)) + "@" + fault.field;
  return text;
}

struct Case {
  const char *gateway, *message, *body, *expected;
};

TEST(Notification, reads_every_gateway) {
  const Case cases[] = {
      {"pagoefectivo", "notification",
       R"({"eventType":"cip.paid","operationNumber":"77","data":{"cip":"00001234","currency":"PEN","amount":22.05}})",
       "payment paid  1234 22.05PEN  "},
      {"pagoefectivo", "notification",
       R"({"EventType":"cip.paid","OperationNumber":7,"Data":{"Cip":9,"Currency":"PEN","Amount":1001.00,"TransactionCode":84}})",
       "payment paid 84 9 1001.00PEN  "},
      {"pagoefectivo", "cip_response",
       R"({"code":100,"data":[{"cip":5,"transactionCode":"o1","amount":25,"currency":"PEN","status":"Cancelado","datePayment":"1900-01-01T00:00:00-05:00"}]})",
       "payment paid o1 5 25.00PEN  "},
      {"efecty", "notification",
       R"({"transaction_id":"t1","status":"paid","reference":"o1","merchant_id":"m","amount":"50000","currency":"COP"})",
       "payment paid o1 t1 50000.00COP  m"},
      {"dlocal", "notification",
       R"({"id":"D-1","amount":50000.00,"currency":"COP","status":"PAID","order_id":"o1","created_date":"2023-08-24T06:32:45.000+0000"})",
       "payment paid o1 D-1 50000.00COP  "},
      {"dlocal", "notification",
       R"({"id":"REF-1","payment_id":"D-1","amount":10.50,"currency":"PEN","status":"REJECTED","status_code":300,"order_id":"o1"})",
       "refund failed o1 REF-1 10.50PEN  "},
      {"dlocal", "payout_notification", "external_id=e1&cashout_id=9&date=2021-04-29 02:16:24&bank_reference_id=r",
       "payout - e1 9 -  "},
      {"payu", "confirmation",
       "reference_sale=o1&reference_pol=7&state_pol=4&value=150.20&currency=COP&merchant_id=508029&test=0&transaction_"
       "id=t",
       "payment paid o1 7 150.20COP production 508029"},
      {"rapyd", "notification",
       R"({"id":"wh_1","type":"PAYMENT_SUCCEEDED","data":{"id":"payment_1","paid":false,"status":"ACT","amount":10,"currency_code":"COP","merchant_reference_id":"o1","paid_at":0}})",
       "payment pending o1 payment_1 10.00COP  "},
      {"rapyd", "notification",
       R"({"id":"wh_1","type":"REFUND_COMPLETED","data":{"id":"refund_1","amount":1.5,"currency":"PEN","status":"Completed","merchant_reference_id":"o1"}})",
       "refund completed o1 refund_1 1.50PEN  "},
      {"mercadopago", "notification",
       R"({"id":1,"live_mode":true,"type":"payment","user_id":44,"action":"payment.updated","data":{"id":"99"}})",
       "payment -  99 - production 44"},
      {"mercadopago", "payment",
       R"({"id":99,"status":"approved","external_reference":"o1","collector_id":44,"transaction_amount":5000,"currency_id":"COP","live_mode":false})",
       "payment paid o1 99 5000.00COP test 44"},
      {"wompi", "event",
       R"({"event":"transaction.updated","environment":"prod","timestamp":1530291411,"data":{"transaction":{"id":"1-2","status":"APPROVED","reference":"o1","amount_in_cents":4490000,"currency":"COP"}}})",
       "payment paid o1 1-2 44900.00COP production "},
      {"epayco", "confirmation",
       "x_ref_payco=5&x_transaction_id=t&x_cod_transaction_state=1&x_id_invoice=o1&x_cust_id_cliente=c&x_amount=100.50&"
       "x_"
       "currency_code=COP&x_test_request=FALSE",
       "payment paid o1 5 100.50COP production c"},
      {"kushki", "notification",
       R"({"event":"approvedTransaction","ticketNumber":"k1","totalAmount":1000,"currencyCode":"COP"})",
       "payment paid  k1 1000.00COP  "},
      {"payvalida", "notification",
       R"({"po_id":"o1","pv_po_id":"p1","status":"cancelled","amount":"20000","iso_currency":"COP"})",
       "payment - o1 p1 20000.00COP  "},
      {"openpay", "notification",
       R"({"type":"charge.succeeded","event_date":"2020-01-01T00:00:00-05:00","transaction":{"id":"t","order_id":"o1","amount":10.00,"currency":"COP"}})",
       "payment paid o1 t 10.00COP  "},
      {"culqi", "notification",
       R"({"object":"event","type":"order.status.changed","data":"{\"id\":\"ord_1\",\"order_number\":\"o1\",\"currency_code\":\"PEN\",\"amount\":1250,\"state\":\"paid\"}"})",
       "payment paid o1 ord_1 12.50PEN  "},
      {"adyen", "notification",
       R"({"live":"true","notificationItems":[{"NotificationRequestItem":{"amount":{"currency":"EUR","value":200},"eventCode":"REFUND","eventDate":"2021-01-01T01:00:00+01:00","merchantAccountCode":"M","merchantReference":"o1","pspReference":"P","success":"true"}}]})",
       "refund completed o1 P 2.00EUR production M"},
      {"checkout", "notification",
       R"({"id":"evt_1","type":"payment_captured","created_on":"2020-01-01T00:00:00Z","data":{"id":"pay_1","reference":"o1","amount":1000,"currency":"PEN"}})",
       "payment paid o1 pay_1 10.00PEN  "},
      {"ebanx", "notification", "operation=payment_status_change&notification_type=update&hash_codes=a%2Cb",
       "payment -  a,b -  "},
      {"ebanx", "payment",
       R"({"payment":{"hash":"h","merchant_payment_code":"o1","status":"CO","amount_ext":"64.55","currency_ext":"USD","confirm_date":null}})",
       "payment paid o1 h 64.55USD  "},
      {"directa24", "deposit", R"({"deposit_id":3,"invoice_id":"o1","status":"PENDING","currency":"USD"})",
       "payment pending o1 3 -  "},
      {"directa24", "refund", R"({"refund_id":1,"refund_info":{"result":"SUCCESS","amount":100.00,"currency":"PEN"}})",
       "refund completed  1 100.00PEN  "},
      {"izipay", "answer",
       "kr-answer=%7B%22shopId%22%3A%226%22%2C%22orderStatus%22%3A%22PAID%22%2C%22orderDetails%22%3A%7B%"
       "22orderTotalAmount%22%3A250%2C%22orderCurrency%22%3A%22PEN%22%2C%22mode%22%3A%22TEST%22%2C%22orderId%22%3A%22o1"
       "%22%7D%2C%22transactions%22%3A%5B%7B%22uuid%22%3A%22u%22%7D%5D%7D",
       "payment paid o1 u 2.50PEN test 6"},
      {"izipay", "ipn",
       "kr-answer=%7B%22shopId%22%3A%226%22%2C%22orderStatus%22%3A%22PAID%22%2C%22orderDetails%22%3A%7B%"
       "22orderTotalAmount"
       "%22%3A250%2C%22orderCurrency%22%3A%22PEN%22%7D%2C%22transactions%22%3A%5B%7B%22uuid%22%3A%22u%22%7D%5D%7D&kr-"
       "hash=x",
       "payment paid  u 2.50PEN  6"},
      {"stripe", "notification",
       R"({"id":"evt_1","type":"payment_intent.succeeded","created":1533204620,"livemode":true,"data":{"object":{"id":"pi_1","amount":1050,"currency":"pen"}}})",
       "payment paid  pi_1 10.50PEN production "},
      {"paddle", "notification",
       R"({"event_id":"evt","event_type":"transaction.paid","occurred_at":"2024-03-15T10:32:38.286848Z","data":{"id":"txn","currency_code":"COP","details":{"totals":{"grand_total":"123400"}}}})",
       "payment paid  txn 1234.00COP  "},
  };
  std::set<std::string_view> gateways;
  for (const Case& one : cases) {
    EXPECT_EQ(said(read_notification(one.gateway, one.message, one.body)), one.expected) << one.gateway << one.body;
    gateways.insert(one.gateway);
  }
  for (const std::string_view gateway : gateway_names()) {
    EXPECT_TRUE(notification_table(gateway).words.empty() || gateways.contains(gateway)) << gateway;
  }
  EXPECT_EQ(gateways.size(), 19U);
}

std::string cip(std::string_view amount, std::string_view event = "cip.paid") {
  return R"({"eventType":")" + std::string(event) +
         R"(","operationNumber":"7","data":{"cip":"1","currency":"PEN","amount":)" + std::string(amount) + "}}";
}
std::string faults(std::string_view gateway, std::string_view message, std::string_view body) {
  std::string text;
  for (const auto& fault : read_notification(gateway, message, body).faults) {
    text += (text.empty() ? "" : " ") + std::string(name(fault.fault));
  }
  return text;
}

TEST(Notification, hostile_bodies_are_faults) {
  for (const char* amount : {"1E2", "123456789012345678901234567890", "-1", "1.005", "92233720368547758.08"}) {
    EXPECT_EQ(faults("pagoefectivo", "notification", cip(amount)), "amount_invalid") << amount;
  }
  EXPECT_EQ(faults("pagoefectivo", "notification", cip("\"22.05\"")), "field_invalid");
  EXPECT_EQ(faults("pagoefectivo", "notification", cip("{}")), "field_invalid");
  EXPECT_EQ(faults("pagoefectivo", "notification", cip("null")), "field_missing");
  EXPECT_EQ(faults("pagoefectivo", "notification", cip("NaN")), "body_unreadable");
  EXPECT_EQ(faults("pagoefectivo", "notification", cip("1,\"amount\":2")), "field_repeated");
  EXPECT_EQ(faults("pagoefectivo", "notification", cip("1", "cip.new")), "kind_unknown");
  EXPECT_EQ(
      faults(
          "pagoefectivo", "notification",
          R"({"eventType":"cip.paid","EventType":"cip.paid","operationNumber":"7","data":{"cip":"1","currency":"PEN","amount":1}})"),
      "field_repeated field_repeated field_missing");
  EXPECT_EQ(faults("rapyd", "notification",
                   R"({"id":"w","data":{"id":"p","status":"DLD","paid":false,"amount":1,"currency_code":"COP"}})"),
            "status_unknown");
  EXPECT_EQ(faults("payu", "confirmation", "state_pol=%zz"), "body_unreadable");
  EXPECT_EQ(faults("payu", "confirmation", "state_pol=4&state_pol=4"), "field_repeated");
  EXPECT_EQ(faults("culqi", "notification", R"({"data":{"id":1}})"), "body_unreadable");
  EXPECT_EQ(faults("culqi", "notification", R"({"data":"{\"id\":1,\"id\":2}"})"), "field_repeated");
  EXPECT_EQ(
      faults(
          "wompi", "event",
          R"({"data":{"transaction":{"id":"1","reference":"r","status":"APPROVED","amount_in_cents":100,"currency":"CLP"}}})"),
      "amount_invalid");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"data\":";
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("\xff"), std::string("null"), deep, std::string(100'000, '[')}) {
    for (const std::string_view gateway : gateway_names()) {
      for (const StatusWord& word : notification_table(gateway).words)
        EXPECT_NE(faults(gateway, word.message, body), "") << gateway;
    }
  }
  EXPECT_THROW(read_notification("nobody", "notification", "{}"), Error);
  EXPECT_THROW(read_notification("payu", "nothing", "{}"), Error);
}

TEST(Notification, times_keep_their_zone) {
  const auto at = [](std::string_view time) {
    return read_notification(
        "pagoefectivo", "notification",
        R"({"eventType":"cip.paid","operationNumber":"7","data":{"cip":"1","currency":"PEN","amount":1,"paymentDate":")" +
            std::string(time) + "\"}}");
  };
  EXPECT_EQ(at("2020-06-18T23:28:45.1220545-05:00").occurred_at_us, 1592540925122054);
  EXPECT_EQ(at("1970-01-01T00:00:00Z").occurred_at_us, 0);
  EXPECT_EQ(at("1970-01-01T00:00:00+0530").occurred_at_us, -19'800'000'000);
  EXPECT_EQ(at("2020-06-18 23:28:45").occurred_at_us, std::nullopt);
  EXPECT_EQ(at("2020-06-18 23:28:45").occurred_at, "2020-06-18 23:28:45");
  EXPECT_EQ(at("1900-01-01T00:00:00-05:00").occurred_at, "");
  for (const char* bad : {"2020-02-30T00:00:00Z", "2020-13-01T00:00:00Z", "2020-01-01T24:00:00Z", "2020-01-01", "x",
                          "2020-01-01T00:00:00Zx"}) {
    EXPECT_EQ(at(bad).faults.size(), 1U) << bad;
  }
}

// Where a gateway's id stands for what may be paid twice, the message names the payment, or none is named.
TEST(Notification, which_payment_it_is_about) {
  const Notification paid = read_notification("pagoefectivo", "notification", cip("1.00"));
  EXPECT_EQ(paid.gateway_id, "1");
  EXPECT_EQ(paid.operation_id, "7");
  const Notification answered =
      read_notification("pagoefectivo", "cip_response",
                        R"({"data":[{"cip":"1","status":"23","transactionCode":"o","currency":"PEN","amount":1}]})");
  EXPECT_EQ(answered.status, EventStatus::paid);
  EXPECT_EQ(answered.operation_id, std::nullopt);
  const Notification refunded = read_notification("pagoefectivo", "notification", cip("1.00", "cip.refunded"));
  EXPECT_EQ(refunded.operation_id, refunded.gateway_id);
  const Notification other = read_notification("payvalida", "notification", R"({"po_id":"o","status":"approved"})");
  EXPECT_EQ(other.operation_id, "");  // its own, which this message leaves out
}

TEST(StatusWords, each_once_with_its_origin) {
  std::set<std::string> seen;
  for (const std::string_view gateway : gateway_names()) {
    for (const StatusWord& word : notification_table(gateway).words) {
      EXPECT_TRUE(seen.insert(std::string(gateway) + "|" + std::string(word.message) + "|" + std::string(word.theirs) +
                              "|" + std::string(name(word.kind)))
                      .second);
      EXPECT_TRUE(word.status == "official" || word.status == "community" || word.status == "unverified");
      EXPECT_TRUE(word.status == "unverified" || !word.source.empty()) << word.theirs;
    }
  }
}

std::vector<EventMismatch> outcomes(const Notification& event, const ExpectedOrder& order) {
  std::vector<EventMismatch> all;
  for (const Mismatch& each : expect(event, order)) all.push_back(each.what);
  return all;
}

// Every way in which one field differs gives its own outcome and no other.
TEST(Expect, matrix) {
  Notification event;
  event.gateway = "adyen", event.merchant = "m", event.reference = "o1", event.gateway_id = "p1",
  event.environment = "production", event.kind = EventKind::payment, event.status = EventStatus::paid;
  event.amount = Money::parse("1000.00", Currency::of("COP"));
  ExpectedOrder order{"adyen", "m", "o1", "p1", event.amount, {}, "production"};
  EXPECT_TRUE(outcomes(event, order).empty());
  using enum EventMismatch;
  const auto differs = [&](EventMismatch expected, auto&& change) {
    Notification other = event;
    change(other);
    EXPECT_EQ(outcomes(other, order), std::vector{expected}) << name(expected);
  };
  differs(incomplete, [](auto& e) { e.faults.push_back({NotificationFault::status_unknown, "", ""}); });
  differs(other_gateway,
          [](auto& e) { e.gateway = "payu"; });  // a true signature of another gateway proves nothing here
  differs(other_merchant, [](auto& e) { e.merchant = "n"; });
  differs(merchant_missing, [](auto& e) { e.merchant.clear(); });
  differs(other_reference, [](auto& e) { e.reference = "o2"; });
  differs(reference_missing, [](auto& e) { e.reference.clear(); });
  differs(other_gateway_id, [](auto& e) { e.gateway_id = "p2"; });
  differs(gateway_id_missing, [](auto& e) { e.gateway_id.clear(); });
  // CVE-2026-9189: a paid event of a small amount for a large order
  differs(other_amount, [](auto& e) { e.amount = Money::parse("1.00", Currency::of("COP")); });
  differs(other_currency, [](auto& e) { e.amount = Money::parse("1000.00", Currency::of("PEN")); });
  differs(other_currency, [](auto& e) { e.amount = Money::parse("1.00", Currency::of("PEN")); });
  differs(amount_missing, [](auto& e) { e.amount.reset(); });
  differs(test_event_in_production, [](auto& e) { e.environment = "test"; });
  differs(environment_missing, [](auto& e) { e.environment.clear(); });
  differs(other_kind, [](auto& e) { e.kind = EventKind::refund; });
  differs(other_status, [](auto& e) { e.status = EventStatus::authorised; });
  differs(status_missing, [](auto& e) { e.status.reset(); });
  order.environment = "test";
  EXPECT_EQ(outcomes(event, order), std::vector{production_event_in_test});
  order.environment.clear();
  differs(test_event_in_production, [](auto& e) { e.environment = "test"; });
}

// What moved no money is no payment, unless it is what was asked for.
TEST(Expect, kind_and_status) {
  Notification event;
  event.gateway = "dlocal", event.reference = "o1", event.amount = Money::parse("10.00", Currency::of("PEN"));
  ExpectedOrder order{.gateway = "dlocal", .reference = "o1", .amount = event.amount};
  for (std::size_t k = 0; k < 6; ++k) {
    for (std::size_t s = 0; s < 12; ++s) {
      event.kind = static_cast<EventKind>(k), event.status = static_cast<EventStatus>(s);
      order.kind = EventKind::payment, order.status.reset();
      EXPECT_EQ(outcomes(event, order).empty(), name(event.kind) == "payment" && name(*event.status) == "paid");
      order.kind = EventKind::refund;
      EXPECT_EQ(outcomes(event, order).empty(), name(event.kind) == "refund" && name(*event.status) == "completed");
      order.kind = event.kind, order.status = event.status;
      EXPECT_TRUE(outcomes(event, order).empty());
    }
  }
}

TEST(Expect, an_order_that_says_too_little_is_refused) {
  const Notification event = read_notification("pagoefectivo", "notification", cip("1.00"));
  const Money sol = Money::parse("1.00", Currency::of("PEN"));
  EXPECT_TRUE(expect(event, {.gateway = "pagoefectivo", .gateway_id = "0001", .amount = sol}).empty());
  EXPECT_TRUE(expect(event, {.gateway = "pagoefectivo", .gateway_id = "1", .currency = Currency::of("PEN")}).empty());
  const ExpectedOrder too_little[] = {
      {},
      {.gateway = "pagoefectivo"},
      {.gateway = "pagoefectivo", .gateway_id = "1"},
      {.gateway = "pagoefectivo", .amount = sol},
      {.gateway_id = "1", .amount = sol},
      {.gateway = "pagoefectivo", .gateway_id = "1", .amount = sol, .environment = "sandbox"},
      {.gateway = "pagoefectivo", .gateway_id = "1", .amount = sol, .currency = Currency::of("USD")},
  };
  for (const ExpectedOrder& order : too_little) EXPECT_THROW(expect(event, order), Error);
}

TEST(Expect, sentences_hold_values_and_no_marks) {
  const Notification event = read_notification("pagoefectivo", "notification", cip("1.00"));
  const auto found = expect(event, {.gateway = "payu", .reference = "{found}", .currency = Currency::of("USD")});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].sentence_en, "The event is of pagoefectivo, and the order of payu.");
  EXPECT_EQ(found[1].sentence_es, "El evento no dice de qué pedido es; se esperaba {found}.");
  EXPECT_EQ(found[2].sentence_en, "The event is in another currency: PEN 1.00, and the order USD.");
  EXPECT_EQ(found[2].expected + found[2].found, "USDPEN 1.00");
}

}  // namespace
}  // namespace cuadre
