#pragma once

#include "models/online/adaptive_random_forest.hpp"
#include "models/online/class_tree.hpp"
#include "models/online/random_forest_state.hpp"
#include "models/seeds.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace weir::models::online {

/// How the members of a forest learn and are replaced, whatever their trees are. Immutable.
class forest_growth {
public:
  explicit forest_growth(const adaptive_random_forest& how);

  /// A member learns a row as often as chance says. @param signal double(): of what the mean is watched; asked once at
  /// most  @param learn tree_step(root, unit, weight, seed), as of a tree  @returns whether the tree that votes could
  template <class Signal, class Learn>
  bool learn(forest_state& at, std::size_t i, Signal signal, Learn learn) const {
    auto& member = at.member(i);
    const auto seed = seed_of(seed_of(seed_, i), static_cast<std::size_t>(at.head().rows));
    const auto weight = times(seed);
    if (weight == 0)
      return true;
    if (member.has_background != 0)
      grow(at, at.background(i), weight, seed_of(seed, 1), learn);
    const bool is_learned = grow(at, at.front(i), weight, seed_of(seed, 2), learn);
    watch(at, i, signal());
    return is_learned;
  }

private:
  template <class Learn>
  static bool grow(forest_state& at, std::size_t tree, double weight, std::uint64_t seed, Learn learn) {
    const auto unit = at.unit_for(tree);
    const auto step = learn(forest_state::root_of(at.tree(tree)), unit, weight, seed);
    if (step.has_grown)
      at.give(tree, *unit);
    return step.is_learned;
  }

  /// A number of the Poisson distribution.
  double times(std::uint64_t seed) const noexcept;
  void watch(forest_state& at, std::size_t i, double signal) const noexcept;

  std::uint64_t seed_;
  core::adwin_options warning_;
  core::adwin_options drift_;
  std::vector<double> at_most_; ///< how probable each number or a smaller one is
};

} // namespace weir::models::online
