#pragma once

#include "models/online/outlier_learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// Names are scikit-learn's, but for window_size.
struct isolation_forest_options {
  std::uint32_t n_estimators = 100;
  std::uint32_t max_samples = 256;  ///< rows that a tree isolates; max_isolation_samples at most
  std::uint32_t window_size = 2048; ///< the latest rows, from which they are drawn; max_samples at least
  std::uint64_t seed = 1;           ///< of all that is random: the same rows make the same trees
};

inline constexpr std::uint32_t max_isolation_samples = 16384;

/// An isolation forest (Liu, Ting and Zhou 2008) that is never done: each tree is grown anew once in window_size rows,
/// one after the other, from rows drawn without replacement from the latest window_size. So no row pays for all trees,
/// and what came before is forgotten within two windows. The score is 2^(-path / c(max_samples)), with the path lengths
/// and constants of scikit-learn's: 0.5 is a row like any other. All values outside of what a tree has seen have the
/// same path, so what is outside of the ranges of the latest window shortens it (renewed_forest).
///
/// Warms up for max_samples rows and, at four trees a row, until each has been grown. State: the rows of the window and
/// 16 bytes for each of up to 2 * max_samples - 1 nodes of a tree. Never fails; options out of their ranges are taken
/// to them.
/// @param inputs 1 to 65535
outlier_learner_ptr isolation_forest(std::size_t inputs, const isolation_forest_options& how);

} // namespace weir::models::online
