#include "gateways/gateways.hpp"

namespace cuadre::gateways {
namespace {

Scheme base(std::string_view message, std::string_view header_name) {
  Scheme made = scheme("kushki", message);
  made.encoding = Encoding::hex;
  made.carrier = in_header(header_name);
  made.time_form = TimeForm::unix_s_or_ms;
  made.time_at = header("X-Kushki-Id");
  made.time_signed = true;
  made.body = Scheme::Body::json;
  made.covered = {.time = true};
  made.status = "official";
  made.vectors = "none";
  made.source = "https://docs.kushki.com/co/notifications/overview";
  return made;
}

}  // namespace

Schemes kushki() {
  Scheme full = base("notification", "X-Kushki-Signature");
  full.pieces = {body(), timestamp()};
  full.separator = ".";
  full.id_at = {optional(field("ticketNumber")), optional(header("X-Kushki-Id"))};
  full.covered = {.body = true, .id = true, .time = true, .status = true, .amount = true, .reference = true};
  full.note =
      "The time stands behind the body. Kushki's own JavaScript and Python samples write the body anew before signing, "
      "Python with other blanks: sign the bytes as they came.";
  Scheme simple = base("notification_simple", "X-Kushki-SimpleSignature");
  simple.pieces = {timestamp()};
  simple.id_at = {header("X-Kushki-Id")};
  simple.note =
      "Only the time is signed: anybody who sees one message can put another body under it while it is fresh. Use the "
      "full signature; this one is for those who cannot.";
  return {std::move(full), std::move(simple)};
}

}  // namespace cuadre::gateways
