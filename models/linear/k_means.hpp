#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::models {

/// Named as in scikit-learn's KMeans, with its defaults. There is no tol: it ends when no row changes its cluster.
struct k_means_options {
  std::size_t n_clusters = 8;
  std::size_t n_init = 1;     ///< of so many runs the best is taken
  std::size_t max_iter = 300; ///< of a run
  std::uint64_t random_state = 0;
  std::size_t threads = 0; ///< 0: one for each core; the clusters are the same whatever it is
};

struct clusters {
  std::vector<std::vector<double>> centres; ///< of each cluster, by feature
  double inertia = 0;                       ///< sum of the rows' weights times their squared distances to the nearest
};

/// k-means (Lloyd 1982) from centres that are drawn by the greedy k-means++ (Arthur and Vassilvitskii 2007). A target
/// is not looked at. Fails when check() does, a value is missing, an option is out of its range, or there are fewer
/// rows than clusters.
core::result<clusters> fit_k_means(const training_data& data, const k_means_options& options);

} // namespace weir::models
