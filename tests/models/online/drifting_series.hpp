#pragma once

#include "models/online/chosen_inputs.hpp"
#include "tests/models/online/learner_fixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

namespace weir::models::online::test {

/// Series that stay, change at once and change slowly, as tests/oracles/forest_oracle.py makes them.
inline numbers drifting_series(const std::string& name) {
  constexpr std::size_t change = 3000, slowly = 1000;
  const std::array<std::string, 3> names{"stationary", "abrupt", "gradual"};
  const auto number = static_cast<std::uint64_t>(std::ranges::find(names, name) - names.begin());
  numbers made;
  made.inputs = 6;
  for (std::size_t row = 0; row < 6000; ++row) {
    const auto seed = seed_of(7 + number, row);
    std::array<double, 6> x{};
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = uniform_of(seed, i);
    const auto at = static_cast<double>(row);
    const bool is_changed = name == "abrupt"
                                ? row >= change
                                : name == "gradual" && uniform_of(seed, 8) < (at - change + slowly) / (2 * slowly);
    const auto noise = uniform_of(seed, 6);
    const auto label = noise < 0.05 ? std::string(1, "abc"[static_cast<std::size_t>(uniform_of(seed, 7) * 3)])
                       : is_changed ? x[3] < 0.5   ? x[4] < 0.3 ? "c" : "a"
                                      : x[1] < 0.7 ? "b"
                                                   : "a"
                       : x[0] < 0.4 ? x[1] < 0.5 ? "a" : "b"
                       : x[2] < 0.6 ? "b"
                                    : "c";
    const auto exact = is_changed ? 3 - 8 * x[3] + 20 * (x[4] - 0.5) * (x[4] - 0.5)
                                  : 10 * x[0] + 6 * std::sin(std::numbers::pi * x[1]) * x[2];
    made.rows.insert(made.rows.end(), x.begin(), x.end());
    made.labels.push_back(label);
    made.truth.push_back(exact + noise - 0.5);
  }
  return made;
}

} // namespace weir::models::online::test
