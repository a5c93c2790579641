// The one list of failures. Misuse, unreadable input and forgery throw cuadre::Error with a code;
// outcomes that business expects (a bad row, a break) are values, never exceptions.
#pragma once

#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cuadre {

// code, what it means. Python's classes in errors.py are keyed by these names; a test keeps the two equal.
#define CUADRE_ERROR_CODES(X)                                                                       \
  X(amount_invalid, "text that is not an amount under the declared form")                           \
  X(amount_inexact, "an amount with more decimals than its currency has")                           \
  X(amount_overflow, "an amount outside the range of 64-bit minor units")                           \
  X(currency_unknown, "a code that ISO 4217 does not list")                                         \
  X(currency_mismatch, "two amounts of different currencies where one currency is needed")          \
  X(float_refused, "a binary floating-point number where an exact amount is needed")                \
  X(argument_invalid, "a parameter outside its documented range")                                   \
  X(file_missing, "no file at that path")                                                           \
  X(file_unreadable, "a directory, a pipe, or a file that may not or cannot be read")               \
  X(file_unwritable, "a place that cannot be written")                                              \
  X(file_empty, "a file of zero bytes, or with nothing in it to read")                              \
  X(file_changed, "a file that changed, grew or shrank while it was being read")                    \
  X(encoding_unsupported, "an encoding cuadre does not read, or one the file contradicts")          \
  X(layout_unknown, "no layout of that name")                                                       \
  X(layout_invalid, "a layout declaration that contradicts itself or says too little")              \
  X(layout_mismatch, "a file that is not of the declared layout at all")                            \
  X(column_missing, "a declared column that the file does not have")                                \
  X(column_repeated, "a column name that stands twice in one header")                               \
  X(json_malformed, "bytes that are not one JSON document, or whose root is not rows")              \
  X(rejects_exceeded, "more rejected rows than the caller allows")                                  \
  X(arrow_unsupported, "an Arrow column of a type that cannot carry this field exactly")            \
  X(rule_unknown, "no rule of that name, place and date in the table")                              \
  X(rule_invalid, "a fee, tax, cash, wire or rate rule that contradicts itself or says too little") \
  X(rate_outdated, "an exchange rate used outside the time it holds for")                           \
  X(signature_refused, "a message that is not proven to be the gateway's own, and fresh")           \
  X(secret_invalid, "a secret or key that cannot protect anything")                                 \
  X(scheme_unknown, "no signature scheme or notification of that gateway and message")              \
  X(proof_failed, "an internal error: rows or money do not add up")                                 \
  X(cancelled, "the caller asked for the work to stop")

enum class ErrorCode : std::uint8_t {
#define CUADRE_X(name, text) name,
  CUADRE_ERROR_CODES(CUADRE_X)
#undef CUADRE_X
};

struct ErrorCodeInfo {
  ErrorCode code;
  std::string_view name;
  std::string_view meaning;
};

// Every code once, in declaration order.
std::span<const ErrorCodeInfo> error_codes() noexcept;
std::string_view name(ErrorCode code) noexcept;

// Where a failure stands. Empty or zero means "not known"; line and column are 1-based, offset_bytes 0-based (-1
// unknown).
struct Position {
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::int64_t offset_bytes = -1;
  std::string key = {};  // of a declaration: "amount.grouping"
};

class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, Position position = {});

  const char* what() const noexcept override { return what_.c_str(); }
  ErrorCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const Position& position() const noexcept { return position_; }
  // Which of a code's reasons, by name; empty where a code has none.
  virtual std::string_view reason_name() const noexcept { return {}; }

 private:
  ErrorCode code_;
  std::string message_;
  Position position_;
  std::string what_;  // message with the position in front: "day.csv, line 7, column 3: ..."
};

}  // namespace cuadre
