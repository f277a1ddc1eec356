#pragma once

#include "models/row_block.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace weir::models::test {

/// What a model makes of rows, by column of model::columns().
struct scored {
  std::vector<std::vector<double>> numbers;
  std::vector<std::vector<std::string>> texts; ///< of columns of text
};

/// Rows as they stand in a CSV file: each field becomes what the model's feature is. @param together rows in a block
inline scored score(const model& m, const std::vector<std::vector<std::string>>& rows, std::size_t together = 1000) {
  scored made{std::vector<std::vector<double>>(m.columns()), std::vector<std::vector<std::string>>(m.columns())};
  const auto& features = m.meaning().features;
  std::vector<element> types;
  for (const auto& output : m.meaning().outputs)
    types.insert(types.end(), output.columns, output.type);
  types.resize(m.columns(), element::boolean);
  row_block block{m};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t f = 0; f < features.size(); ++f)
      if (features[f].type == element::text)
        block.set(f, std::string_view{rows[row][f]});
      else
        block.set(f, std::stod(rows[row][f]));
    block.add_row();
    if (!block.is_full() && block.rows() < together && row + 1 < rows.size())
      continue;
    const auto& columns = block.predict();
    for (std::size_t c = 0; c < types.size(); ++c)
      for (std::size_t r = 0; r < block.rows(); ++r)
        if (types[c] == element::text)
          made.texts[c].emplace_back(static_cast<const std::string_view*>(columns[c])[r]);
        else
          made.numbers[c].push_back(number_at(columns[c], types[c], r));
    block.clear();
  }
  return made;
}

} // namespace weir::models::test
