#pragma once

#include "core/keyed/keyed_operator.hpp"

#include <cstdint>
#include <optional>

namespace weir::models {

// What watches values for anomalies. A detector is a keyed operator that gives each record a score and a flag; it takes
// one or more input columns, may remember something for each key, and is shared by all lanes. A new one is a class in a
// file of its own, a factory here, and its name in the configuration.
//
// The score of a record is taken before the record enters what the detector remembers. A missing value has no score, no
// flag and enters nothing.

using detector_ptr = core::keyed_operator_ptr;

/// (x - mean) / sd over all previous values of the key; the population's sd, by Welford's method. 0 while there are
/// fewer than `min_count` previous values or sd = 0. Anomalous where |score| > threshold.
struct zscore_options {
  double threshold = 3;
  std::uint32_t min_count = 5;
};
detector_ptr make_zscore(zscore_options options);

/// The same over the previous `last` values only.
struct moving_average_options {
  double threshold = 3;
  std::uint32_t min_count = 5;
  std::uint32_t last = 20; ///< > 0
};
detector_ptr make_moving_average(moving_average_options options);

/// Anomalous where the value is > above or < below. The score is by how much, 0 within the bounds.
struct threshold_options {
  std::optional<double> above;
  std::optional<double> below;
};
detector_ptr make_threshold(threshold_options options);

} // namespace weir::models
