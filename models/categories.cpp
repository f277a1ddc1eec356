#include "models/categories.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace weir::models {

namespace {

/// The values that get a code, ascending.
std::vector<float> frequent_values(const std::vector<double>& values) {
  std::map<float, std::size_t> counts;
  for (const auto value : values)
    if (!std::isnan(value))
      ++counts[static_cast<float>(value)];
  std::vector<std::pair<float, std::size_t>> order{counts.begin(), counts.end()};
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  order.resize(std::min(order.size(), most_categories));
  std::vector<float> made;
  for (const auto& [value, count] : order)
    made.push_back(value);
  std::sort(made.begin(), made.end());
  return made;
}

void encode(std::vector<double>& values, const std::vector<float>& known) {
  for (auto& value : values) {
    const auto at = std::lower_bound(known.begin(), known.end(), static_cast<float>(value));
    const auto is_known = at != known.end() && *at == static_cast<float>(value);
    value = is_known ? static_cast<double>(at - known.begin()) : std::numeric_limits<double>::quiet_NaN();
  }
}

/// A row for each category, of what it has of each class; of numbers a column of mean targets. NaN: it has no rows.
struct category_means {
  std::vector<std::vector<double>> means;
  std::vector<double> weights;
};

category_means means_of(const training_data& data, std::size_t feature, std::size_t count) {
  const auto classes = data.labels == nullptr ? std::size_t{0} : size_of(*data.labels);
  category_means made{std::vector(count, std::vector<double>(classes > 2 ? classes : 1)), std::vector<double>(count)};
  for (std::size_t row = 0; row < data.rows(); ++row) {
    const auto code = data.features[feature][row];
    if (std::isnan(code))
      continue;
    auto& means = made.means[static_cast<std::size_t>(code)];
    made.weights[static_cast<std::size_t>(code)] += data.weight(row);
    if (classes > 2)
      means[static_cast<std::size_t>(data.target[row])] += data.weight(row);
    else
      means.front() += data.weight(row) * data.target[row];
  }
  for (std::size_t code = 0; code < count; ++code)
    for (auto& mean : made.means[code])
      mean /= made.weights[code] > 0 ? made.weights[code] : 1;
  return made;
}

/// Where the rows of several columns differ most: their place along that direction, by power iteration.
std::vector<double> first_component(const category_means& of) {
  const auto size = of.means.front().size();
  std::vector<double> centre(size), axis(size);
  const auto all = std::accumulate(of.weights.begin(), of.weights.end(), 0.0);
  for (std::size_t code = 0; code < of.means.size(); ++code)
    for (std::size_t k = 0; k < size; ++k)
      centre[k] += of.weights[code] / all * of.means[code][k];
  for (std::size_t k = 0; k < size; ++k)
    axis[k] = 1 / static_cast<double>(k + 1); // along no axis of its own
  const auto along = [&](std::size_t code) {
    double sum = 0;
    for (std::size_t k = 0; k < size; ++k)
      sum += (of.means[code][k] - centre[k]) * axis[k];
    return sum;
  };
  for (int step = 0; step < 100; ++step) {
    std::vector<double> next(size);
    for (std::size_t code = 0; code < of.means.size(); ++code)
      for (std::size_t k = 0; k < size; ++k)
        next[k] += of.weights[code] * along(code) * (of.means[code][k] - centre[k]);
    const auto length = std::sqrt(std::inner_product(next.begin(), next.end(), next.begin(), 0.0));
    if (!(length > 0))
      break;
    for (std::size_t k = 0; k < size; ++k)
      axis[k] = next[k] / length;
  }
  std::vector<double> made;
  for (std::size_t code = 0; code < of.means.size(); ++code)
    made.push_back(along(code));
  return made;
}

/// By code, where it stands among all.
std::vector<std::size_t> ranks_of(const category_means& of) {
  std::vector<double> places;
  if (of.means.empty())
    return {};
  if (of.means.front().size() > 1)
    places = first_component(of);
  else
    for (const auto& mean : of.means)
      places.push_back(mean.front());
  std::vector<std::size_t> order(places.size()), ranks(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return places[a] < places[b]; });
  for (std::size_t i = 0; i < order.size(); ++i)
    ranks[order[i]] = i;
  return ranks;
}

template <class Value>
std::vector<Value> permuted(const std::vector<Value>& values, const std::vector<std::size_t>& ranks) {
  std::vector<Value> made(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    made[ranks[i]] = values[i];
  return made;
}

} // namespace

core::result<void> encode_categories(training_data& data, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const auto at = std::ranges::find(data.feature_names, name);
    if (at == data.feature_names.end())
      return core::fail("the category '" + name + "' is no feature");
    const auto feature = static_cast<std::size_t>(at - data.feature_names.begin());
    if (data.find_category(feature) != nullptr)
      continue;
    auto known = frequent_values(data.features[feature]);
    encode(data.features[feature], known);
    const auto encoder = std::ranges::find(data.encoders, name, &ordinal_encoder::feature);
    if (encoder == data.encoders.end()) {
      data.categories.push_back({feature, std::move(known)});
      continue;
    }
    std::vector<std::string> texts;
    for (const auto code : known)
      texts.push_back(std::move(encoder->categories[static_cast<std::size_t>(code)]));
    encoder->categories = std::move(texts);
    data.categories.push_back({feature});
  }
  return {};
}

training_data with_ordered_categories(training_data data) {
  for (auto& category : data.categories) {
    const auto encoder =
        category.numbers.empty()
            ? std::ranges::find(data.encoders, data.feature_names[category.feature], &ordinal_encoder::feature)
            : data.encoders.end();
    const auto has_texts = encoder != data.encoders.end();
    const auto count = has_texts ? encoder->categories.size() : category.numbers.size();
    const auto ranks = ranks_of(means_of(data, category.feature, count));
    if (has_texts)
      encoder->categories = permuted(encoder->categories, ranks);
    else
      category.numbers = permuted(category.numbers, ranks);
    for (auto& code : data.features[category.feature])
      code = std::isnan(code) ? code : static_cast<double>(ranks[static_cast<std::size_t>(code)]);
  }
  return data;
}

} // namespace weir::models
