// Table for Python: Arrow for other libraries, plain values for people.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "border/arrow_capsule.hpp"
#include "border/moments.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

constexpr std::size_t kShownText = 10;  // rows in a repr
constexpr std::size_t kShownHtml = 20;
constexpr std::size_t kCellWidth = 32;  // characters of a shown cell

Batch batch_of(const Table& table, std::uint64_t first, std::size_t count) {
  const py::gil_scoped_release released;
  return table.batch(first, count);
}

std::string cell_text(const Batch& batch, std::size_t column, std::size_t row) {
  std::string text;
  batch.append_cell(text, column, row);
  return text;
}

// Makes Python values of cells; looks up once what it needs.
class Values {
 public:
  py::object operator()(const Batch& batch, std::size_t column, std::size_t row) const {
    if (batch.is_null(column, row)) return py::none();
    switch (batch.schema()[column].type) {
      case ColumnType::utf8:
      case ColumnType::dictionary: {
        const std::string_view text = batch.text(column, row);
        return py::str(text.data(), text.size());
      }
      case ColumnType::int64:
      case ColumnType::int32:
        return py::int_(batch.integer(column, row));
      case ColumnType::uint64:
        return py::int_(batch.unsigned_integer(column, row));
      case ColumnType::boolean:
        return py::bool_(batch.integer(column, row) != 0);
      case ColumnType::decimal128:
        return decimal_(cell_text(batch, column, row));
      case ColumnType::date32:
        return from_ordinal_(batch.integer(column, row) + kEpochOrdinal);
      case ColumnType::timestamp_us:
        return epoch_ + delta_(0, 0, batch.integer(column, row));
    }
    return py::none();
  }

 private:
  py::object decimal_ = py::module_::import("decimal").attr("Decimal");
  py::object delta_ = py::module_::import("datetime").attr("timedelta");
  py::object utc_ = py::module_::import("datetime").attr("timezone").attr("utc");
  py::object epoch_ = py::module_::import("datetime").attr("datetime")(1970, 1, 1, 0, 0, 0, 0, utc_);
  py::object from_ordinal_ = py::module_::import("datetime").attr("date").attr("fromordinal");
};

// Calls each(batch, row in batch, number from 0) for the rows that table[start:stop] would have.
template <class Each>
void for_rows(const Table& table, std::int64_t start, const std::optional<std::int64_t>& stop, Each&& each) {
  const auto rows = static_cast<std::int64_t>(table.rows());
  const auto clamped = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + rows : at, 0, rows); };
  const std::int64_t last = clamped(stop.value_or(rows));
  std::int64_t number = 0;
  for (std::int64_t first = clamped(start); first < last;) {
    const Batch batch = batch_of(table, static_cast<std::uint64_t>(first), static_cast<std::size_t>(last - first));
    for (std::size_t row = 0; row < batch.rows(); ++row) each(batch, row, number++);
    first += static_cast<std::int64_t>(batch.rows());
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
}

py::list rows(const Table& table, std::int64_t start, const std::optional<std::int64_t>& stop) {
  const Values values;
  const std::size_t columns = table.schema().size();
  py::list out;
  for_rows(table, start, stop, [&](const Batch& batch, std::size_t row, std::int64_t) {
    py::tuple cells(columns);
    for (std::size_t column = 0; column < columns; ++column) cells[column] = values(batch, column, row);
    out.append(std::move(cells));
  });
  return out;
}

py::list to_dicts(const Table& table, std::int64_t start, const std::optional<std::int64_t>& stop) {
  const Values values;
  std::vector<py::str> names;
  for (const Column& column : table.schema()) names.emplace_back(column.name);
  py::list out;
  for_rows(table, start, stop, [&](const Batch& batch, std::size_t row, std::int64_t) {
    py::dict cells;
    for (std::size_t column = 0; column < names.size(); ++column) cells[names[column]] = values(batch, column, row);
    out.append(std::move(cells));
  });
  return out;
}

std::vector<std::string> column_names(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.schema()) names.push_back(column.name);
  return names;
}

bool right_aligned(ColumnType type) noexcept {
  return type == ColumnType::int64 || type == ColumnType::uint64 || type == ColumnType::int32 ||
         type == ColumnType::decimal128;
}

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

// On one line and not too wide; control characters would move the rest of a terminal.
std::string shortened(std::string_view text) {
  std::string out;
  std::size_t width = 0;
  for (const char byte : text) {
    const bool first = (byte & 0xC0) != 0x80;
    if (first && ++width > kCellWidth) return out + "…";
    const auto code = static_cast<unsigned char>(byte);
    out += code < 0x20 || code == 0x7F ? ' ' : byte;
  }
  return out;
}

// The first rows as text, a header first.
std::vector<std::vector<std::string>> head(const Table& table, std::size_t count) {
  std::vector<std::vector<std::string>> lines{column_names(table)};
  for_rows(table, 0, static_cast<std::int64_t>(std::min<std::uint64_t>(count, table.rows())),
           [&](const Batch& batch, std::size_t row, std::int64_t) {
             std::vector<std::string> cells;
             for (std::size_t column = 0; column < table.schema().size(); ++column) {
               cells.push_back(shortened(cell_text(batch, column, row)));
             }
             lines.push_back(std::move(cells));
           });
  return lines;
}

std::string size_text(const Table& table) {
  const auto counted = [](std::uint64_t count, const char* word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
  };
  return counted(table.rows(), "row") + ", " + counted(table.schema().size(), "column");
}

std::string repr(const Table& table) {
  const auto lines = head(table, kShownText);
  std::string out = "<cuadre table: " + size_text(table) + ">";
  std::vector<std::size_t> widths(table.schema().size());
  for (const auto& line : lines) {
    for (std::size_t column = 0; column < line.size(); ++column)
      widths[column] = std::max(widths[column], characters(line[column]));
  }
  for (const auto& line : lines) {
    out += '\n';
    for (std::size_t column = 0; column < line.size(); ++column) {
      const std::string blanks(widths[column] - characters(line[column]), ' ');
      if (column != 0) out += "  ";
      out += right_aligned(table.schema()[column].type) ? blanks + line[column] : line[column] + blanks;
    }
    out.erase(out.find_last_not_of(' ') + 1);
  }
  if (table.rows() > kShownText) out += "\n… " + std::to_string(table.rows() - kShownText) + " more";
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    switch (byte) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += byte;
    }
  }
  return out;
}

std::string repr_html(const Table& table) {
  std::string out = "<table><thead><tr>";
  const auto lines = head(table, kShownHtml);
  for (const std::string& name : lines.front()) out += "<th>" + escaped(name) + "</th>";
  out += "</tr></thead><tbody>";
  for (std::size_t line = 1; line < lines.size(); ++line) {
    out += "<tr>";
    for (std::size_t column = 0; column < lines[line].size(); ++column) {
      out += right_aligned(table.schema()[column].type) ? "<td style=\"text-align:right\">" : "<td>";
      out += escaped(lines[line][column]) + "</td>";
    }
    out += "</tr>";
  }
  out += "</tbody></table><p>" + size_text(table);
  if (table.rows() > kShownHtml) out += "; the first " + std::to_string(kShownHtml) + " are shown";
  return out + "</p>";
}

void write_csv(const Table& table, const std::string& path) {
  const py::gil_scoped_release released;
  table.write_csv(path);
}

constexpr const char* kTableDoc = R"(An immutable table that every library with Arrow support reads as it is.

    pl.DataFrame(table)      pyarrow.table(table)      pandas.DataFrame.from_arrow(table)      duckdb.from_arrow(table)

Amounts are decimals, dates are days, times are in UTC, text with few different values is dictionary-encoded. Rows may be computed only when they
are asked for.)";

constexpr const char* kStreamDoc = R"(A fresh Arrow stream, as a capsule. It stays valid without this table.

Args:
    requested_schema: taken and not followed; columns come as they are.)";

constexpr const char* kRowsDoc =
    R"(Give rows start to stop, as a slice would, as tuples of str, int, bool, decimal.Decimal, datetime.date, datetime.datetime and None.)";

constexpr const char* kDictsDoc =
    R"(Give rows start to stop, as a slice would, as dictionaries from column name to value.)";

constexpr const char* kCsvDoc =
    R"(Writes a CSV file (UTF-8, RFC 4180, a header row; a null is an empty cell). It appears whole or not at all.

Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.

Raises:
    CuadreError: file_unwritable; file_changed where rows are read again from files that are no longer what they were.)";

}  // namespace

void bind_arrow(py::module_& module) {
  py::class_<Table>(module, "Table", kTableDoc)
      .def(
          "__arrow_c_stream__", [](const Table& table, const py::object&) { return stream_capsule(table); },
          py::arg("requested_schema") = py::none(), kStreamDoc)
      .def_property_readonly("num_rows", &Table::rows)
      .def_property_readonly("column_names", &column_names)
      .def("__len__", &Table::rows)
      .def("rows", &rows, py::arg("start") = 0, py::arg("stop") = py::none(), kRowsDoc)
      .def("to_dicts", &to_dicts, py::arg("start") = 0, py::arg("stop") = py::none(), kDictsDoc)
      .def("write_csv", &write_csv, py::arg("path"), kCsvDoc)
      .def("__repr__", &repr)
      .def("_repr_html_", &repr_html);
}

}  // namespace cuadre::bindings
