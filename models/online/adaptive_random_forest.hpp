#pragma once

#include "models/online/class_list.hpp"
#include "models/online/hoeffding_regressor.hpp"
#include "models/online/hoeffding_tree.hpp"
#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// Names and defaults are river's, but for the last.
struct adaptive_random_forest {
  std::uint32_t n_models = 10;    ///< trees that vote; each has a second one behind it after a warning
  std::uint32_t max_features = 0; ///< inputs that a leaf looks at, chosen at random; 0: the square root of all, rounded
  double lambda_value = 6;        ///< mean of the Poisson distribution that says how often a tree learns a row
  double drift_delta = 0.001;     ///< of the ADWIN whose alarm puts the tree behind in a tree's place
  double warning_delta = 0.01;    ///< of the ADWIN whose alarm lets a tree begin behind it
  std::uint32_t seed = 1;         ///< of all that is random: the same rows make the same forest
};

/// Of a forest's trees, which learn faster than one that stands alone.
inline constexpr hoeffding_tree tree_of_forest{.grace_period = 50, .delta = 0.01, .max_leaves = 64};
inline constexpr hoeffding_regression regression_tree_of_forest{
    .grace_period = 50, .delta = 0.01, .max_values = 32, .max_leaves = 128};

/// Hoeffding trees that each learn rows and inputs of their own, and are replaced when they have become worse (Gomes et
/// al. 2017). They vote with their shares of the classes, weighted by how often each was right: river's ARFClassifier.
/// @param inputs 1 at least  @param classes two at least, or found as they come
learner_ptr adaptive_random_forest_classifier(std::size_t inputs, class_list classes, const adaptive_random_forest& how,
                                              const hoeffding_tree& trees);

/// How the trees of a regressor become one number.
enum class forest_aggregation : std::uint8_t { mean, median };

/// The same of numbers (Gomes et al. 2018), where a change of the errors' mean tells that a tree has become worse:
/// river's ARFRegressor. A tree that has learned nothing says nothing.
/// @param standardize inputs are taken to mean 0 and variance 1 as they come
learner_ptr adaptive_random_forest_regressor(std::size_t inputs, bool standardize, const adaptive_random_forest& how,
                                             forest_aggregation aggregation, const hoeffding_regression& trees);

/// Inputs that a leaf looks at.
std::size_t features_of(const adaptive_random_forest& how, std::size_t inputs) noexcept;

} // namespace weir::models::online
