// Any bytes as separated values. Nothing may crash, how the file is cut into blocks may not change what comes out, and
// the records must be those that a plain cutter finds. First byte: encoding, header, quote, trimming, kind of amount.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "settlement/formats/formats.hpp"

namespace {

using namespace cuadre;

class DigestSink final : public RowSink {
 public:
  void rows(unsigned, std::uint32_t, std::span<const Row> rows) override {
    const std::scoped_lock lock(mutex_);
    for (const Row& row : rows) {
      std::size_t value = std::hash<std::string_view>{}(row.reference);
      for (const std::uint64_t part :
           {static_cast<std::uint64_t>(row.amount_minor), row.offset_bytes, row.line, std::uint64_t{row.length_bytes},
            std::uint64_t{row.currency.id()}, static_cast<std::uint64_t>(row.date_days),
            static_cast<std::uint64_t>(row.kind)}) {
        value = value * 1'000'003 + part;
      }
      digest += value;  // order of arrival does not count
      offsets.push_back(row.offset_bytes);
    }
  }
  std::size_t digest = 0;
  std::vector<std::uint64_t> offsets;

 private:
  std::mutex mutex_;
};

// Column 1 to 6: reference, amount (or debit), currency, date, credit or direction, kind.
Layout make_layout(unsigned choice) {
  Layout layout;
  layout.name = "fuzz";
  layout.encoding = std::array{Encoding::utf8, Encoding::latin1, Encoding::windows1252, Encoding::utf8}[choice & 3U];
  layout.header = (choice & 4U) != 0;
  layout.quote = (choice & 8U) != 0 ? '"' : '\0';
  layout.trim = (choice & 16U) != 0;
  layout.record_bytes_max = 60;
  const auto place = [&](Place& into, const char* column, std::uint32_t index) {
    if (layout.header) into.column = column;
    if (!layout.header) into.index = index;
    into.optional = layout.header && index > 3;
  };
  place(layout.reference.place, "r", 1);
  place(layout.currency.place, "c", 3);
  layout.default_currency = "COP";
  const unsigned kind = choice >> 5U;
  if (kind == 0) layout.column_count = layout.header ? 0 : 3;
  if (kind == 1) {
    place(layout.date.place, "d", 4);
    layout.date.form = DateForm::compile("YYYY-MM-DD[ hh:mm]");
    layout.amount.form = {',', '.', -1, SignStyle::brackets};
    layout.empty_tokens = {"-", "NA"};
  }
  if (kind == 2) {
    place(layout.amount.debit, "a", 2);
    place(layout.amount.credit, "k", 4);
    return layout;
  }
  if (kind == 3) {
    place(layout.amount.direction, "k", 4);
    layout.amount.debit_tokens = {"DR"};
    layout.amount.credit_tokens = {"CR", ""};
    layout.amount.symbols = {"$", "S/"};
    layout.amount.form = {'.', ',', -1, SignStyle::behind};
    place(layout.kind_of_row.place, "t", 5);
  }
  place(layout.amount.amount, "a", 2);
  return layout;
}

std::string described(const FileReport& report) {
  std::string text = std::to_string(report.records) + ' ' + std::to_string(report.rows);
  for (const Reject& reject : report.rejects) {
    text += "\n" + std::to_string(static_cast<int>(reject.reason)) + '@' + std::to_string(reject.offset_bytes) + ':' +
            std::to_string(reject.line) + ':' + std::to_string(reject.column) + ':' +
            std::to_string(reject.length_bytes) + reject.field + reject.raw_text;
  }
  for (const CurrencyTotal& total : report.totals) {
    text += "\n" + std::string(total.currency.code()) + std::to_string(static_cast<std::int64_t>(total.amount_minor));
  }
  return text;
}

struct Outcome {
  std::string text;
  std::uint64_t records = 0;
  bool read = false;
  bool whole = true;  // no record was too long, so every record was cut where a plain cutter cuts it
};

Outcome read(const std::string& path, const Layout& layout, const ReadOptions& options) {
  Outcome outcome;
  try {
    const auto source = open_delimited(File::open(path), layout);
    DigestSink sink;
    const FileReport report = source->read(sink, options);
    if (report.records != report.rows + report.ignored + report.rejects.size()) std::abort();
    std::sort(sink.offsets.begin(), sink.offsets.end());
    DigestSink again;
    source->fetch(sink.offsets, again, options);
    if (again.digest != sink.digest) std::abort();
    for (const Reject& reject : report.rejects) {
      if (reject.reason == RejectReason::record_too_long) outcome.whole = false;
    }
    outcome.text = described(report) + std::to_string(sink.digest);
    outcome.records = report.records;
    outcome.read = true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::proof_failed || error.code() == ErrorCode::file_changed) std::abort();
    outcome.text = std::string(name(error.code())) + error.message();
  }
  return outcome;
}

// Records of a text, byte by byte: a quote that opens a cell holds line ends, a doubled one inside stands for itself.
std::uint64_t records_of(std::string_view text, const Layout& layout) {
  std::uint64_t records = 0;
  bool quoted = false, cell_begins = true, empty = true;
  const auto line_end = [&] {
    records += empty ? 0 : 1;
    cell_begins = empty = true;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    const bool quote = layout.quote != 0 && byte == layout.quote;
    if (quoted) {
      if (quote && i + 1 < text.size() && text[i + 1] == layout.quote) {
        ++i;
      } else if (quote) {
        quoted = false;
      }
      continue;
    }
    if (byte == '\n' || byte == '\r') {
      line_end();
      continue;
    }
    quoted = quote && cell_begins;
    cell_begins = byte == layout.separator;
    empty = false;
  }
  line_end();
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int descriptor = ::memfd_create("fuzz", 0);
  if (descriptor < 0 || ::write(descriptor, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  const Layout layout = make_layout(data[0]);
  const Outcome whole = read(path, layout, {1, 1'000'000, 1U << 18, nullptr});
  for (const std::uint32_t block : {16U, 23U, 128U}) {
    if (read(path, layout, {1, 1'000'000, block, nullptr}).text != whole.text) std::abort();
  }
  if (read(path, layout, {2, 1'000'000, 64, nullptr}).text != whole.text) std::abort();
  if (whole.read && whole.whole) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (records_of(bytes, layout) != whole.records + (layout.header ? 1U : 0U)) std::abort();
  }
  ::close(descriptor);
  return 0;
}
