#pragma once

#include "models/online/class_list.hpp"
#include "models/online/linear_weights.hpp"
#include "models/online/standard_scaler.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace weir::models::online {

/// What the state of a linear model looks like: a head, the scaler, and for each class (of a regressor: one) the label,
/// where it was found, and the weights. All in words of eight bytes.
struct linear_layout {
  std::size_t inputs = 0;
  bool standardize = true;
  bool has_l1 = false;
  bool has_labels = false;

  struct head {
    std::uint64_t seen;    ///< rows that the scaler has learned
    std::uint64_t classes; ///< that were found; 0 where they are given
  };
  static constexpr std::size_t head_words = 2;

  std::size_t scaler_words() const noexcept { return standardize ? inputs * standard_scaler::numbers_per_input : 0; }
  std::size_t label_words() const noexcept { return has_labels ? class_list::slot_words : 0; }
  std::size_t class_words() const noexcept { return label_words() + linear_weights::size(inputs, has_l1); }
  std::size_t bytes(std::size_t classes) const noexcept {
    return (head_words + scaler_words() + classes * class_words()) * sizeof(double);
  }
  std::size_t class_begin(std::size_t index) const noexcept {
    return head_words + scaler_words() + index * class_words();
  }
};

/// A view of such a state.
class linear_state {
public:
  linear_state(std::span<std::byte> bytes, const linear_layout& layout) noexcept :
      words_{reinterpret_cast<double*>(bytes.data())}, layout_{layout} {}

  linear_layout::head& head() noexcept { return *reinterpret_cast<linear_layout::head*>(words_); }
  standard_scaler scaler() noexcept { return {words_ + linear_layout::head_words, layout_.inputs}; }
  class_list::slot& slot(std::size_t index) noexcept {
    return *reinterpret_cast<class_list::slot*>(words_ + layout_.class_begin(index));
  }
  linear_weights& weights(std::size_t index) noexcept {
    return *reinterpret_cast<linear_weights*>(words_ + layout_.class_begin(index) + layout_.label_words());
  }

  /// The inputs as the weights take them: in place, or in `scratch`.
  const double* scaled(const double* row, double* scratch) noexcept {
    if (!layout_.standardize)
      return row;
    scaler().transform(row, scratch);
    return scratch;
  }

  /// The scaler learns a row, if there is one. False: it cannot. @param scratch twice as many as inputs
  bool learn_scale(const double* row, double* scratch) noexcept {
    auto& at = head();
    if (layout_.standardize && !scaler().learn(row, at.seen, scratch))
      return false;
    ++at.seen;
    return true;
  }

private:
  double* words_;
  linear_layout layout_;
};

/// Whether all numbers of `classes` classes are finite, and all labels can be such.
inline bool holds_finite_numbers(std::span<const std::byte> bytes, const linear_layout& layout,
                                 std::size_t classes) noexcept {
  const auto is_finite = [&](std::size_t begin, std::size_t end) {
    for (auto at = begin; at < end; ++at) {
      double number = 0;
      std::memcpy(&number, bytes.data() + at * sizeof number, sizeof number);
      if (!std::isfinite(number))
        return false;
    }
    return true;
  };
  if (!is_finite(linear_layout::head_words, layout.class_begin(0)))
    return false;
  for (std::size_t i = 0; i < classes; ++i) {
    const auto begin = layout.class_begin(i) + layout.label_words();
    if (!is_finite(begin + 1, layout.class_begin(i + 1))) // the first word of the weights is a count
      return false;
    class_list::slot label{};
    if (layout.has_labels)
      std::memcpy(&label, bytes.data() + layout.class_begin(i) * sizeof(double), sizeof label);
    if (!label.valid())
      return false;
  }
  return true;
}

} // namespace weir::models::online
