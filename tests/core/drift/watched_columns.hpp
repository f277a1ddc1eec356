#pragma once

#include "core/drift/column_monitor.hpp"

#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <span>
#include <string>

namespace weir::core {

/// What is drawn of a distribution.
using draw = std::function<double(std::mt19937_64&)>;

inline constexpr drift_method all_methods[]{drift_method::population_stability_index,
                                            drift_method::kolmogorov_smirnov,
                                            drift_method::wasserstein_distance,
                                            drift_method::jensen_shannon,
                                            drift_method::chi_square,
                                            drift_method::welch,
                                            drift_method::variance_ratio,
                                            drift_method::nulls};

inline const std::map<std::string, draw>& distributions() {
  static const std::map<std::string, draw> all{
      {"normal", [](auto& random) { return std::normal_distribution<double>{}(random); }},
      {"log-normal", [](auto& random) { return std::lognormal_distribution<double>{}(random); }},
      {"poisson", [](auto& random) { return static_cast<double>(std::poisson_distribution<int>{3}(random)); }},
      {"categories",
       [](auto& random) {
         return static_cast<double>(std::discrete_distribution<int>{50, 25, 12, 6, 4, 2, 1}(random));
       }},
  };
  return all;
}

inline bool is_text(const std::string& name) {
  return name == "categories";
}

inline std::span<const drift_method> default_methods(const std::string& name) {
  return is_text(name) ? std::span<const drift_method>{default_text_methods}
                       : std::span<const drift_method>{default_number_methods};
}

inline column_monitor monitor_of(const std::string& name, const monitor_options& options) {
  return is_text(name) ? column_monitor::of_texts(options) : column_monitor::of_numbers(options);
}

inline void add(column_monitor& to, double value) {
  if (auto* const texts = to.texts())
    texts->add("category " + std::to_string(static_cast<int>(value)), to.options());
  else
    to.numbers()->add(value, to.options());
}

inline void add_null(column_monitor& to) {
  if (auto* const texts = to.texts())
    texts->add_null(to.options());
  else
    to.numbers()->add_null(to.options());
}

/// So many records, one in twenty of them null.
inline void fill(column_monitor& to, std::size_t records, const draw& from, std::mt19937_64& random) {
  for (std::size_t i = 0; i < records; ++i) {
    if (random() % 20 == 0)
      add_null(to);
    else
      add(to, from(random));
  }
}

inline column_monitor watching(const std::string& name, std::mt19937_64& random, monitor_options options = {}) {
  auto made = monitor_of(name, options);
  fill(made, options.baseline_size, distributions().at(name), random);
  EXPECT_TRUE(made.is_watching());
  return made;
}

inline std::string bytes_of(const column_monitor& of) {
  std::string bytes;
  of.encode(bytes);
  return bytes;
}

} // namespace weir::core
