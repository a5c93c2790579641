// A slow, exact judge of JSON (RFC 8259): says whether bytes are one document and, if not, at which byte they stop
// being one. The fast reader (json_record.cpp) asks it only when something is wrong, so every refusal names the same
// byte no matter how the file was cut into blocks. It looks at grammar alone: UTF-8, depth limits and repeated keys are
// judged elsewhere.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cuadre {

// An RFC 8259 number and nothing else: no plus, no leading zero, digits on both sides of the point.
bool is_json_number(std::string_view text) noexcept;

constexpr bool json_blank(char byte) noexcept { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

class JsonCheck {
 public:
  // Nesting that the judge itself follows; deeper counts as malformed. Bounds its memory to 128 KiB.
  static constexpr std::size_t kDepthMax = std::size_t{1} << 20;

  // Takes the next piece of the text; false at the first byte that cannot stand where it stands, which is byte taken().
  bool feed(std::string_view bytes);
  // The text ends here; false when a value is still open or missing.
  bool finish() noexcept;
  std::uint64_t taken() const noexcept { return taken_; }

 private:
  enum class Phase : std::uint8_t {
    value,
    value_or_close,
    key,
    key_or_close,
    colon,
    comma_or_close,
    done,
    text,
    escape,
    hex,
    literal,
    minus,
    zero,
    integer,
    point,
    fraction,
    mark,
    mark_sign,
    exponent
  };

  bool step(char byte);
  bool begin_value(char byte);
  bool in_text(char byte) noexcept;
  bool in_number(char byte);
  bool open(bool object);
  bool close(bool object) noexcept;
  void end_value() noexcept { phase_ = nest_.empty() ? Phase::done : Phase::comma_or_close; }

  Phase phase_ = Phase::value;
  bool is_key_ = false;  // the open string is a key
  std::uint8_t hex_left_ = 0;
  std::string_view literal_;  // what is still to come of true, false, null
  std::vector<bool> nest_;    // true: an object
  std::uint64_t taken_ = 0;
};

}  // namespace cuadre
