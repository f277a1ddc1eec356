#include "cli/training_table.hpp"

#include "cli/csv_input.hpp"
#include "cli/training_row_reader.hpp"
#include "core/format/csv_rows.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace weir::cli {

namespace {

using core::fail;

class table_reader {
public:
  explicit table_reader(const training_columns& columns) : columns_{columns}, row_{columns} {}

  core::result<training_table> run(std::string_view csv) {
    const auto header = take_row(csv, columns_.delimiter);
    if (!header)
      return fail("the file is empty", {}, "a CSV file begins with the names of its columns");
    auto good = core::parse_csv_header(*header, {.delimiter = columns_.delimiter}).and_then([&](const auto& names) {
      return row_.find_columns(names);
    });
    if (!good)
      return tl::unexpected{good.error()};
    made_.data.features.resize(row_.features());
    made_.data.feature_names = columns_.features;
    texts_.resize(row_.features());
    made_.header = *header;
    for (std::uint64_t line = 2; const auto row = take_row(csv, columns_.delimiter); ++line) {
      if (row->empty())
        continue;
      const auto is_whole = row_.read(*row);
      if (!is_whole)
        return tl::unexpected{in_row(is_whole.error(), line)};
      if (*is_whole)
        keep(*row);
      else
        ++made_.dropped;
    }
    encode_texts();
    if (columns_.classify)
      number_labels();
    return std::move(made_);
  }

private:
  void keep(std::string_view row) {
    made_.rows.push_back(row);
    if (!columns_.sample_weight.empty())
      made_.data.weights.push_back(row_.weight());
    if (!columns_.target.empty())
      made_.data.target.push_back(row_.target());
    if (columns_.classify)
      labels_.emplace_back(row_.label());
    for (std::size_t f = 0; f < row_.features(); ++f)
      if (row_.is_text(f))
        texts_[f].push_back(row_.is_missing_feature(f) ? std::nullopt : std::optional<std::string>{row_.text(f)});
      else
        made_.data.features[f].push_back(row_.numbers()[f]);
  }

  void encode_texts() {
    for (std::size_t f = 0; f < row_.features(); ++f) {
      if (!row_.is_text(f))
        continue;
      std::vector<std::string> known;
      for (const auto& text : texts_[f])
        if (text)
          known.push_back(*text);
      const auto& encoder =
          made_.data.encoders.emplace_back(models::ordinal_encoder::fit(columns_.features[f], std::move(known)));
      for (const auto& text : texts_[f])
        made_.data.features[f].push_back(text ? static_cast<double>(*encoder.transform(*text))
                                              : std::numeric_limits<double>::quiet_NaN());
    }
  }

  /// Each target becomes the index of its label.
  void number_labels() {
    made_.data.labels = std::make_shared<const models::class_labels>(classes_of(labels_));
    made_.data.target = places_in(*made_.data.labels, labels_);
  }

  const training_columns& columns_;
  training_row_reader row_;
  std::vector<std::vector<std::optional<std::string>>> texts_; ///< of the features that hold them, by row
  std::vector<std::string> labels_;                            ///< of the rows, where they are classified
  training_table made_;
};

} // namespace

namespace {

bool takes_all(const training_columns& columns) {
  return columns.features == std::vector<std::string>{"all"};
}

std::optional<std::string_view> text_of(const std::optional<csv_input::row>& row) {
  return row ? std::optional{row->text} : std::nullopt;
}

/// @param next gives the text of each row
template <class Next>
core::result<training_columns> choose_among(const std::vector<std::string>& names, const Next& next,
                                            training_columns columns) {
  for (const auto& name : columns.encode)
    if (const auto found = find_column(name, names); !found)
      return tl::unexpected{found.error()};
  core::csv_fields fields{{.delimiter = columns.delimiter}};
  std::vector<bool> has_number(names.size()), has_text(names.size());
  while (const auto row = next()) {
    if (!fields.read(*row))
      continue; // said when the rows are read
    for (std::size_t f = 0; f < std::min(fields.size(), names.size()); ++f)
      if (!fields[f].text.empty())
        (number_of(fields[f].text) ? has_number : has_text)[f] = true;
  }
  columns.features.clear();
  for (std::size_t f = 0; f < names.size(); ++f) {
    const auto& name = names[f];
    const auto is_encoded = std::find(columns.encode.begin(), columns.encode.end(), name) != columns.encode.end();
    if (name != columns.target && name != columns.sample_weight && (is_encoded || (has_number[f] && !has_text[f])))
      columns.features.push_back(name);
  }
  if (columns.features.empty())
    return fail("no column of numbers is left to learn from", {},
                "name the features, and those that hold text: --encode");
  return check(columns).map([&] { return std::move(columns); });
}

} // namespace

core::result<void> check(const training_columns& columns) {
  const auto is_feature = [&](const std::string& name) {
    return std::find(columns.features.begin(), columns.features.end(), name) != columns.features.end();
  };
  if (is_feature(columns.target))
    return fail("the target '" + columns.target + "' is among the features", {},
                "take it out of --features: a model that sees its target learns nothing else");
  if (!columns.sample_weight.empty() && is_feature(columns.sample_weight))
    return fail("the weights '" + columns.sample_weight + "' are among the features", {},
                "take them out of --features: where the model scores there are none");
  if (!columns.sample_weight.empty() && columns.sample_weight == columns.target)
    return fail("the weights are the target, '" + columns.target + "'", {}, "name another --sample-weight");
  if (takes_all(columns))
    return {};
  for (const auto& one : columns.impute)
    if (!one.feature.empty() && !is_feature(one.feature))
      return fail("'" + one.feature + "' is to be imputed, but is no feature", {}, "name it in --features too");
  for (const auto& name : columns.categories)
    if (!is_feature(name))
      return fail("'" + name + "' is a category, but is no feature", {}, "name it in --features too");
  for (const auto& name : columns.encode)
    if (!is_feature(name))
      return fail("'" + name + "' is to be encoded, but is no feature", {}, "name it in --features too");
  return {};
}

core::result<training_columns> choose_features(std::string_view csv, training_columns columns) {
  if (!takes_all(columns))
    return columns;
  const auto header = take_row(csv, columns.delimiter);
  if (!header)
    return fail("the file is empty", {}, "a CSV file begins with the names of its columns");
  const auto names = core::parse_csv_header(*header, {.delimiter = columns.delimiter});
  if (!names)
    return tl::unexpected{names.error()};
  return choose_among(
      *names, [&] { return take_row(csv, columns.delimiter); }, std::move(columns));
}

core::result<training_columns> choose_features_of_file(const std::string& path, training_columns columns) {
  if (!takes_all(columns))
    return columns;
  auto file = csv_input::open(path, columns.delimiter);
  if (!file)
    return tl::unexpected{std::move(file.error())};
  const auto next = [&] { return text_of(file->next()); };
  auto made = choose_among(file->header(), next, std::move(columns));
  if (file->failure())
    return tl::unexpected{*file->failure()};
  return made;
}

core::result<training_table> read_training_table(std::string_view csv, const training_columns& columns) {
  if (auto good = check(columns); !good)
    return tl::unexpected{good.error()};
  return table_reader{columns}.run(csv);
}

} // namespace weir::cli
