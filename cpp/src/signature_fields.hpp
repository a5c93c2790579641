// body_fields for the engine: a body in doubt is a refused message.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "body_fields.hpp"
#include "cuadre/signature.hpp"

namespace cuadre {

// Every member throws SignatureError(body_malformed).
class JsonFields {
 public:
  explicit JsonFields(std::string_view body);

  // The text of a scalar. Nothing where it is absent or null; refused for an object or array.
  std::optional<std::string> find(std::string_view path) const;
  std::optional<std::vector<std::string>> list(std::string_view path) const;
  std::vector<std::pair<std::string, std::string>> members(std::string_view prefix) const;

 private:
  std::optional<JsonBody> body_;
};

// Throws SignatureError with `reason` for what read_form_fields refuses.
FormFields read_form(std::string_view text, SignatureReason reason);

}  // namespace cuadre
