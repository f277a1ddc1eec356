#pragma once

#include "models/kinds/training_option.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir::models {

/// Values of an option, between two bounds.
struct option_range {
  double from = 0;
  double to = 0;
  bool is_log = false;   ///< as likely between 0.01 and 0.1 as between 0.1 and 1
  bool is_whole = false; ///< both bounds are among them
};

/// What a search may choose for an option.
struct option_choice {
  std::string name;
  std::vector<std::string> values;     ///< one of these, as they are written
  std::optional<option_range> range{}; ///< or one of this
};

/// How many combinations there are, or the most that can be said. @pre no choice is a range
std::size_t grid_size(std::span<const option_choice> choices) noexcept;

/// All combinations; the last option changes first. @pre no choice is a range, all have values
std::vector<option_texts> grid_of(std::span<const option_choice> choices);

/// Combinations drawn at random (Bergstra and Bengio 2012), less what was drawn before. The same seed draws the same.
std::vector<option_texts> draw_options(std::span<const option_choice> choices, std::size_t trials, std::uint64_t seed);

} // namespace weir::models
