#pragma once

#include "config/kind.hpp"
#include "core/keyed/rolling.hpp"

#include <span>
#include <string_view>

// All kinds of step. A kind is one file, one line here and one in the table of kinds.cpp. No macro, no static
// registration: the linker cannot lose one, and the order is the order of `weir list`.

namespace weir::steps {

// preprocess: steps/transform
extern const config::step_kind filter;
extern const config::step_kind derive;
extern const config::step_kind encode;
extern const config::step_kind one_hot;
extern const config::step_kind bin;
extern const config::step_kind drop_null;
extern const config::step_kind impute;
extern const config::step_kind drop;
extern const config::step_kind clip;
extern const config::step_kind validate;
extern const config::step_kind sample;
extern const config::step_kind rename;
extern const config::step_kind cast;
extern const config::step_kind scale;
extern const config::step_kind dedupe;

// aggregate: the windows of steps/window, and the statistics of steps/aggregate that they show
extern const config::step_kind rolling;
extern const config::step_kind tumbling;
extern const config::step_kind hopping;
extern const config::step_kind session;

/// A statistic that a window can show.
struct aggregate_kind {
  core::statistic statistic;
  std::string_view help; ///< lower case, no full stop
};
extern const aggregate_kind mean;
extern const aggregate_kind sum;
extern const aggregate_kind min;
extern const aggregate_kind max;
extern const aggregate_kind count;
extern const aggregate_kind stddev;
extern const aggregate_kind range;

// infer: steps/infer
extern const config::step_kind model;
extern const config::step_kind sgd_regressor;
extern const config::step_kind sgd_classifier;
extern const config::step_kind passive_aggressive_regressor;
extern const config::step_kind passive_aggressive_classifier;
extern const config::step_kind kernel_recursive_least_squares;
extern const config::step_kind recursive_least_squares;
extern const config::step_kind gaussian_nb;
extern const config::step_kind hoeffding_tree_classifier;
extern const config::step_kind hoeffding_tree_regressor;
extern const config::step_kind adaptive_random_forest_classifier;
extern const config::step_kind adaptive_random_forest_regressor;

// detect: steps/detect
extern const config::step_kind automatic; ///< `auto`
extern const config::step_kind zscore;
extern const config::step_kind moving_average;
extern const config::step_kind threshold;
extern const config::step_kind ewma;
extern const config::step_kind robust_zscore;
extern const config::step_kind iqr;
extern const config::step_kind spike;
extern const config::step_kind level_shift;
extern const config::step_kind cusum;
extern const config::step_kind holt_winters;
extern const config::step_kind seasonal;
extern const config::step_kind relative_entropy;
extern const config::step_kind spectral_residual;
extern const config::step_kind flat_line;
extern const config::step_kind missing;
extern const config::step_kind gap;
extern const config::step_kind late;
extern const config::step_kind silence;
extern const config::step_kind rate;
extern const config::step_kind schema_change;
extern const config::step_kind rule;
extern const config::step_kind new_category;
extern const config::step_kind half_space_trees;
extern const config::step_kind isolation_forest;
extern const config::step_kind random_cut_forest;
extern const config::step_kind k_nearest_neighbours;
extern const config::step_kind one_class_svm;

// drift: steps/drift
extern const config::step_kind adwin;
extern const config::step_kind ddm;
extern const config::step_kind eddm;
extern const config::step_kind hddm_a;
extern const config::step_kind hddm_w;
extern const config::step_kind page_hinkley;
extern const config::step_kind kswin;
extern const config::step_kind estimated_accuracy;
extern const config::step_kind data_drift;

const config::step_family& transforms();
const config::step_family& windows();
std::span<const aggregate_kind* const> aggregates();
const config::step_family& inferences();
const config::step_family& detectors();
const config::step_family& drifts();

} // namespace weir::steps
