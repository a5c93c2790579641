// Finding fields in a body. Whatever leaves a doubt about what the sender meant (a repeated name, bytes behind the
// document, depth over 64, over 100,000 values, not UTF-8, a lone surrogate, a broken escape) refuses the whole JSON
// body, and of a form the field in doubt.
#pragma once

#include <cstdint>
#include <exception>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cuadre {

// Internal: becomes a signature reason or a notification fault, and never leaves the core as such.
class BodyRefused : public std::exception {
 public:
  BodyRefused(std::string detail, bool repeated) : detail_(std::move(detail)), repeated_(repeated) {}
  const char* what() const noexcept override { return detail_.c_str(); }
  const std::string& detail() const noexcept { return detail_; }
  bool repeated() const noexcept { return repeated_; }  // a name that stands twice; else unreadable

 private:
  std::string detail_;
  bool repeated_;
};

enum class BodyKind : std::uint8_t { object, array, string, number, boolean, null };

struct BodyValue {
  BodyKind kind = BodyKind::null;
  std::string text;  // a scalar's, unescaped; a number's own characters; empty for null, objects and arrays
};

// One JSON document. Keeps views of the body, which must outlive it.
class JsonBody {
 public:
  JsonBody() = default;                      // read() must follow
  explicit JsonBody(std::string_view body);  // throws BodyRefused
  // Nothing where the body is good; what is wrong with it otherwise, and then nothing else may be asked.
  std::optional<BodyRefused> read(std::string_view body);

  // The value at a path ("data.amount"; an empty path is the document). The step "0" is the only element of an array;
  // throws BodyRefused where the array has more. Nothing where it is absent.
  std::optional<BodyValue> find(std::string_view path) const;
  // The strings of an array of strings. Nothing where it is absent; throws BodyRefused for anything else.
  std::optional<std::vector<std::string>> list(std::string_view path) const;
  // Members of the outermost object whose names start with `prefix`, by name.
  std::vector<std::pair<std::string, BodyValue>> members(std::string_view prefix) const;

 private:
  struct Node {
    BodyKind kind = BodyKind::null;
    std::string_view raw;   // of a scalar, a string's without its quotes
    std::string_view name;  // as a member, unescaped
    std::uint32_t end = 0;  // the node behind this one and all it holds
  };
  friend class JsonBodyReader;
  const Node* at(std::string_view path) const;
  static BodyValue value(const Node& node);
  std::vector<Node> nodes_;
  std::forward_list<std::string> names_;  // those that were written with escapes
};

// application/x-www-form-urlencoded, or a query. Gateways send fields that nobody signs in Latin-1, without "=" or
// twice: a doubt refuses the field that is asked for, and no other.
class FormFields {
 public:
  FormFields() = default;
  explicit FormFields(std::string_view text);  // throws BodyRefused for more than kFieldsMax fields

  // Null where it is absent. Throws BodyRefused where it stands twice, has an escape that is not %XX, no "=", or is not
  // UTF-8.
  const std::string* find(std::string_view name) const;
  // The fields whose names start with `prefix`, by name; throws BodyRefused where any of them is in doubt.
  std::vector<std::pair<std::string, std::string>> members(std::string_view prefix) const;

  static constexpr std::size_t kFieldsMax = 1000;

 private:
  struct Field {
    std::string name, value;
    const char* doubt = nullptr;
  };
  std::vector<Field> fields_;
};

}  // namespace cuadre
