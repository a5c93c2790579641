#include "signature/fields.hpp"

namespace cuadre {
namespace {

template <class Action>
auto refusing(SignatureReason reason, Action action) {
  try {
    return action();
  } catch (const BodyRefused& refused) {
    throw SignatureError(reason, refused.detail());
  }
}

std::string scalar(const BodyValue& value) {
  if (value.kind == BodyKind::object || value.kind == BodyKind::array)
    throw SignatureError(SignatureReason::body_malformed, "an object or list where a signed field's text is needed");
  return value.text;
}

}  // namespace

const JsonBody& SignedFields::body() const {
  if (refused_) throw SignatureError(SignatureReason::body_malformed, refused_->detail());
  return body_;
}

std::optional<std::string> SignedFields::find(std::string_view path) const {
  const auto value = refusing(SignatureReason::body_malformed, [&] { return body().find(path); });
  if (!value || value->kind == BodyKind::null) return std::nullopt;
  return scalar(*value);
}

std::optional<std::vector<std::string>> SignedFields::list(std::string_view path) const {
  return refusing(SignatureReason::body_malformed, [&] { return body().list(path); });
}

std::vector<std::pair<std::string, std::string>> SignedFields::members(std::string_view prefix) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [name, value] : refusing(SignatureReason::body_malformed, [&] { return body().members(prefix); }))
    out.emplace_back(name, scalar(value));
  return out;
}

SignedForm::SignedForm(std::string_view text, SignatureReason reason)
    : fields_(refusing(reason, [&] { return FormFields(text); })), reason_(reason) {}

const std::string* SignedForm::find(std::string_view name) const {
  return refusing(reason_, [&] { return fields_.find(name); });
}

std::vector<std::pair<std::string, std::string>> SignedForm::members(std::string_view prefix) const {
  return refusing(reason_, [&] { return fields_.members(prefix); });
}

}  // namespace cuadre
