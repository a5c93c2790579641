// Any bytes as a JSON file. Nothing may crash; how the file is cut into blocks may not change what comes out; and the
// fast reader and the exact judge must agree on what is JSON. First byte: even an array, odd one object a line.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "settlement/formats/formats.hpp"
#include "settlement/formats/json_check.hpp"

namespace {

using namespace cuadre;

class DigestSink final : public RowSink {
 public:
  void rows(unsigned, std::uint32_t, std::span<const Row> rows) override {
    const std::scoped_lock lock(mutex_);
    for (const Row& row : rows) {
      std::size_t value = std::hash<std::string_view>{}(row.reference);
      for (const std::uint64_t part : {static_cast<std::uint64_t>(row.amount_minor), row.offset_bytes, row.line,
                                       std::uint64_t{row.length_bytes}, std::uint64_t{row.currency.id()}}) {
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

Layout make_layout(bool lines) {
  Layout layout;
  layout.name = "fuzz";
  layout.kind = lines ? LayoutKind::json_lines : LayoutKind::json;
  layout.reference.place.column = "r";
  layout.amount.amount.column = "a.v";
  layout.default_currency = "COP";
  layout.record_bytes_max = 1000;
  return layout;
}

struct Outcome {
  std::string text;
  bool malformed = false;
  bool judged = true;  // the whole text was looked at: no limit and no other error came first
};

Outcome read(const std::string& path, const Layout& layout, const ReadOptions& options) {
  Outcome outcome;
  try {
    const auto source = open_json(File::open(path), layout);
    DigestSink sink;
    const FileReport report = source->read(sink, options);
    outcome.text =
        std::to_string(report.records) + ' ' + std::to_string(report.rows) + ' ' + std::to_string(sink.digest);
    for (const Reject& reject : report.rejects) {
      outcome.text += ' ' + std::to_string(static_cast<int>(reject.reason)) + '@' +
                      std::to_string(reject.offset_bytes) + ':' + std::to_string(reject.line) + ':' +
                      std::to_string(reject.column) + ':' + std::to_string(reject.length_bytes) + reject.raw_text;
      if (reject.reason == RejectReason::record_too_long) outcome.judged = false;
    }
    if (report.records != report.rows + report.ignored + report.rejects.size()) std::abort();
    std::sort(sink.offsets.begin(), sink.offsets.end());
    DigestSink again;
    source->fetch(sink.offsets, again, options);
    if (again.digest != sink.digest) std::abort();
  } catch (const Error& error) {
    outcome.text = std::string(name(error.code())) + '@' + std::to_string(error.position().offset_bytes) + ':' +
                   std::to_string(error.position().line);
    outcome.malformed = error.code() == ErrorCode::json_malformed;
    if (error.code() == ErrorCode::proof_failed || error.code() == ErrorCode::file_changed) std::abort();
    if (error.code() == ErrorCode::encoding_unsupported) outcome.judged = false;
    if (error.code() == ErrorCode::column_missing)
      outcome.judged = false;  // its rejects, perhaps too long, are not known
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const bool lines = (data[0] & 1U) != 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int descriptor = ::memfd_create("fuzz", 0);
  if (descriptor < 0 || ::write(descriptor, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  const Layout layout = make_layout(lines);
  const Outcome whole = read(path, layout, {1, 1'000'000, 1U << 18, nullptr});
  for (const std::uint32_t block : {16U, 23U, 128U}) {
    if (read(path, layout, {1, 1'000'000, block, nullptr}).text != whole.text) std::abort();
  }
  if (read(path, layout, {2, 1'000'000, 64, nullptr}).text != whole.text) std::abort();
  if (!lines && whole.judged) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    JsonCheck check;
    if ((check.feed(bytes) && check.finish()) == whole.malformed) std::abort();
  }
  ::close(descriptor);
  return 0;
}
