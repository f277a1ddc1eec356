#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace weir::models::online {

/// The longest label of a class, in bytes.
inline constexpr std::size_t max_label_bytes = 63;

/// A part of a state, in bytes.
struct state_range {
  std::size_t offset = 0;
  std::size_t size = 0;

  bool operator==(const state_range&) const = default;
};

/// Rows that a learner is tested with and learns from, one by one, in this order. A regressor has to do with `truth`
/// and `predicted`, a classifier with the labels and probabilities, an outlier_learner with `predicted` alone, and
/// learns every row.
struct example_block {
  std::size_t rows = 0;
  const double* inputs = nullptr;              ///< row by row; all are finite
  const double* truth = nullptr;               ///< finite, or NaN: not known
  const std::string_view* labels = nullptr;    ///< of max_label_bytes at most; no data(): not known
  double* predicted = nullptr;                 ///< NaN: none
  std::string_view* chosen = nullptr;          ///< no data(): none. Good until the state is changed or moved
  double* probabilities = nullptr;             ///< NaN: none
  const std::uint8_t* unlearn = nullptr;       ///< 1: the row is un-learned, not learned; null: none is. See unlearns()
  double* scratch = nullptr;                   ///< learner::scratch_size() of them
  std::vector<state_range>* changed = nullptr; ///< gets what of the state was written, if tells_changes()
};

/// What run() has done.
struct progress {
  std::size_t rows = 0; ///< from the front of the block
  std::uint64_t learned = 0;
  std::uint64_t refused = 0; ///< rows whose step was not made, because the model would hold a number that is not finite
  std::uint64_t unlearned = 0;
  std::uint64_t kept = 0; ///< rows that could not be un-learned: nothing was changed
  std::size_t wanted = 0; ///< bytes that the state must have before the next row; 0: enough
};

/// A model that learns on: how, not what it has learned. That is the state, plain bytes that the caller owns, all zero
/// at first; they may be copied. Immutable.
class learner {
public:
  virtual ~learner() = default;

  /// Bytes of a state that has learned nothing, and the most that one can have.
  virtual std::size_t first_size() const noexcept = 0;
  virtual std::size_t most_size() const noexcept { return first_size(); }

  /// Numbers of scratch that run() needs.
  virtual std::size_t scratch_size() const noexcept = 0;

  /// Whether run() says which parts of the state it writes: where that is large, and a row is learned by little of it.
  virtual bool tells_changes() const noexcept { return false; }

  /// Whether it can be made as if it had never learned a row, up to rounding; example_block::unlearn is for these.
  virtual bool unlearns() const noexcept { return false; }

  /// Whether bytes can be a state that run() has left.
  virtual bool valid(std::span<const std::byte> state) const noexcept = 0;

  /// For each row: predicts with what was learned from the rows before, then learns from it if the truth is known. What
  /// comes out does not depend on where blocks end. May stop in front of a row for want of room in the state.
  /// @pre state is aligned to 16
  virtual progress run(std::span<std::byte> state, const example_block& block) const = 0;
};

using learner_ptr = std::shared_ptr<const learner>;

} // namespace weir::models::online
