#pragma once

#include "models/online/outlier_learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

struct nearest_neighbours_options {
  std::uint32_t n_neighbors = 10;       ///< of the window, whose distances are averaged; half of window_size at most
  std::uint32_t window_size = 256;      ///< the latest rows, among which neighbours are looked for; 8 at least
  std::uint32_t calibration_size = 256; ///< the latest distances, by which one is judged; 8 at least
};

inline constexpr std::uint32_t max_neighbours_window = 65536;

/// Conformal anomaly detection by nearest neighbours (Burnaev and Ishimtsev 2016): the mean distance of a row to its
/// nearest ones among the latest rows, and how many of the latest distances were as large. Distances are Euclid's over
/// inputs divided by their standard deviations in the window, which are found again each eighth of it; another value of
/// an input that was always the same is very far away.
///
/// The score is 1 - p, where p is the share of distances that are as large, the row's own with them: where nothing
/// changes 1 row of 100 has more than 0.99. Of a row that is farther than all, p is that of the farthest times how much
/// nearer that one is: so rows beyond all that was seen differ too.
///
/// Warms up for window_size and calibration_size rows. State: the rows of the window and the distances. A row costs as
/// much as its distances to all of the window. Never fails; options out of their ranges are taken to them.
/// @param inputs 1 at least
outlier_learner_ptr k_nearest_neighbours(std::size_t inputs, const nearest_neighbours_options& how);

} // namespace weir::models::online
