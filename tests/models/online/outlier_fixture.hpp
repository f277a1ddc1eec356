#pragma once

#include "models/online/chosen_inputs.hpp"
#include "tests/models/online/learner_fixture.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace weir::models::online::test {

/// Rows without a truth. @param rows row by row
inline numbers stream_of(std::size_t inputs, std::vector<double> rows) {
  numbers made;
  made.inputs = inputs;
  made.rows = std::move(rows);
  made.truth.assign(made.size(), std::numeric_limits<double>::quiet_NaN());
  made.labels.resize(made.size());
  return made;
}

/// Rows of the standard normal distribution.
inline numbers normal_rows(std::size_t count, std::size_t inputs, unsigned seed) {
  std::mt19937 random{seed};
  std::vector<double> rows;
  // of twelve uniform ones: the library's own differs from one to the next
  for (std::size_t i = 0; i < count * inputs; ++i) {
    double sum = -6;
    for (int k = 0; k < 12; ++k)
      sum += static_cast<double>(random()) * 0x1p-32;
    rows.push_back(sum);
  }
  return stream_of(inputs, std::move(rows));
}

/// As the oracle makes them.
inline numbers rows_of_a_formula(std::size_t count) {
  std::vector<double> rows;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t f = 0; f < 3; ++f)
      rows.push_back(uniform_of(seed_of(3, i), 2 * f) + uniform_of(seed_of(3, i), 2 * f + 1));
  return stream_of(3, std::move(rows));
}

/// The mean of some scores.
inline double mean_of(const std::vector<double>& scores, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (auto i = begin; i < end; ++i)
    sum += scores[i];
  return sum / static_cast<double>(end - begin);
}

/// Which row has the highest score.
inline std::size_t most_unusual(const std::vector<double>& scores) {
  std::size_t found = 0;
  double highest = -1;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > highest)
      highest = scores[found = i];
  return found;
}

} // namespace weir::models::online::test
