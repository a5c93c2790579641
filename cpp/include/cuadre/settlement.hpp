// Turning collectors', gateways' and banks' files into typed rows, with proof that nothing was dropped.
//
// A reader pushes small batches of rows into a sink; the row table, the control totals, the matcher's partitions are
// sinks. Files are read in blocks with pread (never mapped: a file that shrinks under a map kills the process), several
// threads at once, each block parsed by the thread that read it. Memory is bounded by threads x (block + longest
// record), plus what the sink keeps.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/base/day.hpp"
#include "cuadre/base/progress.hpp"
#include "cuadre/base/words.hpp"
#include "cuadre/settlement/check.hpp"
#include "cuadre/settlement/layout.hpp"

struct ArrowArrayStream;  // cuadre/table.hpp

namespace cuadre {

// One accepted row. The text is UTF-8 and valid until the sink returns.
struct Row {
  std::string_view reference;
  std::int64_t amount_minor;
  std::uint64_t offset_bytes;  // of the record's first byte in its file; the row's index in an Arrow stream
  std::uint64_t line;          // 1-based physical line; 1-based row number in an Arrow stream
  std::uint32_t length_bytes;  // of the record without its line end
  std::int32_t date_days;      // since 1970-01-01, or kNoDate
  std::int32_t booked_days;
  Currency currency;
  RowKind kind;
};

// Why a row was refused. Part of the interface: names appear in reports and do not change.
#define CUADRE_REJECT_REASONS(X)                                                                                     \
  X(reference_missing, "no reference", "sin referencia")                                                             \
  X(amount_missing, "no amount", "sin valor")                                                                        \
  X(amount_invalid, "not an amount under the declared form", "no es un valor en la forma declarada")                 \
  X(amount_inexact, "more decimals than the currency has", "más decimales que los de la moneda")                     \
  X(amount_overflow, "amount too large for 64-bit minor units", "valor demasiado grande")                            \
  X(sign_invalid, "the sign or direction is not one of the declared",                                                \
    "el signo o sentido no es uno de los declarados")                                                                \
  X(currency_missing, "no currency", "sin moneda")                                                                   \
  X(currency_unknown, "not a known currency", "no es una moneda conocida")                                           \
  X(date_invalid, "not a date that exists in the declared form", "no es una fecha que exista en la forma declarada") \
  X(kind_unknown, "a kind of row the layout does not list", "un tipo de fila que el diseño no lista")                \
  X(encoding_invalid, "bytes that are not text in the declared encoding",                                            \
    "bytes que no son texto en la codificación declarada")                                                           \
  X(nul_byte, "a NUL byte inside the record", "un byte NUL dentro del registro")                                     \
  X(fields_missing, "fewer fields than a row has", "menos campos que los de una fila")                               \
  X(fields_surplus, "more fields than a row has", "más campos que los de una fila")                                  \
  X(quote_stray, "text after a closing quote", "texto después de la comilla de cierre")                              \
  X(quote_unclosed, "a quote that never closes", "una comilla que nunca se cierra")                                  \
  X(record_too_long, "a record longer than the limit", "un registro más largo que el límite")                        \
  X(record_too_short, "a record shorter than its type allows", "un registro más corto que su tipo")                  \
  X(record_surplus, "text beyond the record's length", "texto más allá del largo del registro")                      \
  X(record_unknown, "a record type the layout does not list", "un tipo de registro que el diseño no lista")          \
  X(record_misplaced, "a record where its type may not stand", "un registro donde su tipo no puede estar")           \
  X(json_malformed, "not JSON", "no es JSON")                                                                        \
  X(json_key_repeated, "a key that stands twice in one object", "una clave repetida en un objeto")                   \
  X(json_too_deep, "nested too deep", "anidado demasiado profundo")                                                  \
  X(json_not_object, "a value where an object is needed", "un valor donde debe ir un objeto")                        \
  X(value_of_wrong_type, "a value of a type this field cannot take", "un valor de un tipo que el campo no admite")

enum class RejectReason : std::uint8_t {
#define CUADRE_X(name, en, es) name,
  CUADRE_REJECT_REASONS(CUADRE_X)
#undef CUADRE_X
};

std::span<const Term> reject_reasons() noexcept;  // by position

inline constexpr std::size_t kRejectTextMax = 512;  // longer raw text is cut, and `length_bytes` says how long it was

struct Reject {
  std::uint64_t offset_bytes = 0;
  std::uint64_t line = 0;
  std::uint64_t column =
      0;  // 1-based: field number (delimited), position (fixed), byte in the record (JSON); 0 the whole record
  std::uint64_t length_bytes = 0;
  RejectReason reason{};
  std::string field;     // what stands in that column: a header name, a field of ours, or empty
  std::string raw_text;  // the record as it stands, its bytes escaped only where they are not valid UTF-8 (\xNN)
};

// Rows of one block, in file order. One sink serves several threads: `worker` is 0..threads-1 and never concurrent with
// itself; batches of one worker come in rising `block` order, and a block belongs to one worker.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void rows(unsigned worker, std::uint32_t block, std::span<const Row> rows) = 0;
};

struct CurrencyTotal {
  Currency currency;
  std::uint64_t rows = 0;
  Int128 amount_minor = 0;
};

// What one file gave. records = rows + rejects + ignored, always.
struct FileReport {
  std::string file;
  std::uint64_t size_bytes = 0;
  std::uint64_t records = 0;  // data records read: no header row, no control records
  std::uint64_t rows = 0;
  std::uint64_t ignored = 0;          // records that the layout says to pass over
  std::vector<Reject> rejects;        // in file order
  std::vector<CurrencyTotal> totals;  // of the accepted rows, by currency code
  std::vector<Check> checks;
};

struct ReadOptions {
  unsigned threads = 0;                   // 0: as many as the machine has
  std::uint64_t rejects_max = 1'000'000;  // more than this many rejects is Error(rejects_exceeded)
  std::uint32_t block_bytes = 1U << 18;
  Progress* progress = nullptr;
};

// A place that gives rows: a file under a layout, or an Arrow stream. Reads once into a sink; can fetch single rows
// again.
class Source {
 public:
  virtual ~Source() = default;
  virtual const std::string& label() const noexcept = 0;  // the path, or "<ledger>" and the like
  virtual std::uint64_t extent() const noexcept = 0;      // upper bound of offset_bytes; known before reading
  virtual std::uint64_t rows_estimate() const noexcept = 0;

  // Throws Error. Called once.
  virtual FileReport read(RowSink& sink, const ReadOptions& options) = 0;

  // Gives the rows at these offsets (rising, each the offset of an accepted row) again, in order of `block`, to the
  // sink. Throws Error(file_changed) if the file is not the one that was read.
  virtual void fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions& options) = 0;
};

// Opens at once (Error file_missing, file_unreadable, file_empty) and keeps the file open for `fetch`.
std::unique_ptr<Source> open_file(const std::string& path, const Layout& layout);

// Rows from a stream of record batches. Takes the stream over (its `release` becomes null) and all its batches, and
// keeps them for `fetch`. `label` stands where a file's path would.
//
// Columns are found by the names in the layout's places, exactly; what the layout does not name is called reference,
// amount, currency, date, booked_date, kind (and debit, credit, direction, type where the layout has such fields by
// position). Where there is no amount column, a whole-number column amount_minor holds minor units.
//   reference     text, or whole numbers as they are written
//   amount        decimals of any width and scale, judged by exact value; whole numbers, in whole units of the currency
//   (or with the
//                 implied decimals that the layout declares); text under the layout's form. Binary floating point is
//                 refused
//   date          date32, date64, timestamp (of any unit; the day in UTC), or text under the layout's form (YYYY-MM-DD
//   without one) all others    text
// Text is utf8, large_utf8, utf8_view or a dictionary of one of them. A null is a missing cell.
// offset_bytes counts rows from 0 and line from 1.
//
// Throws Error(arrow_unsupported | column_missing | column_repeated), or file_unreadable with the producer's words if
// it fails.
std::unique_ptr<Source> open_arrow(ArrowArrayStream* stream, const Layout& layout, std::string label);

}  // namespace cuadre
