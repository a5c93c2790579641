#include "settlement/formats/json_record.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "base/json_text.hpp"
#include "cuadre/base/closest.hpp"
#include "settlement/blocks.hpp"
#include "settlement/formats/json_check.hpp"

namespace cuadre {

namespace ondemand = simdjson::ondemand;
static_assert(kSlack >= simdjson::SIMDJSON_PADDING,
              "values are parsed in place and need simdjson's padding behind them");

namespace {

constexpr std::uint32_t bit(Field field) noexcept { return 1U << static_cast<unsigned>(field); }

// Where the bytes stop being UTF-8.
std::size_t first_not_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (at + length > text.size() || (length != 1 && !is_utf8(text.substr(at, length)))) return at;
    if (length == 1 && lead >= 0x80) return at;
    at += length;
  }
  return 0;
}

}  // namespace

JsonFields::JsonFields(const Layout& layout) {
  for (const FieldInfo& info : fields()) add(info.field, place_of(layout, info.field));
  // Dates and kinds may be left out by a writer that omits what is null. So may one of debit and credit: see
  // require_seen.
  for (const Field field : {Field::reference, Field::amount, Field::direction, Field::currency, Field::type}) {
    if (!column(field).empty()) needed_ |= bit(field);
  }
}

void JsonFields::add(Field field, const Place& place) {
  if (place.column.empty()) return;
  columns_[static_cast<std::size_t>(field)] = place.column;
  const auto child = [](Node& node, std::string_view key) -> Node& {
    for (Node& known : node.children) {
      if (known.key == key) return known;
    }
    return node.children.emplace_back(Node{std::string(key), 0, 0, {}});
  };
  child(root_, place.column).exact |= bit(field);
  std::string_view rest = place.column;
  if (rest.find('.') == std::string_view::npos) return;
  Node* node = &root_;
  while (true) {
    const std::size_t dot = rest.find('.');
    node = &child(*node, rest.substr(0, dot));
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  node->path |= bit(field);
}

void JsonFields::offer_names(std::uint64_t offset, std::vector<std::string> names) const {
  const std::scoped_lock lock(mutex_);
  if (offset >= names_from_.load()) return;
  names_from_ = offset;
  names_ = std::move(names);
}

void JsonFields::require_seen(const std::string& file) const {
  if (names_from_ == UINT64_MAX) return;  // there was not one object; its rejects say so
  const std::uint32_t seen = seen_.load();
  std::uint32_t missing = needed_ & ~seen;
  const bool split = !column(Field::debit).empty() || !column(Field::credit).empty();
  if (split && (seen & (bit(Field::debit) | bit(Field::credit))) == 0) {
    missing |= bit(column(Field::credit).empty() ? Field::debit : Field::credit);
  }
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if ((missing & (1U << i)) == 0) continue;
    const std::string& wanted = columns_[i];
    const std::string message = "no record has the key \"" + printable(wanted) + "\" (" +
                                std::string(name(static_cast<Field>(i))) + ")" + closest_hint(names_, wanted);
    throw Error(ErrorCode::column_missing, message, {file, 0, 0, -1});
  }
}

// Goes through every value of one record, since On-Demand checks only what is asked for.
class JsonRecordReader::Walk {
 public:
  Walk(const JsonFields& fields, const Layout& layout, Emitter& out)
      : fields_(fields), out_(out), comma_(layout.amount.form.decimal_mark == ',') {}

  // False: see reason and at.
  bool run(std::string_view text, bool collect) {
    begin_ = text.data();
    end_ = text.data() + text.size();
    reason = RejectReason::json_malformed;
    at = 0;
    cells = {};
    places = {};
    exact_ = wrong = seen = 0;
    keys_.clear();
    decoded_.clear();
    collect_ = collect;
    names.clear();
    prefix_.clear();
    ondemand::document document;
    ondemand::object object;
    const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + kSlack);
    if (const auto error = parser_.iterate(padded).get(document); error) {
      if (error == simdjson::UTF8_ERROR) fail(RejectReason::encoding_invalid, begin_ + first_not_utf8(text));
      return false;
    }
    if (document.get_object().get(object)) return false;
    if (!walk(object, &fields_.root(), 1)) return false;
    const char* more = nullptr;
    return document.current_location().get(more) != simdjson::SUCCESS;  // a second value behind the first
  }

  RejectReason reason{};
  std::size_t at = 0;
  Cells cells{};
  std::array<std::size_t, kFieldCount> places{};  // byte of each cell's first character in the record
  std::uint32_t wrong = 0;                        // fields whose value is neither text nor number nor null
  std::uint32_t seen = 0;
  std::vector<std::string> names;

 private:
  bool fail(RejectReason why, const char* where) {
    reason = why;
    at = static_cast<std::size_t>(where - begin_);
    return false;
  }

  // The text of the string whose opening quote is at `quote`. Stage 1 has made sure that it closes.
  bool text_at(const char* quote, std::string_view& text, bool& escaped) {
    const char* from = quote + 1;
    const char* to = from;
    escaped = false;
    for (; to < end_ && *to != '"'; ++to) {
      if (*to == '\\') escaped = true, ++to;
    }
    if (to >= end_) return fail(RejectReason::json_malformed, quote);
    text = {from, static_cast<std::size_t>(to - from)};
    if (!escaped) return true;
    std::string plain;
    const JsonText decoded = append_unescaped(plain, text);
    if (decoded == JsonText::malformed) return fail(RejectReason::json_malformed, quote);
    if (decoded == JsonText::lone_surrogate) return fail(RejectReason::encoding_invalid, quote);
    text = decoded_.emplace_back(std::move(plain));
    return true;
  }

  bool walk(ondemand::object& object, const JsonFields::Node* node, std::size_t depth) {
    const std::size_t first = keys_.size();
    const std::size_t prefix = prefix_.size();
    for (auto next : object) {
      ondemand::field field;
      if (std::move(next).get(field)) return false;
      const char* quote = field.key().raw() - 1;
      std::string_view key;
      bool escaped = false;
      if (!text_at(quote, key, escaped)) return false;
      if (!fresh(key, first)) return fail(RejectReason::json_key_repeated, quote);
      const JsonFields::Node* child = nullptr;
      if (node != nullptr) {
        for (const auto& known : node->children) {
          if (known.key == key) child = &known;
        }
      }
      if (collect_) {
        prefix_.append(key);
        if (names.size() < 256) names.push_back(prefix_);
        prefix_ += '.';
      }
      ondemand::value value = field.value();
      if (!visit(value, child, depth)) return false;
      prefix_.resize(prefix);
    }
    const bool unique = keys_.size() - first <= kFewKeys || unique_from(first);
    keys_.resize(first);
    return unique || fail(RejectReason::json_key_repeated, begin_);
  }

  // Few keys are compared one by one; the many are sorted once at the end of their object.
  bool fresh(std::string_view key, std::size_t first) {
    const std::size_t count = keys_.size() - first;
    if (count < kFewKeys &&
        std::find(keys_.begin() + static_cast<std::ptrdiff_t>(first), keys_.end(), key) != keys_.end()) {
      return false;
    }
    keys_.push_back(key);
    return true;
  }
  bool unique_from(std::size_t first) {
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, keys_.end());
    return std::adjacent_find(begin, keys_.end()) == keys_.end();
  }

  bool visit(ondemand::value& value, const JsonFields::Node* node, std::size_t depth) {
    std::string_view token = value.raw_json_token();
    if (token.empty()) return false;
    const char* where = token.data();
    if (token[0] == '{' || token[0] == '[') {
      if (depth == kJsonDepthMax) return fail(RejectReason::json_too_deep, where);
      if (node != nullptr) take_wrong(*node, where);
      return token[0] == '{' ? inside_object(value, node, depth) : inside_array(value, depth);
    }
    if (token[0] == '"') {
      // Consumed here: an unread string in front of a colon would pass for a key.
      ondemand::raw_json_string raw;
      if (value.get_raw_json_string().get(raw)) return false;
      std::string_view text;
      bool escaped = false;
      if (!text_at(where, text, escaped)) return false;
      if (node != nullptr) take(*node, escaped ? out_.keep(std::string(text)) : text, where + 1);
      return true;
    }
    while (json_blank(token.back())) token.remove_suffix(1);
    if (token == "null") {
      if (node != nullptr) take(*node, {where, 0}, where);
    } else if (token == "true" || token == "false") {
      if (node != nullptr) take_wrong(*node, where);
    } else if (is_json_number(token)) {
      if (node != nullptr) take_number(*node, token);
    } else {
      return fail(RejectReason::json_malformed, where);
    }
    return true;
  }

  bool inside_object(ondemand::value& value, const JsonFields::Node* node, std::size_t depth) {
    ondemand::object object;
    return !value.get_object().get(object) && walk(object, node, depth + 1);
  }

  bool inside_array(ondemand::value& value, std::size_t depth) {
    ondemand::array array;
    if (value.get_array().get(array)) return false;
    for (auto next : array) {
      ondemand::value element;
      if (std::move(next).get(element)) return false;
      if (!visit(element, nullptr, depth + 1)) return false;
    }
    return true;
  }

  // Which fields of this node may still be set: a key that is the whole column name wins over a path.
  std::uint32_t takers(const JsonFields::Node& node) {
    const std::uint32_t fields = node.exact | (node.path & ~exact_);
    exact_ |= node.exact;
    seen |= fields;
    return fields;
  }
  void take(const JsonFields::Node& node, std::string_view text, const char* where) { set(takers(node), text, where); }
  void take_wrong(const JsonFields::Node& node, const char* where) {
    const std::uint32_t fields = takers(node);
    set(fields, {where, 0}, where);
    wrong |= fields;
  }
  void take_number(const JsonFields::Node& node, std::string_view token) {
    const std::uint32_t fields = takers(node);
    set(fields, token, token.data());
    // JSON's decimal mark is always a point, whatever mark the layout declares for amounts written as text.
    constexpr std::uint32_t kAmounts = bit(Field::amount) | bit(Field::debit) | bit(Field::credit);
    const std::size_t point = comma_ && (fields & kAmounts) != 0 ? token.find('.') : std::string_view::npos;
    if (point == std::string_view::npos) return;
    std::string text(token);
    text[point] = ',';
    set(fields & kAmounts, out_.keep(std::move(text)), token.data());
  }
  void set(std::uint32_t fields, std::string_view text, const char* where) {
    wrong &= ~fields;
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      if ((fields & (1U << i)) == 0) continue;
      cells[i] = text;
      places[i] = static_cast<std::size_t>(where - begin_);
    }
  }

  static constexpr std::size_t kFewKeys = 16;
  const JsonFields& fields_;
  Emitter& out_;
  bool comma_;
  ondemand::parser parser_;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  std::uint32_t exact_ = 0;
  std::vector<std::string_view> keys_;  // of all objects that are open
  std::deque<std::string> decoded_;
  bool collect_ = false;
  std::string prefix_;
};

JsonRecordReader::JsonRecordReader(const JsonFields& fields, const RowRules& rules, Emitter& out,
                                   bool malformed_is_fatal)
    : fields_(fields),
      rules_(rules),
      out_(out),
      malformed_is_fatal_(malformed_is_fatal),
      walk_(std::make_unique<Walk>(fields, rules.layout(), out)) {}

JsonRecordReader::~JsonRecordReader() = default;

void JsonRecordReader::read(std::string_view text, std::uint64_t offset_bytes, std::uint64_t line) {
  text_ = text;
  offset_bytes_ = offset_bytes;
  line_ = line;
  if (text.front() != '{') return judge(RejectReason::json_not_object, 0);
  const bool collect = fields_.wants_names(offset_bytes);
  if (!walk_->run(text, collect)) return judge(walk_->reason, walk_->at);
  if (collect) fields_.offer_names(offset_bytes, walk_->names);
  fields_.saw(walk_->seen);
  build();
}

void JsonRecordReader::too_long(std::string_view text, std::uint64_t offset_bytes, std::uint64_t line) {
  const std::uint64_t limit = rules_.layout().record_bytes_max;
  out_.reject(RejectReason::record_too_long, offset_bytes, line, 0, {}, text.substr(0, static_cast<std::size_t>(limit)),
              limit + 1);
}

void JsonRecordReader::refuse(RejectReason reason, std::size_t at, std::string_view field) {
  out_.reject(reason, offset_bytes_, line_, at + 1, field, text_, text_.size());
}

// Something is wrong with the record: malformed or not is for the exact judge to say, and comes before every other
// reason.
void JsonRecordReader::judge(RejectReason reason, std::size_t at) {
  JsonCheck check;
  const bool whole = check.feed(text_) && check.finish();
  if (!whole) {
    reason = RejectReason::json_malformed;
    at = static_cast<std::size_t>(check.taken());
  }
  if (reason == RejectReason::json_malformed && malformed_is_fatal_) {
    throw Error(ErrorCode::json_malformed, "this is not JSON",
                {{}, 0, 0, static_cast<std::int64_t>(offset_bytes_ + at)});
  }
  refuse(reason, at, {});
}

void JsonRecordReader::build() {
  Row row{};
  row.offset_bytes = offset_bytes_;
  row.line = line_;
  row.length_bytes = static_cast<std::uint32_t>(text_.size());
  row.date_days = row.booked_days = kNoDate;
  const RowRules::Verdict verdict = rules_.build(walk_->cells, row);
  if (verdict.outcome == RowRules::Outcome::ignored) return out_.ignored();
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if ((walk_->wrong & bit(field)) != 0)
      return refuse(RejectReason::value_of_wrong_type, walk_->places[i], fields_.column(field));
    if (walk_->cells[i].find('\0') != std::string_view::npos)
      return refuse(RejectReason::nul_byte, walk_->places[i], fields_.column(field));
  }
  if (verdict.outcome == RowRules::Outcome::row) return out_.row(row);
  const auto index = static_cast<std::size_t>(verdict.field);
  if (walk_->cells[index].data() == nullptr) {
    return out_.reject(verdict.reason, offset_bytes_, line_, 0, fields_.column(verdict.field), text_, text_.size());
  }
  refuse(verdict.reason, walk_->places[index] + verdict.at, fields_.column(verdict.field));
}

}  // namespace cuadre
