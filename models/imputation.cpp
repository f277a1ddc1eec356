#include "models/imputation.hpp"

#include "core/base/number_text.hpp"
#include "core/base/read_number.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace weir::models {

namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// @pre sorted
double median_of(const std::vector<double>& values) {
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
}

/// @pre sorted
double most_frequent_of(const std::vector<double>& values) {
  auto best = values.front();
  std::ptrdiff_t most = 0;
  for (auto from = values.begin(); from != values.end();) {
    const auto to = std::upper_bound(from, values.end(), *from);
    if (to - from > most) {
      most = to - from;
      best = *from;
    }
    from = to;
  }
  return best;
}

std::string_view name_of(imputation_strategy by) {
  for (const auto& [name, strategy] : imputation_words)
    if (strategy == by)
      return name;
  return {};
}

} // namespace

const imputation* find_imputation(const imputations& among, std::string_view feature) noexcept {
  const imputation* of_all = nullptr;
  for (const auto& one : among)
    if (one.feature == feature)
      return &one;
    else if (one.feature.empty())
      of_all = &one;
  return of_all;
}

core::result<imputation> read_imputation(std::string feature, std::string_view text) {
  for (const auto& [name, strategy] : imputation_words)
    if (name == text)
      return imputation{std::move(feature), strategy, 0};
  if (const auto number = core::read_number<double>(text); number && std::isfinite(static_cast<float>(*number)))
    return imputation{std::move(feature), imputation_strategy::constant, *number};
  return core::fail("'" + std::string{text} + "' stands for no missing value", {},
                    "one of mean, median, most_frequent, or a number");
}

core::result<imputations> read_imputations(std::string_view text) {
  imputations made;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto entry = text.substr(0, comma);
    const auto colon = entry.rfind(':');
    const auto feature = colon == std::string_view::npos ? std::string_view{} : entry.substr(0, colon);
    if (std::ranges::find(made, feature, &imputation::feature) != made.end())
      return core::fail(feature.empty() ? "missing values of all features are filled in two ways"
                                        : "missing values of '" + std::string{feature} + "' are filled in two ways");
    auto one = read_imputation(std::string{feature}, entry.substr(colon == std::string_view::npos ? 0 : colon + 1));
    if (!one)
      return tl::unexpected{one.error()};
    made.push_back(std::move(*one));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return made;
}

std::string text_of(const imputations& of) {
  std::string text;
  std::array<char, core::number_text_size> number;
  for (const auto& one : of) {
    text += (text.empty() ? "" : ",") + one.feature + (one.feature.empty() ? "" : ":");
    if (one.by == imputation_strategy::constant)
      text.append(number.data(), core::write_double(one.value, number.data()));
    else
      text += name_of(one.by);
  }
  return text;
}

double fill_of(const imputation& of, std::span<const double> values, bool are_codes) {
  const auto as_float = [](double x) { return static_cast<double>(static_cast<float>(x)); };
  if (of.by == imputation_strategy::constant && !are_codes)
    return as_float(of.value);
  std::vector<double> known;
  known.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(known), [](double x) { return !std::isnan(x); });
  if (known.empty())
    return std::numeric_limits<double>::quiet_NaN();
  if (of.by == imputation_strategy::mean && !are_codes)
    return as_float(mean_of(known));
  std::sort(known.begin(), known.end());
  return as_float(of.by == imputation_strategy::median && !are_codes ? median_of(known) : most_frequent_of(known));
}

} // namespace weir::models
