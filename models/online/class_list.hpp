#pragma once

#include "models/online/learner.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::models::online {

/// The classes of a classifier: labels that are given, or those that come, `most` of them at most, which stand in the
/// state then.
class class_list {
public:
  explicit class_list(std::vector<std::string> given) : given_{std::move(given)}, most_{given_.size()} {}
  explicit class_list(std::size_t most) : most_{most} {}

  bool is_given() const noexcept { return !given_.empty(); }
  std::size_t most() const noexcept { return most_; }

  /// A label in the state: its length and its bytes.
  struct slot {
    std::uint8_t size;
    char text[max_label_bytes];

    std::string_view label() const noexcept { return {text, size}; }
    void set(std::string_view label) noexcept {
      size = static_cast<std::uint8_t>(label.size());
      std::memcpy(text, label.data(), label.size());
    }
    bool valid() const noexcept {
      return size <= max_label_bytes && std::all_of(text + size, std::end(text), [](char c) { return c == 0; });
    }
  };
  static constexpr std::size_t slot_words = sizeof(slot) / sizeof(double);
  static_assert(sizeof(slot) % sizeof(double) == 0);

  /// Of no class.
  static constexpr auto none = std::numeric_limits<std::size_t>::max();

  /// Which class a label is. One that is new among those that come: as many as were found; none of those given: none.
  /// @param slot_at the slots of those that were found, by their index
  template <class SlotAt>
  std::size_t index_of(std::string_view label, std::size_t found, SlotAt slot_at) const noexcept {
    if (is_given()) {
      const auto at = std::find(given_.begin(), given_.end(), label);
      return at == given_.end() ? none : static_cast<std::size_t>(at - given_.begin());
    }
    std::size_t i = 0;
    while (i < found && slot_at(i).label() != label)
      ++i;
    return i;
  }

  /// @pre the labels are given
  std::string_view given(std::size_t index) const noexcept { return given_[index]; }

private:
  std::vector<std::string> given_;
  std::size_t most_;
};

} // namespace weir::models::online
