#include "steps/kinds.hpp"

#include <array>

namespace weir::steps {

namespace {

constexpr std::array transform_kinds{&filter, &derive, &encode, &one_hot, &bin,      &drop_null, &impute, &rename,
                                     &drop,   &cast,   &scale,  &clip,    &validate, &sample,    &dedupe};
constexpr std::array window_kinds{&rolling, &tumbling, &hopping, &session};
constexpr std::array aggregate_kinds{&mean, &sum, &min, &max, &count, &stddev, &range};
constexpr std::array inference_kinds{
    &model,
    &sgd_regressor,
    &sgd_classifier,
    &passive_aggressive_regressor,
    &passive_aggressive_classifier,
    &recursive_least_squares,
    &kernel_recursive_least_squares,
    &gaussian_nb,
    &hoeffding_tree_classifier,
    &hoeffding_tree_regressor,
    &adaptive_random_forest_classifier,
    &adaptive_random_forest_regressor,
};
constexpr std::array detector_kinds{
    &automatic,
    &zscore,
    &moving_average,
    &threshold,
    &ewma,
    &robust_zscore,
    &iqr,
    &spike,
    &level_shift,
    &cusum,
    &holt_winters,
    &seasonal,
    &relative_entropy,
    &spectral_residual,
    &flat_line,
    &missing,
    &gap,
    &late,
    &silence,
    &rate,
    &schema_change,
    &rule,
    &new_category,
    &half_space_trees,
    &isolation_forest,
    &random_cut_forest,
    &k_nearest_neighbours,
    &one_class_svm,
};
constexpr std::array drift_kinds{&adwin,     &ddm, &eddm, &hddm_a, &hddm_w, &page_hinkley, &kswin, &estimated_accuracy,
                                 &data_drift};

} // namespace

const config::step_family& transforms() {
  static constexpr config::step_family family{"preprocess", "preprocess step", "cleans and derives, record by record",
                                              transform_kinds};
  return family;
}

const config::step_family& windows() {
  static constexpr config::step_family family{
      "aggregate", "aggregate", "statistics over the records of a key, or over the whole cluster", window_kinds};
  return family;
}

std::span<const aggregate_kind* const> aggregates() {
  return aggregate_kinds;
}

const config::step_family& inferences() {
  static constexpr config::step_family family{
      "infer", "inference", "scores records with models: trained ones, and such as learn on", inference_kinds};
  return family;
}

const config::step_family& detectors() {
  static constexpr config::step_family family{"detect", "detector", "watches values for anomalies", detector_kinds};
  return family;
}

const config::step_family& drifts() {
  static constexpr config::step_family family{
      "drift", "drift detector", "tells that a stream has changed: its values, or the errors of a model", drift_kinds};
  return family;
}

} // namespace weir::steps
