#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace weir::models {

/// Sets of whole numbers from 0 on, each of which is in the next one. A number becomes a code: how many of the sets it
/// is not in. It is in set i where its code is at most i.
struct nested_sets {
  std::vector<std::uint16_t> codes; ///< by number; of the last one, and of what is no such number: that of none
  std::size_t count = 0;            ///< of sets

  std::uint16_t code_of(std::size_t number) const noexcept {
    return codes[number < codes.size() ? number : codes.size() - 1];
  }
};

/// Deals sets out into chains of nested ones: so many tests of membership become few comparisons.
class set_chains {
public:
  /// Where a set stands.
  struct place {
    std::size_t chain = 0;
    std::size_t index = 0;
  };

  /// The largest number of a set.
  static constexpr double most = 65'534;

  /// @param sets each ascending. Nothing where one of them has something else than such numbers.
  static std::optional<set_chains> make(std::vector<std::vector<double>> sets);

  /// @pre it is one of the sets
  place find(const std::vector<double>& set) const { return places_.at(set); }

  const std::vector<nested_sets>& chains() const noexcept { return chains_; }

private:
  std::map<std::vector<double>, place> places_;
  std::vector<nested_sets> chains_;
};

} // namespace weir::models
