#pragma once

#include "core/base/result.hpp"
#include "core/format/csv_rows.hpp"
#include "io/file/record_file.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// The number that a field of a CSV file is: spaces around it and a `+` are passed over, `true` and `false` are 1 and
/// 0, what a double cannot hold is infinite. Nothing for a text that is no number.
std::optional<double> number_of(std::string_view text);

/// Where a column stands in a header. The error says which one was meant, that the delimiter is another one, or which
/// columns there are.
core::result<std::size_t> find_column(const std::string& name, const std::vector<std::string>& header);

/// Takes the row at the front of a text, which goes on behind it; nothing at its end.
std::optional<std::string_view> take_row(std::string_view& csv, char delimiter);

/// A field of a CSV file as it is written: in quotes where it has to be.
std::string csv_field(std::string_view text, char delimiter);

/// The rows of a CSV file with a header, or of standard input, one after the other: it is never in memory as a whole.
class csv_input {
public:
  /// @param path `-`: standard input
  static core::result<csv_input> open(const std::string& path, char delimiter);

  const std::vector<std::string>& header() const noexcept { return header_; }

  /// As it stands in the file.
  const std::string& header_text() const noexcept { return header_text_; }

  struct row {
    std::string_view text; ///< as it stands in the file, valid until the next call
    std::uint64_t line;    ///< on which it begins, from 1
    bool is_cut;           ///< it is too long: this is its beginning
  };

  /// The next row; nothing at the end, and where reading fails.
  std::optional<row> next();

  /// Why the file could not be read to its end; nothing when it could.
  const std::optional<core::error>& failure() const noexcept { return file_->failure(); }

private:
  csv_input(std::unique_ptr<io::record_file> file, std::vector<std::string> header, std::string header_text) :
      file_{std::move(file)}, header_{std::move(header)}, header_text_{std::move(header_text)} {}

  std::unique_ptr<io::record_file> file_;
  std::vector<std::string> header_;
  std::string header_text_;
};

} // namespace weir::cli
