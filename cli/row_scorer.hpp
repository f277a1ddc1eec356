#pragma once

#include "cli/csv_input.hpp"
#include "cli/feature_reader.hpp"
#include "models/model.hpp"
#include "models/row_block.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// What a model scores, and where from.
struct scored_file {
  std::string model; ///< an ONNX file, or a reference: models::resolve_model()
  std::string data;  ///< a CSV file with a header; `-`: standard input
  char delimiter = ',';
  std::vector<std::string> inputs; ///< columns in the order of the features; empty: the features' names
  bool explains = false;           ///< the model has explanations, or cannot be opened
  std::string backend = "weir";    ///< by its name: models::backend_names
};

/// Names of backends that a command line may say.
std::vector<std::string> backend_words();

/// Fails where a file that an option names for writing is one of these.
core::result<void> check_is_not_read(const std::string& path, const scored_file& of, const std::string& option);

/// Rows that have no prediction: how many, and why the first ones.
class left_out_rows {
public:
  void add(std::uint64_t line, const std::string& why);
  std::uint64_t count() const noexcept { return count_; }

  /// On standard error; nothing where there are none. @param what `have no prediction`
  void say_all(std::uint64_t of_rows, std::string_view what) const;

private:
  static constexpr std::size_t shown = 5;

  std::uint64_t count_ = 0;
  std::vector<std::string> first_;
};

/// Scores the rows of a CSV file, a block at a time.
class row_scorer {
public:
  struct row {
    std::string text; ///< as it stands in the file
    std::uint64_t line = 0;
    std::vector<std::string> kept;       ///< the fields that were asked for
    std::vector<feature_value> features; ///< whole where there is no problem
    std::string problem;                 ///< why there is no prediction; empty: there is one
    std::size_t at = 0;                  ///< among the results
    std::size_t fields = 0;              ///< it has; 0: it cannot be read
  };

  static core::result<row_scorer> open(const scored_file& of);

  const models::model& model() const noexcept { return *model_; }
  const feature_reader& features() const noexcept { return reader_; }
  const std::vector<std::string>& header() const noexcept { return input_.header(); }

  /// Keeps this field of each row. @returns its place in row::kept
  core::result<std::size_t> keep(const std::string& column);

  /// The next rows, valid until the next call; empty at the end, and where reading fails.
  std::span<const row> next();

  // What the model says of a row that has a prediction, in a column of model::columns(): of any numbers, of whole ones
  // in 64 bits, of texts.
  double number(const row& of, std::size_t column, models::element type) const noexcept {
    return models::number_at((*results_)[column], type, of.at);
  }
  std::int64_t whole(const row& of, std::size_t column) const noexcept {
    return static_cast<const std::int64_t*>((*results_)[column])[of.at];
  }
  std::string_view text(const row& of, std::size_t column) const noexcept {
    return static_cast<const std::string_view*>((*results_)[column])[of.at];
  }

  /// A column of model::columns(), in which a row stands at row::at.
  const void* column(std::size_t column) const noexcept { return (*results_)[column]; }

  const std::optional<core::error>& failure() const noexcept { return input_.failure(); }

private:
  row_scorer(models::model_ptr scores_with, csv_input from, feature_reader reader, char delimiter) :
      model_{std::move(scores_with)}, input_{std::move(from)}, reader_{std::move(reader)},
      fields_{{.delimiter = delimiter}}, block_{std::make_unique<models::row_block>(*model_)} {}

  void read(const csv_input::row& from, row& into);
  void judge(row& of) const;
  bool is_finite(const row& of, std::size_t output) const;

  models::model_ptr model_;
  csv_input input_;
  feature_reader reader_;
  core::csv_fields fields_;
  std::unique_ptr<models::row_block> block_;
  std::vector<std::size_t> kept_;
  std::vector<row> rows_; ///< with room for a block; more than are valid
  const std::vector<const void*>* results_ = nullptr;
};

} // namespace weir::cli
