// Any bytes as a fixed-width file. Nothing may crash, and how the file is cut into blocks may not change what comes
// out. First byte: the encoding, the unit of positions, and whether lines carry a record type.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
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

Place at(std::uint32_t start, std::uint32_t length) {
  Place place;
  place.start = start;
  place.length = length;
  return place;
}

FixedRecord record(const char* tag, RecordRole role) {
  FixedRecord out;
  out.tag = tag;
  out.role = role;
  out.length = 16;
  out.minimum_length = 9;
  return out;
}

Layout make_layout(unsigned choice) {
  Layout layout;
  layout.name = "fuzz";
  layout.kind = LayoutKind::fixed;
  layout.encoding = std::array{Encoding::utf8, Encoding::latin1, Encoding::windows1252}[choice % 3];
  layout.positions_in_characters = (choice & 8U) != 0;
  layout.record_bytes_max = 60;
  layout.reference.place = at(2, 4);
  layout.amount.amount = at(6, 5);
  layout.amount.form.implied_decimals = 2;
  layout.kind_of_row.place = at(11, 1);
  layout.kind_of_row.values = {{"", "payment"}, {"0", "payment"}, {"*", "reversal"}};
  layout.default_currency = "COP";
  if ((choice & 16U) != 0) return layout;
  layout.tag = at(1, 1);
  FixedRecord header = record("1", RecordRole::file_header);
  header.date = DateField{at(2, 8), DateForm::compile("YYYYMMDD")};
  FixedRecord lot = record("5", RecordRole::lot_header);
  lot.lot = at(2, 2);
  lot.checked.push_back({"code", at(4, 5), CheckDigit::nit});
  FixedRecord lot_control = record("8", RecordRole::lot_control);
  lot_control.lot = at(2, 2);
  FixedRecord file_control = record("9", RecordRole::file_control);
  for (FixedRecord* control : {&lot_control, &file_control}) {
    control->count = at(4, 2);
    control->total = at(6, 6);
  }
  layout.records = {header,      lot,          record("6", RecordRole::detail),
                    lot_control, file_control, record("7", RecordRole::ignored)};
  return layout;
}

std::string described(const FileReport& report) {
  std::string text = std::to_string(report.records) + ' ' + std::to_string(report.rows);
  for (const Reject& reject : report.rejects) {
    text += "\n" + std::to_string(static_cast<int>(reject.reason)) + '@' + std::to_string(reject.offset_bytes) + ':' +
            std::to_string(reject.line) + ':' + std::to_string(reject.column) + ':' +
            std::to_string(reject.length_bytes) + reject.raw_text;
  }
  for (const Check& check : report.checks) {
    text += "\n" + check.name(Language::spanish) + '@' + std::to_string(check.offset_bytes) + ':' +
            std::to_string(check.line) + ' ' + check.declared.text(Language::english) + '/' +
            check.found.text(Language::spanish) + (check.holds ? "" : " !");
  }
  return text;
}

std::string read(const std::string& path, const Layout& layout, const ReadOptions& options) {
  try {
    const auto source = open_fixed(File::open(path), layout);
    DigestSink sink;
    const FileReport report = source->read(sink, options);
    if (report.records != report.rows + report.ignored + report.rejects.size()) std::abort();
    std::sort(sink.offsets.begin(), sink.offsets.end());
    DigestSink again;
    source->fetch(sink.offsets, again, options);
    if (again.digest != sink.digest) std::abort();
    return described(report) + std::to_string(sink.digest);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::proof_failed || error.code() == ErrorCode::file_changed) std::abort();
    return std::string(name(error.code())) + error.message();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const int descriptor = ::memfd_create("fuzz", 0);
  if (descriptor < 0 || ::write(descriptor, data + 1, size - 1) != static_cast<ssize_t>(size - 1)) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  const Layout layout = make_layout(data[0]);
  const std::string whole = read(path, layout, {1, 1'000'000, 1U << 18, nullptr});
  for (const std::uint32_t block : {16U, 23U, 128U}) {
    if (read(path, layout, {1, 1'000'000, block, nullptr}) != whole) std::abort();
  }
  if (read(path, layout, {2, 1'000'000, 64, nullptr}) != whole) std::abort();
  ::close(descriptor);
  return 0;
}
