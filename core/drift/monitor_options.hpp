#pragma once

#include <cstdint>

namespace weir::core {

/// Where the values come from that windows are compared with.
enum class drift_baseline : std::uint8_t {
  first,   ///< the first records
  given,   ///< somebody has them, such as a model's training
  sliding, ///< the window before; at first the first records
};

enum class bin_rule : std::uint8_t {
  quantile, ///< bins with as many values each
  width,    ///< bins of one width between the least and the largest value
};

/// How a column is watched.
struct monitor_options {
  drift_baseline baseline = drift_baseline::first;
  /// Records that make the baseline, 100 at least. The first quarter of them chooses bins or categories, the others are
  /// counted in them: what is chosen and counted by the same values is further from new values than chance has it.
  std::uint64_t baseline_size = 1000;
  bin_rule binning = bin_rule::quantile;
  std::uint32_t bins = 10; ///< 2 to number_monitor::max_bins
  bool has_sketch = true;  ///< of numbers: what kolmogorov_smirnov and wasserstein_distance need
  std::uint64_t seed = 0;  ///< of sketches; another one on each lane
};

} // namespace weir::core
