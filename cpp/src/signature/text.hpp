// The signed text: pieces of a message put together as a scheme says.
#pragma once

#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cuadre/signature.hpp"
#include "signature/fields.hpp"

namespace cuadre {

using NamedValues = std::span<const std::pair<std::string, std::string>>;

// Where pieces come from, for one message under one reading. Bodies and queries are only looked into when a piece asks
// for a field. Views it gives live as long as it does.
class MessageValues {
 public:
  MessageValues(const Scheme& scheme, const Message& message, NamedValues settings, NamedValues given = {});

  // As it stands in the message, before the piece's form; nothing where it is absent. Throws SignatureError.
  std::optional<std::string_view> find(const Piece& piece);
  std::optional<std::string_view> setting(std::string_view name) const;
  std::optional<std::string_view> carrier();  // the text that signatures stand in
  std::optional<std::string_view> names_listed(const Piece& piece);
  std::string listed(const Piece& piece);
  std::string sorted(const Piece& piece, std::string_view separator);
  std::string event_id();
  std::string event_id_if_any();  // empty where it cannot be had, without a refusal

  void set_timestamp(std::string_view text) { timestamp_ = text; }
  std::optional<std::string_view> timestamp() const { return timestamp_; }
  void set_secret(std::string_view bytes) { secret_ = bytes; }
  std::string_view keep(std::string text);

 private:
  std::optional<std::string_view> find_id(const Piece& piece);
  std::optional<std::string_view> given(std::string_view name) const;
  std::optional<std::string_view> header(std::string_view name) const;
  std::optional<std::string_view> field(std::string_view name);
  std::optional<std::string_view> query(std::string_view name);
  std::string_view path() const;
  std::string_view url() const;
  const SignedFields& json();
  const SignedForm& form();

  const Scheme& scheme_;
  const Message& message_;
  NamedValues settings_, given_;
  std::optional<SignedFields> json_;
  std::optional<SignedForm> form_, query_;
  std::optional<std::string_view> timestamp_;
  std::string_view secret_;
  std::forward_list<std::string> kept_;
};

// Appends to `out`, which the caller wipes where a piece is the secret. Throws SignatureError.
void append_signed_text(const Scheme& scheme, MessageValues& values, std::string& out);
void check_pins(const Scheme& scheme, MessageValues& values);
// Bytes that a signed text will have at most, so that it never grows and leaves copies of a secret behind.
std::size_t signed_text_bytes(const Scheme& scheme, const Message& message, std::size_t secret_bytes);

}  // namespace cuadre
