#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "core/format/csv_dialect.hpp"
#include "core/format/decoder.hpp"
#include "core/format/formats.hpp"
#include "core/format/record_key.hpp"
#include "core/format/record_writer.hpp"
#include "core/format/text_row.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// A field of a source that goes through to the sink, with its values in the batch at hand.
struct body_field {
  std::string_view name;
  const column* values;
};

/// Rows of a file, which only its header explains, as JSON objects, which stand alone. Not thread-safe.
class row_objects {
public:
  virtual ~row_objects() = default;

  /// The object of a row, valid until the next call; an error says why the row has none.
  virtual result<std::string_view> object_of(std::string_view row) = 0;
};

/// What a format has in which the names of the fields stand once, in the first row of a file.
struct header_kind {
  /// The names in that row. An error says what is wrong with it, and where.
  result<std::vector<std::string>> (*read)(std::string_view row, const csv_dialect& dialect);

  /// That row for a file at a sink, without a line end: the source's fields in body order, then the columns that the
  /// format's writer adds.
  std::string (*write)(const std::vector<std::string>& body_fields, const layout& columns);

  /// What makes objects of the rows behind a header of these names.
  std::unique_ptr<row_objects> (*make_objects)(const std::vector<std::string>& names, const csv_dialect& dialect);

  std::string_view remedy; ///< for a file that has no rows at all
};

/// Why a record that is cut (raw_block::cut) is refused.
std::string too_long_reason();

/// A kind of format: how records are written down, at a source and at a sink. A kind is one file and one line in the
/// table of formats.cpp. All functions may be called from several threads at once.
struct format_kind {
  std::string_view name;                        ///< as a pipeline file says it
  std::string_view help;                        ///< one line, lower case, no full stop
  std::string_view example;                     ///< a record of the fields CustomerID, Date and Amount
  std::span<const std::string_view> extensions; ///< of its files, with their dots

  /// The row at the front of a file's text; nothing where the text may end before the row does.
  std::optional<text_row> (*first_row)(std::string_view text, const csv_dialect& dialect) noexcept;

  std::unique_ptr<decoder> (*make_decoder)(decode_options options);

  /// The layout must outlive the writer. Null: the format is read only, and write_bodies is null too.
  std::unique_ptr<record_writer> (*make_writer)(const layout& columns);

  /// Makes the bodies of `b.rows` from columns, in this format: for decoders of other ones, whose sink has it.
  void (*write_bodies)(batch& b, std::span<const body_field> fields);

  /// What finds the keys of records in a file. @param header names of the fields, where the format has a header
  /// @param field top-level. An error says that there is no such field.
  result<std::unique_ptr<record_key>> (*make_key)(const std::vector<std::string>& header, const std::string& field,
                                                  const csv_dialect& dialect);

  const header_kind* header = nullptr; ///< null: each record names its own fields
  bool holds_changes = false; ///< its records are changes of rows, which may say where they stand: batch::positions
};

} // namespace weir::core
