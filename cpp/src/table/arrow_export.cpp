// The Arrow C structures of our own tables. Every structure owns a share of what it points to, so that a consumer may
// move parts of it elsewhere and release them in any order, on any thread.
#include <cerrno>
#include <new>
#include <utility>

#include "table/arrow_memory.hpp"

namespace cuadre {
namespace {

// Structures of one level, and where the pointers to them live. Releases what no consumer has moved away.
template <class Structure>
struct Parts {
  std::vector<Structure> children;
  std::vector<Structure*> pointers;
  Structure dictionary{};

  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    for (Structure& child : children) {
      if (child.release != nullptr) child.release(&child);
    }
    if (dictionary.release != nullptr) dictionary.release(&dictionary);
  }

  void attach(Structure* to) {
    pointers.clear();
    for (Structure& child : children) pointers.push_back(&child);
    to->n_children = static_cast<std::int64_t>(children.size());
    to->children = pointers.empty() ? nullptr : pointers.data();
    to->dictionary = dictionary.release != nullptr ? &dictionary : nullptr;
  }
};

struct SchemaOwner {
  std::string format;
  std::string name;
  Parts<ArrowSchema> parts;
};

void release_schema(ArrowSchema* self) {
  self->release = nullptr;
  delete static_cast<SchemaOwner*>(std::exchange(self->private_data, nullptr));
}

void finish_schema(std::unique_ptr<SchemaOwner> owner, std::int64_t flags, ArrowSchema* out) {
  *out = {};
  out->format = owner->format.c_str();
  out->name = owner->name.c_str();
  out->flags = flags;
  owner->parts.attach(out);
  out->release = release_schema;
  out->private_data = owner.release();
}

std::string format_of(const Column& column) {
  switch (column.type) {
    case ColumnType::utf8:
      return "u";
    case ColumnType::int64:
      return "l";
    case ColumnType::uint64:
      return "L";
    case ColumnType::dictionary:  // of the indices
    case ColumnType::int32:
      return "i";
    case ColumnType::date32:
      return "tdD";
    case ColumnType::decimal128:
      return "d:38," + std::to_string(column.scale);
    case ColumnType::boolean:
      return "b";
    case ColumnType::timestamp_us:
      return "tsu:UTC";
  }
  return "n";
}

void export_column(const Column& column, ArrowSchema* out) {
  auto owner = std::make_unique<SchemaOwner>();
  owner->format = format_of(column);
  owner->name = column.name;
  if (column.type == ColumnType::dictionary) {
    auto values = std::make_unique<SchemaOwner>();
    values->format = "u";
    finish_schema(std::move(values), ARROW_FLAG_NULLABLE, &owner->parts.dictionary);
  }
  finish_schema(std::move(owner), column.nullable ? ARROW_FLAG_NULLABLE : 0, out);
}

struct ArrayOwner {
  std::shared_ptr<const BatchData> data;
  std::array<const void*, 3> buffers{};
  Parts<ArrowArray> parts;
};

void release_array(ArrowArray* self) {
  self->release = nullptr;
  delete static_cast<ArrayOwner*>(std::exchange(self->private_data, nullptr));
}

void finish_array(std::unique_ptr<ArrayOwner> owner, std::int64_t buffers, std::size_t first, std::size_t rows,
                  std::int64_t nulls, ArrowArray* out) {
  *out = {};
  out->length = static_cast<std::int64_t>(rows);
  out->null_count = nulls;
  out->offset = static_cast<std::int64_t>(first);
  out->n_buffers = buffers;
  out->buffers = owner->buffers.data();
  owner->parts.attach(out);
  out->release = release_array;
  out->private_data = owner.release();
}

// Some readers take a null pointer for a mistake even where nothing lies behind it.
const void* address(const Buffer& buffer) noexcept {
  static constexpr std::uint64_t kNothing = 0;
  return buffer.empty() ? static_cast<const void*>(&kNothing) : buffer.data();
}

void export_values(const std::shared_ptr<const BatchData>& data, const ColumnData& column, bool utf8, std::size_t first,
                   std::size_t rows, std::size_t whole, ArrowArray* out) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->data = data;
  owner->buffers = {column.validity.empty() ? nullptr : column.validity.data(), address(column.values),
                    address(column.text)};
  if (column.dictionary) {
    const auto size = static_cast<std::size_t>(column.dictionary_size);
    export_values(data, *column.dictionary, true, 0, size, size, &owner->parts.dictionary);
  }
  const std::int64_t nulls = column.nulls == 0 || rows == whole ? column.nulls : -1;  // -1: not counted
  finish_array(std::move(owner), utf8 ? 3 : 2, first, rows, nulls, out);
}

}  // namespace

void export_schema(const TableSchema& schema, ArrowSchema* out) {
  auto owner = std::make_unique<SchemaOwner>();
  owner->format = "+s";
  owner->parts.children.resize(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) export_column(schema[i], &owner->parts.children[i]);
  finish_schema(std::move(owner), 0, out);
}

void Batch::export_array(ArrowArray* out) const {
  auto owner = std::make_unique<ArrayOwner>();
  const std::size_t columns = data_->columns.size();
  owner->parts.children.resize(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    const bool utf8 = schema()[i].type == ColumnType::utf8;
    export_values(data_, data_->columns[i], utf8, first_, rows_, data_->rows, &owner->parts.children[i]);
  }
  finish_array(std::move(owner), 1, 0, rows_, 0, out);
}

namespace {

struct StreamOwner {
  std::shared_ptr<const TableSource> source;
  std::uint64_t position = 0;
  std::string last_error;
};

StreamOwner& owner_of(ArrowArrayStream* self) { return *static_cast<StreamOwner*>(self->private_data); }

// No exception leaves a callback.
template <class Work>
int guarded(ArrowArrayStream* self, Work&& work) noexcept {
  if (self->release == nullptr) return EINVAL;
  StreamOwner& owner = owner_of(self);
  try {
    owner.last_error.clear();
    work(owner);
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (const std::exception& error) {
    try {
      owner.last_error = error.what();
    } catch (const std::bad_alloc&) {  // then without words
    }
    return EIO;
  } catch (...) {
    return EIO;
  }
}

int get_schema(ArrowArrayStream* self, ArrowSchema* out) {
  return guarded(self, [&](StreamOwner& owner) { export_schema(owner.source->schema(), out); });
}

int get_next(ArrowArrayStream* self, ArrowArray* out) {
  return guarded(self, [&](StreamOwner& owner) {
    *out = {};  // released: the end
    if (owner.position == owner.source->rows()) return;
    const Batch batch = Table(owner.source).batch(owner.position);
    batch.export_array(out);
    owner.position += batch.rows();
  });
}

const char* get_last_error(ArrowArrayStream* self) {
  if (self->release == nullptr || owner_of(self).last_error.empty()) return nullptr;
  return owner_of(self).last_error.c_str();
}

void release_stream(ArrowArrayStream* self) {
  delete static_cast<StreamOwner*>(self->private_data);
  self->private_data = nullptr;
  self->release = nullptr;
}

}  // namespace

void Table::export_stream(ArrowArrayStream* out) const {
  auto owner = std::make_unique<StreamOwner>();
  owner->source = source_;
  *out = {get_schema, get_next, get_last_error, release_stream, owner.release()};
}

}  // namespace cuadre
