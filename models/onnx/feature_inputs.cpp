#include "models/onnx/feature_inputs.hpp"

#include "models/onnx/metadata.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>
#include <vector>

namespace weir::models {

namespace {

/// What the values behind the inputs are called, in the files of all trainers.
const std::set<std::string> values_behind{"",
                                          "X",
                                          "X_in_double",
                                          "anomaly_score",
                                          "bases",
                                          "centres",
                                          "column",
                                          "decision_function",
                                          "differences",
                                          "exponent",
                                          "index",
                                          "is_first",
                                          "is_second",
                                          "intercept",
                                          "label",
                                          "labels",
                                          "linear_part",
                                          "parts",
                                          "path",
                                          "probabilities",
                                          "products",
                                          "products_in_double",
                                          "rate",
                                          "scores",
                                          "second",
                                          "shares",
                                          "slopes",
                                          "square_part",
                                          "squares",
                                          "sums",
                                          "two",
                                          "variable",
                                          "x",
                                          "xx",
                                          "zero"};

/// Each name once, and none that a value behind the inputs has.
std::vector<std::string> input_names(const std::vector<std::string>& features) {
  auto taken = values_behind;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < features.size(); ++i) {
    auto name = features[i];
    while (!taken.insert(name).second || name.starts_with(':'))
      name = "input_" + std::to_string(i) + name;
    names.push_back(std::move(name));
  }
  return names;
}

/// Another value in place of one that is missing. @returns the name of what comes out
std::string write_imputer(const training_data& data, const std::string& features, file_writer& file) {
  if (data.fills.empty() && !data.categories.empty())
    write_fills(data, file);
  if (data.fills.empty())
    return features;
  std::vector<attribute> how;
  how.emplace_back("imputed_value_floats", std::vector<float>{data.fills.begin(), data.fills.end()});
  how.emplace_back("replaced_value_float", std::numeric_limits<float>::quiet_NaN());
  file.node("Imputer", {features}, {":filled"}, how);
  write_fills(data, file);
  return ":filled";
}

/// The numbers of categories and their codes; any other one is missing.
void write_category_encoder(const std::vector<float>& numbers, const std::string& from, const std::string& to,
                            file_writer& file) {
  std::vector<float> codes;
  for (std::size_t code = 0; code < numbers.size(); ++code)
    codes.push_back(static_cast<float>(code));
  std::vector<attribute> how;
  how.emplace_back("keys_floats", numbers);
  how.emplace_back("values_floats", std::move(codes));
  how.emplace_back("default_float", std::numeric_limits<float>::quiet_NaN());
  file.node("LabelEncoder", {from}, {to}, how);
}

/// The texts and their codes. A missing text is an empty one.
/// @param otherwise the code of any other text
void write_encoder(const ordinal_encoder& encoder, double fill, float otherwise, const std::string& from,
                   const std::string& to, file_writer& file) {
  auto keys = encoder.categories;
  std::vector<float> codes;
  for (std::size_t code = 0; code < keys.size(); ++code)
    codes.push_back(static_cast<float>(code));
  if (!std::isnan(fill) && std::ranges::find(encoder.categories, "") == encoder.categories.end()) {
    keys.emplace_back();
    codes.push_back(static_cast<float>(fill));
  }
  std::vector<attribute> how;
  how.emplace_back("keys_strings", std::move(keys));
  how.emplace_back("values_floats", std::move(codes));
  how.emplace_back("default_float", otherwise);
  file.node("LabelEncoder", {from}, {to}, how);
}

} // namespace

std::string write_inputs(const training_data& data, file_writer& file) {
  write_metadata(data.feature_names, file);
  if (data.encoders.empty() && data.categories.empty()) {
    file.input("X", element::f32, data.feature_count());
    return write_imputer(data, "X", file);
  }
  const auto names = input_names(data.feature_names);
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto encoder = std::ranges::find(data.encoders, data.feature_names[i], &ordinal_encoder::feature);
    const auto* category = data.find_category(i);
    if (encoder == data.encoders.end()) {
      file.input(names[i], element::f32, 1);
      columns.push_back(category == nullptr ? names[i] : ":code_of_" + names[i]);
      if (category != nullptr)
        write_category_encoder(category->numbers, names[i], columns.back(), file);
      continue;
    }
    file.input(names[i], element::text, 1);
    columns.push_back(":code_of_" + names[i]);
    const auto fill = data.fills.empty() ? std::numeric_limits<double>::quiet_NaN() : data.fills[i];
    const auto otherwise = category == nullptr ? -1.0f : std::numeric_limits<float>::quiet_NaN();
    write_encoder(*encoder, fill, otherwise, names[i], columns.back(), file);
  }
  std::vector<attribute> along;
  along.emplace_back("axis", std::int64_t{1});
  file.node("Concat", columns, {":features"}, along);
  return write_imputer(data, ":features", file);
}

} // namespace weir::models
