#pragma once

#include "core/base/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::models {

/// What stands for a missing value, as in scikit-learn's SimpleImputer.
enum class imputation_strategy : std::uint8_t {
  mean,
  median,
  most_frequent, ///< of several the least
  constant,
};

inline constexpr std::array<std::pair<std::string_view, imputation_strategy>, 3> imputation_words{
    {{"mean", imputation_strategy::mean},
     {"median", imputation_strategy::median},
     {"most_frequent", imputation_strategy::most_frequent}}};

/// What stands for the missing values of a feature; it is learned from the rows that learn.
struct imputation {
  std::string feature; ///< empty: all that no other one names; texts among them get the most frequent one
  imputation_strategy by = imputation_strategy::median;
  double value = 0; ///< of a constant

  /// For a text, of which there is no mean.
  bool suits_texts() const noexcept { return feature.empty() || by == imputation_strategy::most_frequent; }
};

/// Of each feature one at most.
using imputations = std::vector<imputation>;

/// That of a feature; null: rows in which it is missing do not learn.
const imputation* find_imputation(const imputations& among, std::string_view feature) noexcept;

/// `mean`, `median`, `most_frequent` or a number.
core::result<imputation> read_imputation(std::string feature, std::string_view text);

/// `median`, of all features; or `Age:median,Rooms:0`.
core::result<imputations> read_imputations(std::string_view text);

/// As read_imputations() reads it.
std::string text_of(const imputations& of);

/// What stands for those of the values that are NaN, as a float holds it; NaN where all of them are, and no constant is
/// given. @param are_codes of texts: `by` is the most frequent one
double fill_of(const imputation& of, std::span<const double> values, bool are_codes);

} // namespace weir::models
