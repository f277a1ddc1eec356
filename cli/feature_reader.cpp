#include "cli/feature_reader.hpp"

#include "cli/csv_input.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::cli {

using core::fail;
using models::element;

core::result<feature_reader> feature_reader::make(const models::model& of, const std::vector<std::string>& header,
                                                  const std::vector<std::string>& inputs) {
  const auto& meaning = of.meaning();
  if (inputs.empty() && !meaning.has_names)
    return fail("the model's file does not name its " + std::to_string(meaning.features.size()) + " features", {},
                "name a column for each, in order: --inputs a,b,c");
  if (!inputs.empty() && inputs.size() != meaning.features.size())
    return fail("the model takes " + std::to_string(meaning.features.size()) + " inputs, not "
                + std::to_string(inputs.size()));
  feature_reader made;
  for (std::size_t f = 0; f < meaning.features.size(); ++f) {
    const auto& [name, type] = meaning.features[f];
    const auto& column = inputs.empty() ? name : inputs[f];
    const auto field = find_column(column, header);
    if (!field)
      return tl::unexpected{field.error()};
    made.sources_.push_back({column, *field, type, {}});
    const auto encoder = std::ranges::find(meaning.encoders, name, &models::ordinal_encoder::feature);
    if (type == element::text || encoder == meaning.encoders.end())
      continue;
    for (std::size_t code = 0; code < encoder->categories.size(); ++code)
      made.sources_.back().codes.emplace(encoder->categories[code], static_cast<double>(code));
  }
  return made;
}

core::result<void> feature_reader::read(const core::csv_fields& row, std::vector<feature_value>& into) const {
  into.clear();
  for (const auto& from : sources_) {
    auto value = read(from, row[from.field]);
    if (!value)
      return tl::unexpected{std::move(value.error())};
    into.push_back(std::move(*value));
  }
  return {};
}

core::result<feature_value> feature_reader::read(const source& from, const core::csv_fields::field& field) {
  const auto refuse = [&](const std::string& why) {
    return fail("'" + std::string{field.text} + "' in column '" + from.column + "' is " + why);
  };
  if (from.type == element::text)
    return feature_value{std::string{field.text}};
  if (!from.codes.empty()) {
    const auto code = from.codes.find(field.text);
    return code == from.codes.end() ? core::result<feature_value>{refuse("no category that the model learned")}
                                    : feature_value{code->second};
  }
  const auto number = field.text.empty() ? std::numeric_limits<double>::quiet_NaN() : number_of(field.text);
  if (!number)
    return refuse("no number");
  const auto is_float = from.type == element::f32;
  if (is_float || from.type == element::f64) {
    const auto is_there = std::isfinite(is_float ? static_cast<double>(static_cast<float>(*number)) : *number);
    return feature_value{is_there ? *number : std::numeric_limits<double>::quiet_NaN()};
  }
  if (!std::isfinite(*number))
    return fail("column '" + from.column + "' is missing");
  constexpr double most = 9223372036854774784.0; // the largest double that fits in 64 bits
  if (std::trunc(*number) != *number || std::abs(*number) > most)
    return refuse("no whole number");
  return feature_value{*number};
}

void set_row(models::row_block& block, const std::vector<feature_value>& features) {
  for (std::size_t f = 0; f < features.size(); ++f)
    std::visit([&](const auto& value) { block.set(f, value); }, features[f]);
  block.add_row();
}

} // namespace weir::cli
