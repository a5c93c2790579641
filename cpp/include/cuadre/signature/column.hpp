// Many messages at once, from Arrow and to Arrow: audits of what was received before.
#pragma once

#include "cuadre/base/progress.hpp"
#include "cuadre/signature.hpp"
#include "cuadre/table.hpp"

namespace cuadre {

struct ColumnOptions {
  std::int64_t now_us = 0;  // where a row does not say when it was received
  std::string_view method = "POST";
  unsigned threads = 0;          // 0: as many as the machine has
  Progress* progress = nullptr;  // only `cancel` is looked at
};

// One row of the answer for each of the stream, in order: verified, reason (null where it is verified), key_id,
// version, event_id, signed_at (null where it is not, and where there is none). The answer does not depend on
// `threads`.
//
// Columns of the stream:
//   body         the raw bytes: binary, text, or a dictionary of them. A null is an empty body
//   (headers)    by the names that the verifier's readings look for, whatever their case: text, binary, or whole
//   numbers
//                as they are written. A null is a header that is not there
//   url          the whole address, text; may be missing
//   received_at  a timestamp of any unit (one without a zone is UTC): the moment that the row is judged at. A null, and
//                no such column, is options.now_us
// Other columns are passed over. Takes the stream over and reads it on: of the input, no more is held than the batches
// that make up 65,536 rows, or one batch where that is larger; of the answer, some 60 bytes a row and the event ids.
//
// Throws Error(column_missing | column_repeated | arrow_unsupported | argument_invalid), for a moment before 1970 with
// the first such row; cancelled; or file_unreadable with the producer's words if it fails.
Table verify_column(const Verifier& verifier, ArrowArrayStream* stream, const ColumnOptions& options);

}  // namespace cuadre
