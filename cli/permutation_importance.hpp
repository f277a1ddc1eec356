#pragma once

#include "cli/judged_rows.hpp"
#include "models/model.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// How much worse a model is on rows whose values of one feature are shuffled.
struct permuted_feature {
  std::string feature;
  double mean = 0; ///< of what the measure falls by; NaN where it cannot be told
  double sd = 0;   ///< standard deviation of that, over the repeats
};

struct permutation_importances {
  std::string_view measure; ///< `r2`, of a classifier `accuracy`
  double baseline = 0;      ///< the measure of these rows as they are
  std::size_t rows = 0;
  std::size_t repeats = 0;
  std::vector<permuted_feature> features; ///< the largest mean first
};

/// Predictions that importances cost at most, where there are so many features that fewer rows have to do.
inline constexpr std::size_t most_permuted_predictions = 1'000'000;

/// Shuffles each feature of the rows whose features were kept, and measures anew: as scikit-learn's
/// permutation_importance does (Breiman 2001). What a model does not read has 0 exactly. Of features that say the same
/// each may seem to be worth little, as the other one is still there.
/// @param most_rows of the sample @param repeats shuffles of each feature @param random_state the same draws the same
/// @pre repeats > 0; no rows of the sample: there are no features
permutation_importances permute_features(const models::model& of, const judged_rows& rows, std::size_t most_rows,
                                         std::size_t repeats, std::uint64_t random_state);

/// What such an importance is, for a person: `R2 falls by`.
std::string title_of_fall(const permutation_importances& of);

/// What was done, in a sentence.
std::string note_of(const permutation_importances& of);

} // namespace weir::cli
