#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

constexpr const char* kSite = "https://developers.payulatam.com/latam/en/docs/integrations/webcheckout-integration/";

Scheme base(std::string_view message, std::string_view page) {
  Scheme made = scheme(message);
  made.separator = "~";
  made.encoding = Encoding::hex;
  made.covered = {.amount = true, .reference = true};
  made.status = "official";
  made.source = std::string(kSite) + std::string(page);
  return made;
}

Scheme confirmation() {
  Scheme made = base("confirmation", "confirmation-page.html");
  made.pieces = {secret(),
                 only(field("merchant_id"), Piece::Only::digits),
                 with_separator(field("reference_sale")),
                 only(as(field("value"), Piece::Form::zero_hundredths_dropped), Piece::Only::anything),
                 only(field("currency"), Piece::Only::currency),
                 only(field("state_pol"), Piece::Only::digits)};
  made.carrier = in_field("sign");
  made.body = Scheme::Body::form;
  // reference_pol would tell two payments of one coupon apart, and is not covered: a replay could change it.
  made.id_at = {field("reference_sale"), field("state_pol"), as(field("value"), Piece::Form::zero_hundredths_dropped)};
  made.covered.status = true;
  made.note =
      "The amount is signed with one decimal where its second decimal is zero (150.00 as 150.0, 150.20 as 150.2) and "
      "with two otherwise (150.05). Not covered: transaction_id, reference_pol, payment method, test. No time, so keep "
      "seen events; retries change transaction_id and keep reference_pol. MD5 is not a MAC: set SHA256 in PayU's "
      "panel.";
  return made;
}

Scheme response_page() {
  Scheme made = base("response_page", "response-page.html");
  made.pieces = {secret(),
                 only(query("merchantId"), Piece::Only::digits),
                 with_separator(query("referenceCode")),
                 as(query("TX_VALUE"), Piece::Form::tenths_half_even),
                 only(query("currency"), Piece::Only::currency),
                 only(query("transactionState"), Piece::Only::digits)};
  made.carrier = in_query("signature");
  made.covered.status = true;
  made.note =
      "A page the buyer's browser opens: tell the buyer, book nothing. The amount is signed rounded half-even to one "
      "decimal (150.25 as 150.2, 150.35 as 150.4), so the last decimal is not covered.";
  return made;
}

Scheme request() {
  Scheme made = base("request", "payment-form.html");
  made.incoming = false;
  made.encoding = Encoding::hex_lower;
  made.pieces = {secret(), setting("merchant_id"), with_separator(field("referenceCode")), field("amount"),
                 field("currency")};
  made.settings = {"merchant_id"};
  made.carrier = in_field("signature");
  made.body = Scheme::Body::form;
  made.note =
      "The amount is signed as the very text that is sent: 20000, 20000.0 and 20000.00 give three signatures. PayU "
      "also offers HMAC-SHA256 and describes nowhere how it is keyed, so it is not here.";
  return made;
}

// PayU signs with what the account says; the strongest first.
std::vector<Scheme> in_each_digest(const Scheme& base) {
  std::vector<Scheme> made(3, base);
  made[0].algorithm = Algorithm::sha256;
  made[0].version = "SHA-256";
  made[0].vectors = base.message == "request" ? "official" : "none";
  made[1].algorithm = Algorithm::sha1;
  made[1].version = "SHA-1";
  made[1].vectors = made[0].vectors;
  made[2].algorithm = Algorithm::md5;
  made[2].version = "MD5";
  made[2].vectors = "official";
  return made;
}

std::vector<Scheme> all_schemes() {
  std::vector<Scheme> made;
  for (const Scheme& scheme : {confirmation(), response_page(), request()}) {
    for (Scheme& reading : in_each_digest(scheme)) made.push_back(std::move(reading));
  }
  return made;
}

constexpr std::string_view kCodes =
    "https://developers.payulatam.com/latam/en/docs/getting-started/response-codes-and-variables.html";
constexpr std::string_view kConfirmationPage =
    "https://developers.payulatam.com/latam/en/docs/integrations/webcheckout-integration/confirmation-page.html";

constexpr NotificationMap kMessages[] = {
    {.messages = "confirmation",
     .body = Body::form,
     .event_id = "reference_pol+transaction_id+state_pol",
     .status = "state_pol",
     .reference = "reference_sale",
     .gateway_id = "reference_pol",
     .merchant = "merchant_id",
     .needed = "reference gateway_id amount merchant",
     .amount = "value",
     .currency = "currency",
     .amount_written = Written::text,
     .wire = kUpToTwo,
     .wire_message = "confirmation_value",
     .time = "transaction_date",
     .environment = "test",
     .production_word = "0",
     .test_word = "1",
     .ids = "transaction_id response_code_pol"},
};

constexpr StatusWord kWords[] = {
    {"confirmation", "4", Kind::payment, Status::paid, kOfficial, kCodes, ""},
    {"confirmation", "5", Kind::payment, Status::expired, kOfficial, kCodes, ""},
    {"confirmation", "6", Kind::payment, Status::rejected, kOfficial, kCodes, ""},
};

constexpr WireRule kWire[] = {
    {.message = "confirmation",
     .currencies = "COP PEN USD",
     .form = {.decimals_min = 1, .decimals_max = 2, .trim_zeros = true},
     .status = kOfficial,
     .source = kConfirmationPage,
     .note = "new_value, the text that is signed: a second decimal of zero is left out"},
    {.message = "confirmation_value",
     .currencies = "COP PEN USD",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = kConfirmationPage,
     .note = "the field value, 14,2"},
    {.message = "request",
     .currencies = "COP",
     .form = {.decimals_min = 0, .decimals_max = 0, .minimum_minor = 20'000'00, .maximum_minor = 6'000'000'00},
     .status = kOfficial,
     .source = "https://developers.payulatam.com/latam/en/docs/integrations/api-integration/payments-api-colombia.html",
     .note = "cash: no decimals"},
    {.message = "request",
     .currencies = "PEN",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = "https://developers.payulatam.com/latam/en/docs/integrations/api-integration/payments-api-peru.html"},
    {.message = "request",
     .currencies = "USD",
     .form = kUpToTwo,
     .status = kOfficial,
     .source = "https://developers.payulatam.com/latam/en/docs/integrations/webcheckout-integration/payment-form.html"},
    {.message = "response_page",
     .currencies = "COP PEN USD",
     .form = {.decimals_min = 1, .decimals_max = 1},
     .status = kOfficial,
     .source = "https://developers.payulatam.com/latam/en/docs/integrations/webcheckout-integration/response-page.html",
     .note = "half-even to one decimal before it is signed: informative only"},
    {.message = "statement",
     .currencies = "COP PEN USD",
     .form = kTwo,
     .status = kOfficial,
     .source = "https://github.com/developers-payu-latam/developers-payu-latam.github.io",
     .note = "report files: two decimals even for COP"},
};

constexpr SchemeGap kSchemeGaps[] = {
    {"payout_notification", "no signature is documented: take it as a hint, and ask the API",
     "https://developers.payulatam.com/latam/en/docs/services/payouts.html"},
};

constexpr NotificationGap kGaps[] = {
    {"response_page", kInBrowser},
};

}  // namespace

Gateway payu() {
  return {.title = "PayU Latam",
          .schemes = all_schemes(),
          .scheme_gaps = kSchemeGaps,
          .notification = {.messages = kMessages, .words = kWords, .gaps = kGaps},
          .wire = kWire};
}

}  // namespace cuadre::declared
