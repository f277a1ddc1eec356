#pragma once

#include "models/online/linear_weights.hpp"
#include "models/online/tree_units.hpp"
#include "models/online/weighted_moments.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::models::online {

/// What a leaf of a regression tree looks like: its own, a sum of the inputs that it fits (where it has one), for each
/// input that it observes a table of values with the moments of their truths, and which inputs these are. In words of
/// eight bytes.
struct value_layout {
  std::size_t inputs = 0;
  std::size_t values = 0;   ///< that a table holds at most, 2 at least
  bool has_model = false;   ///< the leaf fits a sum of the inputs
  std::size_t observed = 0; ///< inputs that a leaf looks at, chosen for it, which it names then; 0: all

  struct leaf {
    std::uint64_t is_active; ///< it observes its inputs
    weighted_moments truth;
    double last_attempt; ///< weight at the last attempt to split it
    double mean_error;   ///< faded squared error of the mean
    double model_error;  ///< of the sum
  };
  /// Of truths whose input, rounded, is `value`.
  struct entry {
    double value;
    weighted_moments truth;
  };

  std::size_t observed_inputs() const noexcept { return observed == 0 ? inputs : observed; }
  std::size_t model_words() const noexcept { return has_model ? linear_weights::size(inputs, false) : 0; }
  std::size_t table_words() const noexcept { return 1 + values * (sizeof(entry) / 8); }
  std::size_t leaf_words() const noexcept {
    return sizeof(leaf) / 8 + model_words() + observed_inputs() * table_words() + observed;
  }
};

/// A view of a leaf.
class value_leaf {
public:
  value_leaf(double* words, const value_layout& layout) noexcept : words_{words}, layout_{&layout} {}

  value_layout::leaf& own() noexcept { return *reinterpret_cast<value_layout::leaf*>(words_); }
  /// @pre it has one
  linear_weights& model() noexcept { return *reinterpret_cast<linear_weights*>(words_ + own_words); }

  /// The i-th input that it observes.
  std::size_t input(std::size_t i) noexcept {
    return layout_->observed == 0 ? i : static_cast<std::size_t>(chosen()[i]);
  }
  /// Its values, ascending.
  std::span<value_layout::entry> table(std::size_t i) noexcept { return {entries(i), count(i)}; }

  /// The entry of the i-th input where a rounded value belongs: the one that has it; a new one would stand there, if
  /// there is room; else the nearest.
  struct place {
    std::size_t index;
    bool is_new;
  };
  place find(std::size_t i, double value) noexcept;
  /// Makes room for a new entry. @pre find() has said so
  value_layout::entry& insert(std::size_t i, std::size_t index, double value) noexcept;

  /// As if it had seen nothing. @param seed of the inputs that are chosen for it, where it does not observe all
  void clear(std::uint64_t seed) noexcept;
  /// Forgets what it has observed of its inputs.
  void forget_inputs() noexcept;
  /// Forgets that, and observes other inputs from now on, where it does not observe all.
  void restart(std::uint64_t seed) noexcept;

private:
  static constexpr std::size_t own_words = sizeof(value_layout::leaf) / 8;

  double* table_begin(std::size_t i) noexcept {
    return words_ + own_words + layout_->model_words() + i * layout_->table_words();
  }
  std::uint64_t& count(std::size_t i) noexcept { return *reinterpret_cast<std::uint64_t*>(table_begin(i)); }
  value_layout::entry* entries(std::size_t i) noexcept {
    return reinterpret_cast<value_layout::entry*>(table_begin(i) + 1);
  }
  std::uint64_t* chosen() noexcept {
    return reinterpret_cast<std::uint64_t*>(words_ + layout_->leaf_words() - layout_->observed);
  }

  double* words_;
  const value_layout* layout_;
};

/// Whether what begins at a word of a state can be a leaf.
bool is_value_leaf(std::span<const std::byte> state, std::size_t begin, const value_layout& layout);

} // namespace weir::models::online
