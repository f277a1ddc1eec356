#include "cli/training_table.hpp"

#include "core/base/nearest_name.hpp"
#include "core/base/read_number.hpp"
#include "core/format/csv_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace weir::cli {

namespace {

using core::fail;

/// Nothing for a text that is no number.
std::optional<double> number_of(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  if (text == "true" || text == "false")
    return text == "true" ? 1 : 0;
  if (text.starts_with('+'))
    text.remove_prefix(1);
  double value = 0;
  const auto end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, value);
  if (text.empty() || at != end || problem == std::errc::invalid_argument)
    return std::nullopt;
  return problem == std::errc{} ? value : std::numeric_limits<double>::infinity();
}

std::string remedy_for(const std::string& missing, const std::vector<std::string>& header) {
  const auto delimiter = header.size() == 1 ? core::other_delimiter(header.front()) : std::string{};
  return delimiter.empty() ? core::did_you_mean(missing, header) : delimiter + ": give it as --delimiter";
}

class table_reader {
public:
  explicit table_reader(const training_columns& columns) : columns_{columns}, fields_{columns.delimiter} {}

  core::result<training_table> run(std::string_view csv) {
    const auto header = next_row(csv);
    if (!header)
      return fail("the file is empty", {}, "a CSV file begins with the names of its columns");
    if (auto good = find_columns(*header); !good)
      return tl::unexpected{good.error()};
    while (const auto row = next_row(csv)) {
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

  static std::optional<std::string_view> next_row(std::string_view& csv) {
    if (csv.empty())
      return std::nullopt;
    const auto row = core::find_csv_row(csv).value_or(core::text_row{csv.size(), csv.size()});
    const auto text = csv.substr(0, row.size);
    csv.remove_prefix(row.next);
    return text;
  }

  core::result<void> find_columns(std::string_view header) {
    const auto names = core::parse_csv_header(header, columns_.delimiter);
    if (!names)
      return tl::unexpected{names.error()};
    const auto find = [&](const std::string& name) -> core::result<std::size_t> {
      const auto found = std::find(names->begin(), names->end(), name);
      if (found == names->end())
        return fail("there is no column '" + name + "'", {}, remedy_for(name, *names));
      return static_cast<std::size_t>(found - names->begin());
    };
    for (const auto& name : columns_.features) {
      const auto field = find(name);
      if (!field)
        return tl::unexpected{field.error()};
      const auto is_text = std::find(columns_.encode.begin(), columns_.encode.end(), name) != columns_.encode.end();
      sources_.push_back({*field, is_text, {}});
    }
    made_.data.features.resize(sources_.size());
    made_.data.feature_names = columns_.features;
    numbers_.resize(sources_.size());
    return find(columns_.target).map([&](std::size_t field) { target_ = field; });
  }

  core::result<void> add(std::string_view row) {
    if (!fields_.read(row))
      return fail(fields_.problem());
    const auto target = columns_.classify ? core::result<double>{is_missing(target_) ? std::nan("") : 0}
                                          : number(target_, columns_.target);
    if (!target)
      return tl::unexpected{target.error()};
    auto is_whole = std::isfinite(*target);
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
      keep(*target);
    else
      ++made_.dropped;
    return {};
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

  void keep(double target) {
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
  std::vector<std::string> labels_; ///< of the rows, where they are classified
  std::vector<double> numbers_;     ///< of the row at hand
  std::uint64_t line_ = 1;
  training_table made_;
};

} // namespace

core::result<void> check(const training_columns& columns) {
  const auto is_feature = [&](const std::string& name) {
    return std::find(columns.features.begin(), columns.features.end(), name) != columns.features.end();
  };
  if (is_feature(columns.target))
    return fail("the target '" + columns.target + "' is among the features", {},
                "take it out of --features: a model that sees its target learns nothing else");
  for (const auto& name : columns.encode)
    if (!is_feature(name))
      return fail("'" + name + "' is to be encoded, but is no feature", {}, "name it in --features too");
  return {};
}

core::result<training_table> read_training_table(std::string_view csv, const training_columns& columns) {
  if (auto good = check(columns); !good)
    return tl::unexpected{good.error()};
  return table_reader{columns}.run(csv);
}

} // namespace weir::cli
