// Documents of people and firms in Colombia and Peru, as buyers type them. The rules are rows of data: what the
// register issues stands beside what the seeds and the gateways ask for, because they do not agree, and every answer
// says which of them it fits. A document that fits is well written; whether it was ever issued, only the register
// knows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cuadre {

// name, English, Spanish
#define CUADRE_DOCUMENT_REASONS(X)                                                                                    \
  X(ok, "it is well written", "está bien escrito")                                                                    \
  X(empty, "nothing is written", "no hay nada escrito")                                                               \
  X(character_wrong, "it holds a character that no document has", "tiene un carácter que ningún documento tiene")     \
  X(letters, "it has letters where only digits stand", "tiene letras donde solo van dígitos")                         \
  X(too_short, "it is too short; zeros in front may be lost", "es muy corto; pueden faltar ceros a la izquierda")     \
  X(too_long, "it is too long", "es muy largo")                                                                       \
  X(length_wrong, "no document of this type has this length", "ningún documento de este tipo tiene este largo")       \
  X(all_zeros, "it is all zeros", "son solo ceros")                                                                   \
  X(leading_zero, "it begins with a zero, which this type never does", "empieza por cero, y este tipo nunca lo hace") \
  X(prefix_wrong, "it does not begin as this type does", "no empieza como este tipo")                                 \
  X(check_missing, "its check digit is missing, or not set apart by a hyphen",                                        \
    "falta el dígito de verificación, o no va separado con guion")                                                    \
  X(check_wrong, "its check digit does not fit: one of the digits is mistyped",                                       \
    "el dígito de verificación no corresponde: hay un dígito mal escrito")

enum class DocumentReason : std::uint8_t {
#define CUADRE_X(name, en, es) name,
  CUADRE_DOCUMENT_REASONS(CUADRE_X)
#undef CUADRE_X
};
std::string_view name(DocumentReason reason) noexcept;

struct DocumentReasonInfo {
  std::string_view name, en, es;
};
std::span<const DocumentReasonInfo> document_reasons() noexcept;

// Rows of one country, type and rule are alternatives.
struct DocumentRule {
  // digits_and_check: digits, and at the end one that may be a letter.
  enum class Form : std::uint8_t { digits, letters_and_digits, digits_and_check };
  enum class Check : std::uint8_t { none, nit, ruc, cui };

  std::string_view country, type;  // "CO", "CC"
  std::string_view rule = {};      // "register", "seeds", or the gateway that asks for it
  Form form = Form::digits;
  std::uint8_t length_min = 0, length_max = 0;  // characters, the check digit among them
  std::string_view prefixes = {};               // two characters each, or one; separated by blanks; empty: any
  Check check = Check::none;
  bool leading_zero = true;      // whether it may begin with one
  bool hyphen = false;           // the check digit must be set apart, because the length alone does not tell it
  std::string_view status = {};  // official, community, unverified or seeds
  std::string_view source = {}, note = {};
};
std::span<const DocumentRule> document_rules();
std::string_view name(DocumentRule::Form form) noexcept;
std::string_view name(DocumentRule::Check check) noexcept;

struct DocumentVerdict {
  std::string_view rule;
  DocumentReason reason;
};

// Never shown whole: `masked` is for people and logs, `text` for the gateway alone.
struct Document {
  std::string_view country, type, rule;  // `rule` decides `reason`
  DocumentReason reason = DocumentReason::empty;
  std::string text;                       // digits and capital letters only; empty where the rule refuses it
  std::string masked;                     // "******4050": never more than half of it, at most 4 characters
  std::vector<DocumentVerdict> verdicts;  // of every rule for this type, in the table's order
  bool valid() const noexcept { return reason == DocumentReason::ok; }
};

// Blanks, points, commas and hyphens count for nothing, small letters for capital ones, full-width signs for plain
// ones. Throws Error(rule_unknown) for a country, type or rule that the table does not have.
Document read_document(std::string_view country, std::string_view type, std::string_view text,
                       std::string_view rule = "register");

// One sentence with what the rule asks for, and nothing of the document.
std::string sentence_en(const Document& document);
std::string sentence_es(const Document& document);

}  // namespace cuadre
