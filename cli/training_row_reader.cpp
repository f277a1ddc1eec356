#include "cli/training_row_reader.hpp"

#include "cli/csv_input.hpp"
#include "core/base/read_number.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::cli {

using core::fail;

core::result<void> training_row_reader::find_columns(const std::vector<std::string>& header) {
  for (const auto& name : columns_.features) {
    const auto field = find_column(name, header);
    if (!field)
      return tl::unexpected{field.error()};
    const auto is_text = std::find(columns_.encode.begin(), columns_.encode.end(), name) != columns_.encode.end();
    sources_.push_back({*field, is_text, columns_.may_be_missing(name)});
  }
  numbers_.resize(sources_.size());
  if (has_weights())
    if (auto good = find_column(columns_.sample_weight, header).map([&](std::size_t f) { weight_field_ = f; }); !good)
      return good;
  if (!has_target())
    return {};
  return find_column(columns_.target, header).map([&](std::size_t field) { target_field_ = field; });
}

core::result<bool> training_row_reader::read(std::string_view row) {
  if (!fields_.read(row))
    return fail(fields_.problem());
  const auto target = read_target();
  if (!target)
    return tl::unexpected{target.error()};
  const auto weight = read_weight();
  if (!weight)
    return tl::unexpected{weight.error()};
  target_ = *target;
  weight_ = *weight;
  auto is_whole = std::isfinite(target_) && std::isfinite(weight_);
  for (std::size_t f = 0; f < sources_.size(); ++f) {
    const auto may_be_missing = sources_[f].may_be_missing;
    if (sources_[f].is_text) {
      is_whole = is_whole && (may_be_missing || !is_missing(sources_[f].field));
      continue;
    }
    const auto value = number(sources_[f].field, columns_.features[f]);
    if (!value)
      return tl::unexpected{value.error()};
    const auto is_there = std::isfinite(static_cast<float>(*value));
    numbers_[f] = is_there ? *value : std::numeric_limits<double>::quiet_NaN();
    is_whole = is_whole && (may_be_missing || is_there);
  }
  return is_whole;
}

bool training_row_reader::is_missing(std::size_t field) const {
  return field >= fields_.size() || (fields_[field].text.empty() && !fields_[field].is_quoted);
}

/// NaN where it is missing.
core::result<double> training_row_reader::read_target() const {
  if (!has_target())
    return 0;
  if (columns_.classify)
    return is_missing(target_field_) ? std::nan("") : 0;
  return number(target_field_, columns_.target);
}

/// NaN where it is missing.
core::result<double> training_row_reader::read_weight() const {
  if (!has_weights())
    return 1;
  if (is_missing(weight_field_))
    return std::nan("");
  const auto value = number_of(fields_[weight_field_].text);
  if (!value || *value < 0)
    return fail("'" + std::string{fields_[weight_field_].text} + "' in column '" + columns_.sample_weight
                    + "' is no weight",
                {}, "a weight is a number, 0 or more");
  return *value;
}

/// NaN where it is missing.
core::result<double> training_row_reader::number(std::size_t field, const std::string& name) const {
  if (is_missing(field))
    return std::numeric_limits<double>::quiet_NaN();
  if (const auto value = number_of(fields_[field].text))
    return *value;
  return fail("'" + std::string{fields_[field].text} + "' in column '" + name + "' is no number", {},
              name == columns_.target ? "the target must be a number, or say --classify"
                                      : "encode it: --encode '" + name + "'");
}

core::error in_row(core::error error, std::uint64_t row) {
  error.where = "row " + std::to_string(row);
  return error;
}

models::class_labels classes_of(const std::vector<std::string>& labels) {
  const auto distinct = [](auto values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  };
  std::vector<std::int64_t> numbers;
  for (const auto& label : labels) {
    const auto number = core::read_number<std::int64_t>(label);
    if (!number)
      return distinct(labels);
    numbers.push_back(*number);
  }
  return distinct(std::move(numbers));
}

std::vector<double> places_in(const models::class_labels& classes, const std::vector<std::string>& labels) {
  const auto place = [](const auto& sorted, const auto& value) {
    return static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin());
  };
  std::vector<double> made;
  made.reserve(labels.size());
  for (const auto& label : labels)
    if (const auto* texts = std::get_if<std::vector<std::string>>(&classes))
      made.push_back(place(*texts, label));
    else
      made.push_back(place(std::get<std::vector<std::int64_t>>(classes), *core::read_number<std::int64_t>(label)));
  return made;
}

} // namespace weir::cli
