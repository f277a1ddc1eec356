#pragma once

#include "models/online/standard_scaler.hpp"
#include "models/online/tree_units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::models::online {

/// The inputs of a tree as they are, or standardized by what stands in the state.
class scaled_inputs {
public:
  scaled_inputs(std::size_t inputs, bool standardize) noexcept : inputs_{inputs}, standardize_{standardize} {}

  std::size_t inputs() const noexcept { return inputs_; }
  /// Words of state.
  std::size_t words() const noexcept { return standardize_ ? inputs_ * standard_scaler::numbers_per_input : 0; }
  std::size_t scratch_size() const noexcept { return standardize_ ? 2 * inputs_ : 0; }

  /// A row as the trees take it: in place, or in `scratch`.
  const double* of(double* state, const double* row, double* scratch) const noexcept {
    if (!standardize_)
      return row;
    standard_scaler{state, inputs_}.transform(row, scratch);
    return scratch;
  }

  /// False, and nothing is learned: a number would not be finite. @param seen rows so far
  bool learn(double* state, std::uint64_t seen, const double* row, double* scratch) const noexcept {
    return !standardize_ || standard_scaler{state, inputs_}.learn(row, seen, scratch);
  }

  /// Whether all numbers are finite. @param begin first word
  bool valid(std::span<const std::byte> state, std::size_t begin) const noexcept {
    unsigned wrong = 0;
    for (std::size_t i = 0; i < words(); ++i)
      wrong |= is_wrong(read_words<double>(state, begin + i));
    return wrong == 0;
  }

private:
  std::size_t inputs_;
  bool standardize_;
};

} // namespace weir::models::online
