#pragma once

#include "core/base/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace weir::models {

/// What a model learns in place of its target, as with scikit-learn's TransformedTargetRegressor. What it predicts is
/// brought back: predictions and measures have the target's own scale.
enum class target_transform : std::uint8_t {
  none,
  log,         ///< of targets above 0
  log1p,       ///< ln(1 + y), of targets above -1
  sqrt,        ///< of targets from 0 on
  standardize, ///< mean 0, deviation 1, of the rows that learn
};

inline constexpr std::array<std::pair<std::string_view, target_transform>, 5> target_transform_words{
    {{"none", target_transform::none},
     {"log", target_transform::log},
     {"log1p", target_transform::log1p},
     {"sqrt", target_transform::sqrt},
     {"standardize", target_transform::standardize}}};

inline std::span<const std::pair<std::string_view, target_transform>> words_for(std::type_identity<target_transform>) {
  return target_transform_words;
}

std::string_view name_of(target_transform of) noexcept;

/// A transform as it was learned: y -> f((y - centre) / scale), whose inverse is f^-1(z) * scale + centre.
struct fitted_transform {
  target_transform by = target_transform::none;
  double centre = 0; ///< of standardize
  double scale = 1;
};

/// Transforms targets in place. Fails where one has no such value; then the targets are as they were. Targets of one
/// value have the scale 1.
core::result<fitted_transform> transform_targets(target_transform by, std::vector<double>& targets);

/// The target that has this value.
double original_of(const fitted_transform& of, double transformed) noexcept;

} // namespace weir::models
