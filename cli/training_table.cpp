#include "cli/training_table.hpp"

#include "cli/csv_input.hpp"
#include "core/base/read_number.hpp"
#include "core/format/csv_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace weir::cli {

namespace {

using core::fail;

class table_reader {
public:
  explicit table_reader(const training_columns& columns) : columns_{columns}, fields_{columns.delimiter} {}

  core::result<training_table> run(std::string_view csv) {
    const auto header = take_row(csv);
    if (!header)
      return fail("the file is empty", {}, "a CSV file begins with the names of its columns");
    if (auto good = find_columns(*header); !good)
      return tl::unexpected{good.error()};
    made_.header = *header;
    while (const auto row = take_row(csv)) {
      ++line_;
      if (row->empty())
        continue;
      if (auto good = add(*row); !good)
        return tl::unexpected{core::error{good.error().what, "row " + std::to_string(line_), good.error().remedy}};
    }
    encode_texts();
    if (columns_.classify)
      number_labels();
    return std::move(made_);
  }

private:
  struct source {
    std::size_t field = 0; ///< in the row
    bool is_text = false;
    std::vector<std::string> texts; ///< of the rows so far
  };

  core::result<void> find_columns(std::string_view header) {
    const auto names = core::parse_csv_header(header, columns_.delimiter);
    if (!names)
      return tl::unexpected{names.error()};
    for (const auto& name : columns_.features) {
      const auto field = find_column(name, *names);
      if (!field)
        return tl::unexpected{field.error()};
      const auto is_text = std::find(columns_.encode.begin(), columns_.encode.end(), name) != columns_.encode.end();
      sources_.push_back({*field, is_text, {}});
    }
    made_.data.features.resize(sources_.size());
    made_.data.feature_names = columns_.features;
    numbers_.resize(sources_.size());
    if (has_weights())
      if (auto good = find_column(columns_.sample_weight, *names).map([&](std::size_t f) { weight_ = f; }); !good)
        return good;
    if (!has_target())
      return {};
    return find_column(columns_.target, *names).map([&](std::size_t field) { target_ = field; });
  }

  core::result<void> add(std::string_view row) {
    if (!fields_.read(row))
      return fail(fields_.problem());
    const auto target = read_target();
    if (!target)
      return tl::unexpected{target.error()};
    const auto weight = read_weight();
    if (!weight)
      return tl::unexpected{weight.error()};
    auto is_whole = std::isfinite(*target) && std::isfinite(*weight);
    for (std::size_t f = 0; f < sources_.size(); ++f) {
      if (sources_[f].is_text) {
        is_whole = is_whole && !is_missing(sources_[f].field);
        continue;
      }
      const auto value = number(sources_[f].field, columns_.features[f]);
      if (!value)
        return tl::unexpected{value.error()};
      numbers_[f] = *value;
      is_whole = is_whole && std::isfinite(static_cast<float>(*value));
    }
    if (is_whole)
      keep(row, *target, *weight);
    else
      ++made_.dropped;
    return {};
  }

  bool has_target() const noexcept { return !columns_.target.empty(); }
  bool has_weights() const noexcept { return !columns_.sample_weight.empty(); }

  /// NaN where it is missing.
  core::result<double> read_target() const {
    if (!has_target())
      return 0;
    if (columns_.classify)
      return is_missing(target_) ? std::nan("") : 0;
    return number(target_, columns_.target);
  }

  /// NaN where it is missing.
  core::result<double> read_weight() const {
    if (!has_weights())
      return 1;
    if (is_missing(weight_))
      return std::nan("");
    const auto value = number_of(fields_[weight_].text);
    if (!value || *value < 0)
      return fail("'" + std::string{fields_[weight_].text} + "' in column '" + columns_.sample_weight
                      + "' is no weight",
                  {}, "a weight is a number, 0 or more");
    return *value;
  }

  bool is_missing(std::size_t field) const {
    return field >= fields_.size() || (fields_[field].text.empty() && !fields_[field].is_quoted);
  }

  /// NaN where it is missing.
  core::result<double> number(std::size_t field, const std::string& name) const {
    if (is_missing(field))
      return std::numeric_limits<double>::quiet_NaN();
    if (const auto value = number_of(fields_[field].text))
      return *value;
    return fail("'" + std::string{fields_[field].text} + "' in column '" + name + "' is no number", {},
                name == columns_.target ? "the target must be a number, or say --classify"
                                        : "encode it: --encode '" + name + "'");
  }

  void keep(std::string_view row, double target, double weight) {
    made_.rows.push_back(row);
    if (has_weights())
      made_.data.weights.push_back(weight);
    if (has_target())
      made_.data.target.push_back(target);
    if (columns_.classify)
      labels_.emplace_back(fields_[target_].text);
    for (std::size_t f = 0; f < sources_.size(); ++f)
      if (sources_[f].is_text)
        sources_[f].texts.emplace_back(fields_[sources_[f].field].text);
      else
        made_.data.features[f].push_back(numbers_[f]);
  }

  void encode_texts() {
    for (std::size_t f = 0; f < sources_.size(); ++f) {
      const auto& texts = sources_[f].texts;
      if (!sources_[f].is_text)
        continue;
      const auto& encoder = made_.data.encoders.emplace_back(models::ordinal_encoder::fit(columns_.features[f], texts));
      for (const auto& text : texts)
        made_.data.features[f].push_back(static_cast<double>(*encoder.transform(text)));
    }
  }

  /// Each target becomes the index of its label.
  void number_labels() {
    const auto is_number = [](const std::string& text) { return core::read_number<std::int64_t>(text).has_value(); };
    const auto encode = [&](auto values) {
      auto distinct = values;
      std::sort(distinct.begin(), distinct.end());
      distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
      for (std::size_t i = 0; i < values.size(); ++i)
        made_.data.target[i] =
            static_cast<double>(std::lower_bound(distinct.begin(), distinct.end(), values[i]) - distinct.begin());
      made_.data.labels = std::make_shared<const models::class_labels>(std::move(distinct));
    };
    if (!std::all_of(labels_.begin(), labels_.end(), is_number))
      return encode(labels_);
    std::vector<std::int64_t> numbers;
    for (const auto& text : labels_)
      numbers.push_back(*core::read_number<std::int64_t>(text));
    encode(std::move(numbers));
  }

  const training_columns& columns_;
  core::csv_fields fields_;
  std::vector<source> sources_; ///< of the features
  std::size_t target_ = 0;
  std::size_t weight_ = 0;
  std::vector<std::string> labels_; ///< of the rows, where they are classified
  std::vector<double> numbers_;     ///< of the row at hand
  std::uint64_t line_ = 1;
  training_table made_;
};

} // namespace

namespace {

bool takes_all(const training_columns& columns) {
  return columns.features == std::vector<std::string>{"all"};
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
  for (const auto& name : columns.encode)
    if (!is_feature(name))
      return fail("'" + name + "' is to be encoded, but is no feature", {}, "name it in --features too");
  return {};
}

core::result<training_columns> choose_features(std::string_view csv, training_columns columns) {
  if (!takes_all(columns))
    return columns;
  const auto header = take_row(csv);
  if (!header)
    return fail("the file is empty", {}, "a CSV file begins with the names of its columns");
  const auto names = core::parse_csv_header(*header, columns.delimiter);
  if (!names)
    return tl::unexpected{names.error()};
  for (const auto& name : columns.encode)
    if (const auto found = find_column(name, *names); !found)
      return tl::unexpected{found.error()};
  core::csv_fields fields{columns.delimiter};
  std::vector<bool> has_number(names->size()), has_text(names->size());
  while (const auto row = take_row(csv)) {
    if (!fields.read(*row))
      continue; // said when the rows are read
    for (std::size_t f = 0; f < std::min(fields.size(), names->size()); ++f)
      if (!fields[f].text.empty())
        (number_of(fields[f].text) ? has_number : has_text)[f] = true;
  }
  columns.features.clear();
  for (std::size_t f = 0; f < names->size(); ++f) {
    const auto& name = (*names)[f];
    const auto is_encoded = std::find(columns.encode.begin(), columns.encode.end(), name) != columns.encode.end();
    if (name != columns.target && name != columns.sample_weight && (is_encoded || (has_number[f] && !has_text[f])))
      columns.features.push_back(name);
  }
  if (columns.features.empty())
    return fail("no column of numbers is left to learn from", {},
                "name the features, and those that hold text: --encode");
  return check(columns).map([&] { return std::move(columns); });
}

core::result<training_table> read_training_table(std::string_view csv, const training_columns& columns) {
  if (auto good = check(columns); !good)
    return tl::unexpected{good.error()};
  return table_reader{columns}.run(csv);
}

} // namespace weir::cli
