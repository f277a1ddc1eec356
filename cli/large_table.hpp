#pragma once

#include "cli/learning.hpp"
#include "cli/training_row_reader.hpp"
#include "cli/training_table.hpp"
#include "core/base/result.hpp"
#include "models/row_split.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::cli {

/// A CSV file that is too large to be held as numbers: it is read twice, and what trees learn from is held as bins, a
/// byte a value. Rows that measure are held as numbers. Borders of bins, and how features are spread, are those of rows
/// drawn at random: of all rows where there are no more of them, and then what is learned is bit by bit what
/// read_training_table() leads to.
class large_table {
public:
  /// Rows that are drawn.
  static constexpr std::size_t sampled = 200'000;

  /// Reads the file for the first time: counts rows, draws some, learns texts and labels.
  /// @param columns all of them named, see choose_features()
  static core::result<large_table> scan(const std::string& path, const training_columns& columns);

  std::size_t rows() const noexcept { return targets_.size(); }
  std::uint64_t dropped() const noexcept { return dropped_; }

  /// Reads it for the second time. Fails where it has changed. @param bins of a feature @pre there is a target
  core::result<dealt_rows> deal(const models::row_split& split, std::size_t bins) const;

  /// Writes some rows, as they stand in the file and in its order, below its header.
  core::result<void> write_rows(const std::vector<std::size_t>& rows, const std::string& path) const;

private:
  /// The distinct texts of a column, and a number for each.
  using text_codes = std::map<std::string, std::uint32_t, std::less<>>;

  large_table(std::string path, training_columns columns) : path_{std::move(path)}, columns_{std::move(columns)} {}

  core::result<void> read();
  void take(const training_row_reader& row, std::mt19937_64& random);
  void sort_texts();
  void number_labels();
  std::optional<std::vector<double>> values_of(const training_row_reader& row) const;
  models::training_data empty_data() const;
  models::training_data drawn_rows(const std::vector<std::uint32_t>& places, std::size_t learning) const;

  /// Calls `take(row, text)`, which may fail, for each row without a missing value, with the reader that has read it
  /// and as it stands. @returns how many others there are
  template <class Take>
  core::result<std::uint64_t> each_row(const Take& take) const;

  std::string path_;
  training_columns columns_;
  std::vector<double> targets_; ///< of classes: which one
  std::vector<double> weights_;
  std::vector<text_codes> texts_; ///< by feature; empty: it has numbers
  text_codes label_codes_;
  std::shared_ptr<const models::class_labels> labels_;
  std::vector<models::ordinal_encoder> encoders_;
  std::vector<std::size_t> drawn_;   ///< which rows
  std::vector<double> drawn_values_; ///< row by row
  std::uint64_t dropped_ = 0;
};

} // namespace weir::cli
