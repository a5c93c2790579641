// All batches of somebody else's Arrow stream, held.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "table/arrow_columns.hpp"

namespace cuadre {

// A stream's batches. Takes the stream over.
class HeldStream {
 public:
  explicit HeldStream(ArrowArrayStream* stream) : stream_(stream) {
    if (!stream_)
      throw Error(ErrorCode::arrow_unsupported, "the Arrow stream was consumed before; make a new one for each use");
    if (stream_->get_schema(stream_.get(), schema_.get()) != 0) failed();
    for (;;) {
      auto array = std::make_shared<Owned<ArrowArray>>();
      if (stream_->get_next(stream_.get(), array->get()) != 0) failed();
      if (!*array) break;
      const ArrowArray& batch = **array;
      if (batch.length < 0 || batch.offset < 0 || batch.n_children != schema_->n_children)
        throw Error(ErrorCode::arrow_unsupported, "the Arrow data is broken: a batch that does not fit its schema");
      if (batch.length == 0) continue;
      rows_ += static_cast<std::size_t>(batch.length);
      batches_.push_back(std::move(array));
    }
  }

  bool is_table() const { return std::string_view(schema_->format == nullptr ? "" : schema_->format) == "+s"; }
  std::size_t rows() const noexcept { return rows_; }
  const std::vector<std::shared_ptr<Owned<ArrowArray>>>& batches() const noexcept { return batches_; }

  // The column of that name; -1: none.
  std::int64_t find(std::string_view name) const {
    std::int64_t found = -1;
    for (std::int64_t i = 0; i < schema_->n_children; ++i) {
      const char* child = schema_->children[i]->name;
      if (child == nullptr || name != child) continue;
      if (found >= 0) throw Error(ErrorCode::column_repeated, "two columns \"" + std::string(name) + "\"");
      found = i;
    }
    return found;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (std::int64_t i = 0; i < schema_->n_children; ++i)
      found.emplace_back(schema_->children[i]->name == nullptr ? "" : schema_->children[i]->name);
    return found;
  }
  std::int64_t columns() const noexcept { return schema_->n_children; }
  ArrowType type(std::int64_t column) const { return arrow_type(column < 0 ? *schema_ : *schema_->children[column]); }

  // `column` -1: the batch itself is the column.
  static const ArrowArray& array(const Owned<ArrowArray>& batch, std::int64_t column) {
    if (column < 0) return *batch;
    const ArrowArray* child = batch->children == nullptr ? nullptr : batch->children[column];
    if (child == nullptr)
      throw Error(ErrorCode::arrow_unsupported, "the Arrow data is broken: a batch that does not fit its schema");
    return *child;
  }
  static ArrowColumn column(const ArrowType& type, const Owned<ArrowArray>& batch, std::int64_t column) {
    return {type, array(batch, column), column < 0 ? 0 : batch->offset, batch->length};
  }
  // A row of a table that is null as a whole.
  static bool null_row(const Owned<ArrowArray>& batch, std::int64_t row) {
    if (batch->null_count == 0 || batch->n_buffers < 1 || batch->buffers == nullptr || batch->buffers[0] == nullptr)
      return false;
    return !bit(static_cast<const std::uint8_t*>(batch->buffers[0]), static_cast<std::size_t>(batch->offset + row));
  }

 private:
  [[noreturn]] void failed() {
    const char* words = stream_->get_last_error(stream_.get());
    throw Error(ErrorCode::file_unreadable,
                std::string("the Arrow stream failed: ") + (words == nullptr ? "it does not say why" : words));
  }

  Owned<ArrowArrayStream> stream_;
  Owned<ArrowSchema> schema_;
  std::vector<std::shared_ptr<Owned<ArrowArray>>> batches_;
  std::size_t rows_ = 0;
};

}  // namespace cuadre
