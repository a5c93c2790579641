// The scheme data holds together by itself, before any of it is run.
#include "cuadre/gateways.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace cuadre {
namespace {

std::vector<Scheme> all_schemes() {
  std::vector<Scheme> all;
  for (const Scheme* scheme : schemes()) all.push_back(*scheme);
  return all;
}

std::string label(const Scheme& scheme) { return scheme.gateway + " " + scheme.message + " " + scheme.version; }

bool signs(const Scheme& scheme) {
  return scheme.algorithm != Algorithm::basic && scheme.algorithm != Algorithm::token;
}

bool has(const Scheme& scheme, Piece::From from) {
  return std::ranges::any_of(scheme.pieces, [&](const Piece& piece) { return piece.from == from; });
}

TEST(Gateways, EachSchemeIsSaidOnce) {
  std::set<std::tuple<std::string, std::string, std::string, bool>> seen;
  for (const Scheme& scheme : all_schemes()) {
    EXPECT_TRUE(seen.insert({scheme.gateway, scheme.message, scheme.version, scheme.incoming}).second) << label(scheme);
  }
}

TEST(Gateways, EachSchemeSaysWhereItComesFromAndItsTrap) {
  const std::set<std::string> statuses = {"official", "community", "unverified"};
  const std::set<std::string> vectors = {"official", "community", "none"};
  for (const Scheme& scheme : all_schemes()) {
    EXPECT_TRUE(statuses.contains(scheme.status)) << label(scheme);
    EXPECT_TRUE(vectors.contains(scheme.vectors)) << label(scheme);
    EXPECT_GT(scheme.note.size(), 40U) << label(scheme);
    EXPECT_TRUE(scheme.source.starts_with("https://") || scheme.gateway == "efecty") << label(scheme);
    EXPECT_FALSE(scheme.carrier.names.empty()) << label(scheme);
    EXPECT_FALSE(scheme.carrier.names.front().empty()) << label(scheme);
  }
}

TEST(Gateways, SettingsAreThoseThatPiecesAndPinsUse) {
  for (const Scheme& scheme : all_schemes()) {
    std::set<std::string> used;
    for (const Piece& piece : scheme.pieces) {
      if (piece.from == Piece::From::setting) used.insert(piece.name);
    }
    for (const Pin& pin : scheme.pinned) {
      if (!pin.setting.empty()) used.insert(pin.setting);
    }
    const std::set<std::string> declared(scheme.settings.begin(), scheme.settings.end());
    EXPECT_TRUE(std::ranges::includes(declared, used)) << label(scheme);
  }
}

TEST(Gateways, WhatIsCoveredFollowsFromThePieces) {
  for (const Scheme& scheme : all_schemes()) {
    EXPECT_EQ(signs(scheme), !scheme.pieces.empty()) << label(scheme);
    if (scheme.covered.body) {
      EXPECT_TRUE(has(scheme, Piece::From::body) || has(scheme, Piece::From::sorted_fields)) << label(scheme);
    }
    EXPECT_EQ(scheme.time_signed, has(scheme, Piece::From::timestamp)) << label(scheme);
    EXPECT_EQ(scheme.time_signed, scheme.time_form != TimeForm::none) << label(scheme);
    if (!signs(scheme)) {
      const Covered& covered = scheme.covered;
      EXPECT_FALSE(covered.body || covered.id || covered.time || covered.status || covered.amount || covered.reference);
    }
  }
}

TEST(Gateways, DigestsHaveTheirSecretInside) {
  for (const Scheme& scheme : all_schemes()) {
    const bool digest = scheme.algorithm >= Algorithm::md5 && scheme.algorithm <= Algorithm::sha512;
    EXPECT_TRUE(!digest || has(scheme, Piece::From::secret)) << label(scheme);
  }
}

TEST(Gateways, GapsHaveNoScheme) {
  for (const Gateway* gateway : gateways()) {
    for (const SchemeGap& gap : gateway->scheme_gaps) {
      EXPECT_TRUE(std::ranges::none_of(gateway->schemes, [&](const Scheme& scheme) {
        return scheme.message == gap.message;
      })) << gateway->name;
      EXPECT_FALSE(gap.note.empty());
    }
  }
}

TEST(Gateways, EachIsFoundByItsNameAndBuiltOnce) {
  for (const Gateway* gateway : gateways()) {
    EXPECT_EQ(find_gateway(gateway->name), gateway);
    EXPECT_EQ(schemes_of(gateway->name).data(), gateway->schemes.data());
    EXPECT_EQ(&notification_table(gateway->name), &gateway->notification);
    EXPECT_FALSE(gateway->title.empty());
    for (const Scheme& scheme : gateway->schemes) EXPECT_EQ(scheme.gateway, gateway->name);
  }
  for (const std::string_view none : {"", "nobody", "Payu", "zzz"}) {
    EXPECT_EQ(find_gateway(none), nullptr);
    EXPECT_TRUE(schemes_of(none).empty());
    EXPECT_TRUE(notification_table(none).messages.empty());
  }
}

TEST(Gateways, AmountsAreWrittenInOneWay) {
  std::size_t forms = 0;
  for (const Gateway* gateway : gateways()) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const WireRule& rule : gateway->wire) {
      EXPECT_NO_THROW(check_wire_form(rule.form)) << gateway->name << ' ' << rule.message;
      EXPECT_TRUE(rule.status == "official" || rule.status == "community" || rule.status == "unverified");
      EXPECT_TRUE(rule.source.starts_with("https://")) << gateway->name << ' ' << rule.message;
      for_each_piece(rule.currencies, ' ', [&](std::string_view currency) {
        EXPECT_TRUE(Currency::find(currency)) << currency;
        EXPECT_TRUE(seen.insert({rule.message, currency}).second) << gateway->name << ' ' << rule.message;
        ++forms;
      });
    }
    for (const NotificationMap& map : gateway->notification.messages) {
      const auto named = [&](const WireRule& rule) { return rule.message == map.wire_message; };
      EXPECT_TRUE(map.wire_message.empty() || std::ranges::any_of(gateway->wire, named)) << gateway->name;
      EXPECT_TRUE(map.payment_id.empty() || map.ids.find(map.payment_id) != std::string_view::npos) << gateway->name;
    }
  }
  EXPECT_GE(forms, 62U);
}

TEST(Gateways, SignedTextReadsLikeTheDocumentation) {
  const auto text_of = [](std::string_view gateway, std::string_view message) {
    for (const Scheme& scheme : all_schemes()) {
      if (scheme.gateway == gateway && scheme.message == message) return signed_text(scheme);
    }
    return std::string("no such scheme");
  };
  EXPECT_EQ(text_of("standard_webhooks", "notification"), "id.timestamp.body");
  EXPECT_EQ(text_of("dlocal", "notification"), "login+timestamp+body");
  EXPECT_EQ(text_of("payu", "confirmation"), "secret~merchant_id~reference_sale~value~currency~state_pol");
  EXPECT_EQ(text_of("mercadopago", "notification"), "id:data.id;[request-id:x-request-id;]ts:timestamp;");
  EXPECT_EQ(text_of("kushki", "notification"), "body.timestamp");
  EXPECT_EQ(text_of("culqi", "notification"), "");
}

}  // namespace
}  // namespace cuadre
