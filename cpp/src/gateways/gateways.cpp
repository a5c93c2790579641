#include "gateways/gateways.hpp"

#include <array>
#include <iterator>

namespace cuadre {
namespace {

using Make = gateways::Schemes (*)();
constexpr std::array kGateways = {
    Make{gateways::adyen},
    Make{gateways::checkout},
    Make{gateways::credentials},
    Make{gateways::directa24},
    Make{gateways::dlocal},
    Make{gateways::ebanx},
    Make{gateways::efecty},
    Make{gateways::epayco},
    Make{gateways::github},
    Make{gateways::hyperswitch},
    Make{gateways::kushki},
    Make{gateways::lyra},
    Make{gateways::mercadopago},
    Make{gateways::paddle},
    Make{gateways::pagoefectivo},
    Make{gateways::payu},
    Make{gateways::payvalida},
    Make{gateways::rapyd},
    Make{gateways::standard_webhooks},
    Make{gateways::stripe},
    Make{gateways::wompi},
};

constexpr std::array kGaps = {
    SchemeGap{"dlocal", "payout_notification",
              "the text behind the form field control (64 upper-case hex digits) is published nowhere: take the "
              "notification as a hint, and ask check_status_cashout",
              "https://docs.dlocal.com/reference/notification-parameters-payouts"},
    SchemeGap{"payu", "payout_notification", "no signature is documented: take it as a hint, and ask the API",
              "https://developers.payulatam.com/latam/en/docs/services/payouts.html"},
    SchemeGap{"niubiz", "notification", "no public text says how, or whether, notices are signed",
              "https://desarrolladores.niubiz.com.pe/api-pagos"},
};

std::string described(const Piece& piece) {
  switch (piece.from) {
    case Piece::From::body:
      return "body";
    case Piece::From::listed_fields:
      return "listed fields";
    case Piece::From::sorted_fields:
      return piece.name + "* by name";
    case Piece::From::url:
      return "url";
    case Piece::From::method:
      return "method";
    case Piece::From::path:
      return "path";
    case Piece::From::timestamp:
      return "timestamp";
    case Piece::From::id:
      return "id";
    case Piece::From::secret:
      return "secret";
    case Piece::From::field: {
      const std::size_t dot = piece.name.rfind('.');
      return dot == std::string::npos ? piece.name : piece.name.substr(dot + 1);
    }
    default:
      return piece.name;
  }
}

}  // namespace

std::span<const Scheme> schemes() noexcept {
  static const gateways::Schemes all = [] {
    gateways::Schemes made;
    for (const Make make : kGateways) {
      gateways::Schemes more = make();
      made.insert(made.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return made;
  }();
  return all;
}

std::span<const SchemeGap> scheme_gaps() noexcept { return kGaps; }

std::string signed_text(const Scheme& scheme) {
  // "+" says that nothing stands between two pieces; pieces with texts of their own around them need no sign.
  std::string text;
  for (std::size_t at = 0; at < scheme.pieces.size(); ++at) {
    const Piece& piece = scheme.pieces[at];
    const bool framed = !piece.before.empty() || !piece.behind.empty();
    if (at > 0 && !framed) text += scheme.separator.empty() ? "+" : scheme.separator;
    const std::string core = piece.before + described(piece) + piece.behind;
    text += piece.optional ? "[" + core + "]" : core;
  }
  return text;
}

}  // namespace cuadre
