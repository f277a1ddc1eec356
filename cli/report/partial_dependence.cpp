#include "cli/report/partial_dependence.hpp"

#include "models/row_block.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <simdjson.h>

namespace weir::cli {

namespace {

using rows = std::vector<std::vector<feature_value>>;

constexpr std::size_t grid_points = 25;

/// Distinct values at equal distances in the order of the sample's, so that each stands for as many rows.
std::vector<double> grid_of(const rows& sample, std::size_t feature) {
  std::vector<double> values;
  for (const auto& row : sample)
    if (const auto* number = std::get_if<double>(&row[feature]); number != nullptr && std::isfinite(*number))
      values.push_back(*number);
  std::sort(values.begin(), values.end());
  std::vector<double> grid;
  for (std::size_t i = 0; !values.empty() && i < grid_points; ++i)
    grid.push_back(values[i * (values.size() - 1) / (grid_points - 1)]);
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  return grid;
}

/// Columns of what a model predicts, as numbers.
struct shown_columns {
  std::size_t first = 0;
  std::size_t count = 0;
  models::element type = models::element::f32;
};

std::optional<shown_columns> columns_of(const models::model& of) {
  const auto& meaning = of.meaning();
  if (!of.is_classifier())
    return shown_columns{of.first_column(meaning.prediction), of.prediction().columns, of.prediction().type};
  if (!meaning.probabilities)
    return std::nullopt;
  const auto& output = meaning.outputs[*meaning.probabilities];
  const auto first = of.first_column(*meaning.probabilities);
  return output.columns == 2 ? shown_columns{first + 1, 1, output.type}
                             : shown_columns{first, output.columns, output.type};
}

/// Mean predictions; NaN where all are.
std::vector<double> predict_mean(const models::model& of, const shown_columns& shown, const rows& sample) {
  std::vector<double> sums(shown.count), counts(shown.count);
  models::row_block block{of};
  for (std::size_t i = 0; i < sample.size(); ++i) {
    set_row(block, sample[i]);
    if (!block.is_full() && i + 1 < sample.size())
      continue;
    const auto& columns = block.predict();
    for (std::size_t k = 0; k < shown.count; ++k)
      for (std::size_t r = 0; r < block.rows(); ++r)
        if (const auto value = models::number_at(columns[shown.first + k], shown.type, r); std::isfinite(value)) {
          sums[k] += value;
          counts[k] += 1;
        }
    block.clear();
  }
  for (std::size_t k = 0; k < shown.count; ++k)
    sums[k] /= counts[k];
  return sums;
}

} // namespace

std::vector<partial_dependence> find_dependences(const models::model& of, const rows& sample,
                                                 const std::vector<std::size_t>& features) {
  const auto shown = columns_of(of);
  if (!shown)
    return {};
  std::vector<partial_dependence> made;
  for (const auto feature : features) {
    const auto grid = grid_of(sample, feature);
    if (grid.size() < 2)
      continue;
    auto& dependence = made.emplace_back();
    dependence.feature = of.meaning().features[feature].name;
    dependence.means.resize(shown->count);
    auto changed = sample;
    for (const auto value : grid) {
      for (auto& row : changed)
        row[feature] = value;
      const auto means = predict_mean(of, *shown, changed);
      for (std::size_t k = 0; k < means.size(); ++k)
        dependence.means[k].push_back({value, means[k]});
    }
  }
  return made;
}

std::vector<std::pair<std::string, double>> importances_of(const models::model& of) {
  const auto found = of.meaning().metadata.find("importances");
  if (found == of.meaning().metadata.end())
    return {};
  simdjson::dom::parser parser;
  simdjson::dom::object shares;
  std::vector<std::pair<std::string, double>> made;
  if (parser.parse(found->second).get(shares) != simdjson::SUCCESS)
    return {};
  for (const auto share : shares)
    if (double value = 0; share.value.get(value) == simdjson::SUCCESS && std::isfinite(value))
      made.emplace_back(share.key, value);
  std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return made;
}

std::vector<std::size_t> features_to_show(const models::model& of, const feature_reader& reader, std::size_t most) {
  const auto& features = of.meaning().features;
  const auto importances = importances_of(of);
  const auto place_of = [&](std::size_t f) {
    return std::ranges::find(importances, features[f].name, [](const auto& one) { return one.first; })
           - importances.begin();
  };
  std::vector<std::size_t> made;
  for (std::size_t f = 0; f < features.size(); ++f)
    if (features[f].type != models::element::text && !reader.is_encoded(f))
      made.push_back(f);
  std::stable_sort(made.begin(), made.end(), [&](auto a, auto b) { return place_of(a) < place_of(b); });
  made.resize(std::min(made.size(), most));
  return made;
}

} // namespace weir::cli
