// body_fields for the engine: a body in doubt is a refused message.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cuadre/signature.hpp"
#include "signature/body_fields.hpp"

namespace cuadre {

// The fields of a JSON body. Reading it does not throw: a body that is no JSON may be genuine all the same, where the
// signature covers its bytes. Asking for a field of such a body throws, and so do the other members:
// SignatureError(body_malformed).
class SignedFields {
 public:
  explicit SignedFields(std::string_view body) : refused_(body_.read(body)) {}

  bool readable() const noexcept { return !refused_; }
  // The text of a scalar. Nothing where it is absent or null; refused for an object or array.
  std::optional<std::string> find(std::string_view path) const;
  std::optional<std::vector<std::string>> list(std::string_view path) const;
  std::vector<std::pair<std::string, std::string>> members(std::string_view prefix) const;

 private:
  const JsonBody& body() const;

  JsonBody body_;
  std::optional<BodyRefused> refused_;
};

// The fields of a form or query. Every member throws SignatureError with `reason` for what FormFields refuses.
class SignedForm {
 public:
  SignedForm(std::string_view text, SignatureReason reason);
  const std::string* find(std::string_view name) const;
  std::vector<std::pair<std::string, std::string>> members(std::string_view prefix) const;

 private:
  FormFields fields_;
  SignatureReason reason_;
};

}  // namespace cuadre
