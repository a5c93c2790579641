// JSON files: an array of objects, or one object a line. Cutting is in json_scan, reading one record in json_record.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "settlement/blocks.hpp"
#include "settlement/formats/formats.hpp"
#include "settlement/formats/json_check.hpp"
#include "settlement/formats/json_record.hpp"
#include "settlement/formats/json_scan.hpp"

namespace cuadre {
namespace {

struct Head {
  std::uint64_t text = 0;   // behind the UTF-8 mark, if there is one
  std::uint64_t first = 0;  // of the first byte that is not blank, or the file's size
  char byte = 0;            // that byte
};

Head look(const File& file) {
  std::vector<char> buffer(std::size_t{1} << 16);
  std::size_t got = file.read_at(0, buffer.data(), buffer.size());
  const std::string_view start(buffer.data(), got);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    throw Error(ErrorCode::encoding_unsupported, "the file is UTF-16; JSON is read as UTF-8", {file.path(), 1, 1, 0});
  }
  Head head;
  head.text = start.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  head.first = head.text;
  std::size_t at = static_cast<std::size_t>(head.text);
  while (got != 0) {
    for (; at < got; ++at, ++head.first) {
      if (json_blank(buffer[at])) continue;
      head.byte = buffer[at];
      return head;
    }
    got = file.read_at(head.first, buffer.data(), buffer.size());
    at = 0;
  }
  return head;
}

const char* root_name(char first) noexcept {
  switch (first) {
    case '{':
      return "an object";
    case '"':
      return "a string";
    case 't':
    case 'f':
      return "true or false";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

// Walks the whole file with the exact judge: throws Error(json_malformed) at its first bad byte, returns when it is one
// document.
void require_json(const File& file, const Head& head, const Progress* progress) {
  JsonCheck check;
  std::vector<char> buffer(std::size_t{1} << 16);
  std::uint64_t line = 1;
  std::uint64_t line_start = head.text;
  bool after_cr = false;
  const auto refuse = [&](std::uint64_t offset, std::string message) {
    if (head.byte == '{' && offset != file.size()) message += "; a file with one object a line is of kind json_lines";
    throw Error(ErrorCode::json_malformed, message,
                {file.path(), line, offset - line_start + 1, static_cast<std::int64_t>(offset)});
  };
  std::uint64_t offset = head.text;
  while (offset < file.size()) {
    if (progress != nullptr && progress->cancel) throw Error(ErrorCode::cancelled, "reading was stopped");
    const std::size_t got = file.read_at(offset, buffer.data(), buffer.size());
    const bool good = check.feed({buffer.data(), got});
    const std::size_t taken = static_cast<std::size_t>(check.taken() - (offset - head.text));
    for (std::size_t i = 0; i < taken; ++i) {
      const char byte = buffer[i];
      if (byte == '\n' ? !after_cr : byte == '\r') ++line;
      if (byte == '\n' || byte == '\r') line_start = offset + i + 1;
      after_cr = byte == '\r';
    }
    if (!good) refuse(offset + taken, "this is not JSON from here on");
    offset += got;
  }
  if (!check.finish())
    refuse(file.size(), head.byte == 0 ? "there is nothing in the file" : "the file ends before the JSON does");
}

template <class Format>
class JsonSource final : public Source {
 public:
  static constexpr bool kArray = std::is_same_v<Format, JsonArrayFormat>;

  JsonSource(File file, const Layout& layout, const Head& head)
      : file_(std::move(file)),
        layout_(layout),
        head_(head),
        rules_(layout_),
        fields_(layout_),
        format_({fields_, rules_, kArray ? head.first : head.text}),
        blocks_(file_, format_) {}

  const std::string& label() const noexcept override { return file_.path(); }
  std::uint64_t extent() const noexcept override { return file_.size(); }
  std::uint64_t rows_estimate() const noexcept override { return file_.size() / 128 + 1; }

  FileReport read(RowSink& sink, const ReadOptions& options) override {
    FileReport report;
    report.file = file_.path();
    report.size_bytes = file_.size();
    if constexpr (kArray) {
      read_array(sink, options, report);
    } else {
      blocks_.read(sink, options, report);
    }
    file_.require_unchanged();
    // An empty array is a day without sales; a file of blank lines says nothing at all.
    if (!kArray && report.records == 0) {
      throw Error(ErrorCode::file_empty, "the file holds no record", {file_.path(), 0, 0, -1});
    }
    if (!kArray && head_.byte == '[' && report.records == report.rejects.size()) {
      throw Error(ErrorCode::layout_mismatch,
                  "no line is an object, and the file begins with an array; that is of kind json",
                  {file_.path(), 0, 0, -1});
    }
    if (report.ignored != report.records) fields_.require_seen(file_.path());
    return report;
  }

  void fetch(std::span<const std::uint64_t> offsets, RowSink& sink, const ReadOptions& options) override {
    blocks_.fetch(
        offsets, sink, options,
        [this](const typename Format::State& state, const BlockText& text, std::span<const std::uint64_t> wanted,
               Emitter& out) { format_.parse_at(state, text, wanted, out); });
    file_.require_unchanged();
  }

 private:
  void read_array(RowSink& sink, const ReadOptions& options, FileReport& report) {
    if (head_.byte != '[') {
      require_json(file_, head_, options.progress);
      file_.require_unchanged();
      throw Error(ErrorCode::layout_mismatch,
                  std::string("the root is ") + root_name(head_.byte) + ", not an array of rows",
                  {file_.path(), 0, 0, static_cast<std::int64_t>(head_.first)});
    }
    try {
      blocks_.read(sink, options, report);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::json_malformed) throw;
      // Which thread met a fault first is chance, so the judge names the first fault of the file. It always finds one.
      require_json(file_, head_, options.progress);
      file_.require_unchanged();
      throw Error(error.code(), error.message(), {file_.path(), 0, 0, error.position().offset_bytes});
    }
    if constexpr (kArray) {
      if (blocks_.last().state.phase == JsonArrayFormat::Phase::end) return;
    }
    require_json(file_, head_, options.progress);
    throw Error(ErrorCode::json_malformed, "the array does not end",
                {file_.path(), 0, 0, static_cast<std::int64_t>(file_.size())});
  }

  File file_;
  Layout layout_;
  Head head_;
  RowRules rules_;
  JsonFields fields_;
  Format format_;
  BlockReader<Format> blocks_;
};

}  // namespace

std::unique_ptr<Source> open_json(File file, const Layout& layout) {
  if (layout.encoding != Encoding::utf8) {
    throw Error(ErrorCode::encoding_unsupported, "JSON is UTF-8; the layout declares another encoding",
                {file.path(), 0, 0, -1});
  }
  const Head head = look(file);
  if (layout.kind == LayoutKind::json_lines) {
    return std::make_unique<JsonSource<JsonLinesFormat>>(std::move(file), layout, head);
  }
  return std::make_unique<JsonSource<JsonArrayFormat>>(std::move(file), layout, head);
}

}  // namespace cuadre
