#include "cli/training_rows.hpp"

#include "core/base/number_text.hpp"
#include "core/base/read_number.hpp"
#include "models/seeds.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace weir::cli {

namespace {

using core::column_type;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// FNV-1a in 64 bits.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const auto c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

bool is_number(column_type type) noexcept {
  return type == column_type::boolean || type == column_type::int64 || type == column_type::float64;
}

/// Every one of numbers that a model may take, the newest of its name.
std::vector<std::string> all_features(const config::training& of, const core::layout& columns) {
  std::vector<std::string> names;
  for (core::column_id id = 0; id < columns.size(); ++id) {
    const auto& column = columns[id];
    const auto is_used =
        column.name == of.target.text || column.name == of.split.column.text || column.name == of.sample_weight.text;
    if (is_number(column.type) && !is_used && columns.find(column.name) == id)
      names.push_back(column.name);
  }
  return names;
}

std::vector<std::string> names_of(const config::training& of, const core::layout& columns) {
  if (of.takes_all())
    return all_features(of, columns);
  std::vector<std::string> names;
  for (const auto& feature : of.features)
    names.push_back(feature.text);
  return names;
}

/// The index in `sorted` of each value of `values`.
template <class Value>
std::vector<double> places_of(const std::vector<Value>& values, const std::vector<Value>& sorted) {
  std::vector<double> places;
  for (const auto& value : values)
    places.push_back(static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin()));
  return places;
}

template <class Value>
std::vector<Value> sorted(std::vector<Value> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::string text_of(double label) {
  std::array<char, core::number_text_size> text;
  return {text.data(), core::write_double(label, text.data())};
}

} // namespace

double row_gatherer::text_codes::code_of(std::string_view text) {
  const auto found = codes.find(text);
  return static_cast<double>(found != codes.end() ? found->second
                                                  : codes.emplace(std::string{text}, codes.size()).first->second);
}

row_gatherer::row_gatherer(const config::training& of, const core::layout& columns) :
    classifies_{config::learns_classes(of)} {
  for (const auto& name : names_of(of, columns)) {
    features_.push_back(source_of(name, columns));
    features_.back().may_be_missing = of.may_be_missing(name);
    made_.data.feature_names.push_back(name);
  }
  made_.data.features.resize(features_.size());
  values_.resize(features_.size());
  if (config::has_target(of))
    target_ = source_of(of.target.text, columns);
  if (!of.sample_weight.text.empty())
    weight_ = source_of(of.sample_weight.text, columns);
  if (of.split.by == config::split_order::time)
    time_ = source_of(of.split.column.text, columns);
}

row_gatherer::source row_gatherer::source_of(std::string_view name, const core::layout& columns) const {
  const auto id = *columns.find(name);
  return {id, columns[id].type};
}

double row_gatherer::number_of(const core::batch& cleaned, core::row_index row, const source& from) {
  const auto& column = cleaned.at(from.id);
  if (column.is_null(row))
    return missing;
  return from.type == column_type::float64 ? column.f64[row] : static_cast<double>(column.i64[row]);
}

double row_gatherer::value_of(const core::batch& cleaned, core::row_index row, source& from, std::uint64_t& hash) {
  if (from.type != column_type::string) {
    const auto value = number_of(cleaned, row, from);
    hash = models::seed_of(hash ^ std::bit_cast<std::uint64_t>(value), 0);
    return value;
  }
  const auto& column = cleaned.at(from.id);
  if (column.is_null(row))
    return missing;
  hash = models::seed_of(hash ^ hash_of(column.text[row]), 0);
  return from.texts.code_of(column.text[row]);
}

void row_gatherer::add_row(const core::batch& cleaned, core::row_index row) {
  std::uint64_t hash = 0;
  bool is_whole = true;
  for (std::size_t f = 0; f < features_.size(); ++f) {
    values_[f] = value_of(cleaned, row, features_[f], hash);
    const auto is_there = std::isfinite(static_cast<float>(values_[f]));
    if (!is_there)
      values_[f] = missing;
    is_whole = is_whole && (is_there || features_[f].may_be_missing);
  }
  const auto target = target_ ? value_of(cleaned, row, *target_, hash) : 0;
  const auto weight = weight_ ? value_of(cleaned, row, *weight_, hash) : 1;
  const auto time = time_ ? number_of(cleaned, row, *time_) : 0;
  if (!is_whole || !std::isfinite(target) || !std::isfinite(weight) || !std::isfinite(time)) {
    ++made_.dropped;
    return;
  }
  for (std::size_t f = 0; f < features_.size(); ++f)
    made_.data.features[f].push_back(values_[f]);
  if (target_)
    made_.data.target.push_back(target);
  if (weight_)
    made_.data.weights.push_back(weight);
  if (time_)
    made_.times.push_back(time);
  made_.hashes.push_back(hash);
}

void row_gatherer::add(const core::batch& cleaned) {
  made_.read += cleaned.raw->size();
  made_.filtered += cleaned.filtered;
  made_.refused += cleaned.rejected.size();
  if (made_.first_refusal.empty() && !cleaned.rejected.empty())
    made_.first_refusal = cleaned.rejected.front().reason;
  for (const auto row : cleaned.rows)
    add_row(cleaned, row);
}

/// Codes in the order of the texts, of those that a row has kept.
void row_gatherer::sort_texts() {
  for (std::size_t f = 0; f < features_.size(); ++f) {
    if (features_[f].type != column_type::string)
      continue;
    auto& values = made_.data.features[f];
    std::vector<bool> is_used(features_[f].texts.codes.size());
    for (const auto value : values)
      if (!std::isnan(value))
        is_used[static_cast<std::size_t>(value)] = true;
    std::vector<double> code_of(is_used.size());
    models::ordinal_encoder encoder{made_.data.feature_names[f], {}};
    for (const auto& [text, code] : features_[f].texts.codes)
      if (is_used[code]) {
        code_of[code] = static_cast<double>(encoder.categories.size());
        encoder.categories.push_back(text);
      }
    for (auto& value : values)
      value = std::isnan(value) ? missing : code_of[static_cast<std::size_t>(value)];
    made_.data.encoders.push_back(std::move(encoder));
  }
}

/// Labels are whole numbers where all of them are, else texts.
void row_gatherer::sort_labels() {
  auto& target = made_.data.target;
  std::vector<std::string> texts; ///< by code
  if (target_->type == column_type::string) {
    texts.resize(target_->texts.codes.size());
    for (const auto& [text, code] : target_->texts.codes)
      texts[code] = text;
  }
  std::map<double, std::string> labels; ///< of the values that a row has kept
  for (const auto value : target)
    if (!labels.contains(value))
      labels[value] = texts.empty() ? text_of(value) : texts[static_cast<std::size_t>(value)];
  const auto whole = [](const std::string& text) { return core::read_number<std::int64_t>(text); };
  const auto are_whole =
      std::all_of(labels.begin(), labels.end(), [&](const auto& l) { return whole(l.second).has_value(); });
  std::vector<std::string> names;
  std::vector<std::int64_t> numbers;
  for (const auto& [value, label] : labels)
    if (are_whole)
      numbers.push_back(*whole(label));
    else
      names.push_back(label);
  const auto places = are_whole ? places_of(numbers, sorted(numbers)) : places_of(names, sorted(names));
  std::map<double, double> place_of;
  for (std::size_t next = 0; const auto& [value, label] : labels)
    place_of[value] = places[next++];
  for (auto& value : target)
    value = place_of[value];
  made_.data.labels = are_whole ? std::make_shared<const models::class_labels>(sorted(std::move(numbers)))
                                : std::make_shared<const models::class_labels>(sorted(std::move(names)));
}

training_rows row_gatherer::finish() {
  sort_texts();
  if (classifies_)
    sort_labels();
  return std::move(made_);
}

} // namespace weir::cli
