// Made-up fixed-width files and what reading them gives, for the tests of the fixed-width reader.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "settlement/formats/formats.hpp"

namespace cuadre::fixed_cases {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

// Rows as text, so that two readings can be compared whole.
class TextSink final : public RowSink {
 public:
  void rows(unsigned, std::uint32_t, std::span<const Row> rows) override {
    const std::scoped_lock lock(mutex_);
    for (const Row& row : rows) {
      std::ostringstream text;
      text << row.reference << '|' << row.amount_minor << '|' << row.currency.code() << '|' << row.line << '|'
           << row.length_bytes << '|' << row.date_days << '|' << row.booked_days << '|' << static_cast<int>(row.kind);
      found_.emplace_back(row.offset_bytes, text.str());
    }
  }
  Texts take() {
    std::sort(found_.begin(), found_.end());
    Texts texts;
    for (auto& [offset, text] : found_) texts.push_back(text);
    return texts;
  }
  std::vector<std::uint64_t> offsets() {
    std::sort(found_.begin(), found_.end());
    std::vector<std::uint64_t> all;
    for (const auto& [offset, text] : found_) all.push_back(offset);
    return all;
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<std::uint64_t, std::string>> found_;
};

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view bytes) {
    path_ = (fs::temp_directory_path() / "cuadre_fixed_XXXXXX").string();
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor >= 0) ::close(descriptor);
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { fs::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline Place at(std::uint32_t start, std::uint32_t length) {
  Place place;
  place.start = start;
  place.length = length;
  return place;
}

inline FixedRecord record(std::string tag, RecordRole role, std::uint32_t minimum) {
  FixedRecord out;
  out.tag = std::move(tag);
  out.role = role;
  out.length = 162;
  out.minimum_length = minimum;
  return out;
}

inline Layout asobancaria() {
  Layout layout;
  layout.name = "asobancaria-2001-recaudo";
  layout.kind = LayoutKind::fixed;
  layout.encoding = Encoding::latin1;
  layout.trim = true;
  layout.tag = at(1, 2);
  FixedRecord header = record("01", RecordRole::file_header, 55);
  header.date = DateField{at(13, 8), DateForm::compile("YYYYMMDD")};
  header.booked_date = DateField{at(41, 8), DateForm::compile("YYYYMMDD")};
  header.checked.push_back({"NIT", at(3, 10), CheckDigit::nit});
  FixedRecord lot = record("05", RecordRole::lot_header, 19);
  lot.lot = at(16, 4);
  lot.checked.push_back({"service code", at(3, 13), CheckDigit::ean13});
  FixedRecord lot_control = record("08", RecordRole::lot_control, 33);
  lot_control.count = at(3, 9);
  lot_control.total = at(12, 18);
  lot_control.lot = at(30, 4);
  FixedRecord file_control = record("09", RecordRole::file_control, 29);
  file_control.count = at(3, 9);
  file_control.total = at(12, 18);
  layout.records = {header, lot, record("06", RecordRole::detail, 94), lot_control, file_control};
  layout.reference.place = at(3, 48);
  layout.amount.amount = at(51, 14);
  layout.amount.form.implied_decimals = 2;
  layout.amount.form.sign = SignStyle::none;
  layout.kind_of_row.place = at(95, 3);
  layout.kind_of_row.values = {{"", "payment"}, {"000", "payment"}, {"*", "reversal"}};
  layout.default_currency = "COP";
  return layout;
}

inline std::string zeros(std::uint64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(width - digits.size(), '0') + digits;
}

inline std::string padded(std::string text, std::size_t width = 162) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

inline std::string file_header(std::string_view day = "20260302") {
  return padded("019001234568" + std::string(day) + "051" + std::string(17, '0') + "202603030830A01");
}
inline std::string lot_header(unsigned number = 1) { return padded("057701234567897" + zeros(number, 4)); }
inline std::string detail(const std::string& reference, std::uint64_t minor, std::string_view cause = "000") {
  return padded("06" + std::string(48 - reference.size(), '0') + reference + zeros(minor, 14) + "0101" +
                std::string(12, '0') + "000" + "0012" + "0000002" + std::string(cause));
}
inline std::string lot_control(std::uint64_t count, std::uint64_t minor, unsigned number = 1) {
  return padded("08" + zeros(count, 9) + zeros(minor, 18) + zeros(number, 4));
}
inline std::string file_control(std::uint64_t count, std::uint64_t minor) {
  return padded("09" + zeros(count, 9) + zeros(minor, 18));
}

inline std::string joined(const Texts& records, std::string_view end = "\r\n") {
  std::string text;
  for (const std::string& item : records) text.append(item).append(end);
  return text;
}

inline Texts good_day() {
  return {file_header(),           lot_header(), detail("100", 5000000), detail("101", 1), lot_control(2, 5000001),
          file_control(2, 5000001)};
}

struct Outcome {
  Texts rows, rejects, checks;  // checks: "name: declared / found" and, if it fails, " !"
  std::string error, message;
  std::uint64_t records = 0, ignored = 0;

  Texts failed() const {
    Texts texts;
    for (const auto& check : checks) {
      if (check.ends_with(" !")) texts.push_back(check);
    }
    return texts;
  }
};

inline Outcome read_file(const std::string& path, const Layout& layout, const ReadOptions& options) {
  Outcome outcome;
  try {
    auto source = open_fixed(File::open(path), layout);
    TextSink sink;
    const FileReport report = source->read(sink, options);
    outcome.rows = sink.take();
    outcome.records = report.records;
    outcome.ignored = report.ignored;
    EXPECT_EQ(report.records, report.rows + report.ignored + report.rejects.size());
    EXPECT_EQ(report.rows, outcome.rows.size());
    for (const Reject& item : report.rejects) {
      std::ostringstream text;
      text << reject_reasons()[static_cast<std::size_t>(item.reason)].name << '@' << item.line << ':' << item.column
           << ' ' << item.field << ' ' << item.length_bytes;
      outcome.rejects.push_back(text.str());
    }
    for (const Check& check : report.checks) {
      outcome.checks.push_back(check.name(Language::english) + "@" + std::to_string(check.line) + ": " +
                               check.declared.text(Language::english) + " / " + check.found.text(Language::english) +
                               (check.holds ? "" : " !"));
    }
    TextSink again;
    source->fetch(sink.offsets(), again, options);
    EXPECT_EQ(again.take(), outcome.rows);
  } catch (const Error& error) {
    outcome.error = name(error.code());
    outcome.message = error.message();
  }
  return outcome;
}

// Reads under every cut and with one to three threads; all must agree.
inline Outcome read_path(const std::string& path, const Layout& layout) {
  const Outcome first = read_file(path, layout, {1, 1'000'000, 1U << 18, nullptr});
  for (const std::uint32_t block : {16U, 100U, 163U, 4096U, 1U << 18}) {
    for (unsigned threads = 1; threads <= 3; ++threads) {
      const Outcome other = read_file(path, layout, {threads, 1'000'000, block, nullptr});
      EXPECT_EQ(other.rows, first.rows) << block << " bytes, " << threads << " threads";
      EXPECT_EQ(other.rejects, first.rejects) << block << " bytes, " << threads << " threads";
      EXPECT_EQ(other.checks, first.checks) << block << " bytes, " << threads << " threads";
      EXPECT_EQ(other.error, first.error) << block << " bytes, " << threads << " threads";
      EXPECT_EQ(other.ignored, first.ignored);
    }
  }
  return first;
}

inline Outcome read(std::string_view bytes, const Layout& layout = asobancaria()) {
  const TemporaryFile file(bytes);
  return read_path(file.path(), layout);
}

inline Outcome read(const Texts& records, const Layout& layout = asobancaria()) {
  return read(joined(records), layout);
}

inline constexpr std::int32_t kDay = 20514;  // 2026-03-02

inline std::string row(const std::string& reference, std::int64_t minor, int line, int length = 162, int kind = 0) {
  std::ostringstream text;
  text << std::string(48 - reference.size(), '0') << reference << '|' << minor << "|COP|" << line << '|' << length
       << '|' << kDay << '|' << kDay + 1 << '|' << kind;
  return text.str();
}

}  // namespace cuadre::fixed_cases
