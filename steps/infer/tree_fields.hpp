#pragma once

#include "config/kind.hpp"
#include "models/online/adaptive_random_forest.hpp"
#include "models/online/hoeffding_regressor.hpp"
#include "models/online/hoeffding_tree.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

// The options of trees that learn on, as they stand alone and in forests.

namespace weir::models::online {

constexpr std::array<std::pair<std::string_view, leaf_prediction>, 3> leaf_prediction_words{{
    {"mc", leaf_prediction::mc},
    {"nb", leaf_prediction::nb},
    {"nba", leaf_prediction::nba},
}};
constexpr config::words<leaf_prediction> words_for(std::type_identity<leaf_prediction>) {
  return leaf_prediction_words;
}

constexpr std::array<std::pair<std::string_view, value_prediction>, 3> value_prediction_words{{
    {"mean", value_prediction::mean},
    {"model", value_prediction::model},
    {"adaptive", value_prediction::adaptive},
}};
constexpr config::words<value_prediction> words_for(std::type_identity<value_prediction>) {
  return value_prediction_words;
}

} // namespace weir::models::online

namespace weir::steps {

namespace tree_help {
inline constexpr std::string_view grace_period = "records of a leaf between attempts to split it";
inline constexpr std::string_view delta = "how probable it may be that another split was better";
inline constexpr std::string_view tau = "a Hoeffding bound below this is a tie: then the better one is taken";
inline constexpr std::string_view max_depth = "of a tree; 0: no limit";
inline constexpr std::string_view max_leaves = "of a tree, then no leaf is split any more; river bounds bytes";
} // namespace tree_help

/// @tparam Tree the member of the settings that holds a hoeffding_tree
template <auto Tree>
constexpr std::array class_tree_fields{
    config::field<Tree, &models::online::hoeffding_tree::grace_period>("grace_period", tree_help::grace_period,
                                                                       config::between(1, 1'000'000)),
    config::field<Tree, &models::online::hoeffding_tree::delta>("delta", tree_help::delta,
                                                                config::above(0) | config::between(0, 1)),
    config::field<Tree, &models::online::hoeffding_tree::tau>("tau", tree_help::tau, config::between(0, 1)),
    config::field<Tree, &models::online::hoeffding_tree::leaves>(
        "leaf_prediction", "what a leaf says: mc its majority class, nb naive Bayes, nba whichever of both was "
                           "right more often"),
    config::field<Tree, &models::online::hoeffding_tree::max_depth>("max_depth", tree_help::max_depth,
                                                                    config::between(0, 1000)),
    config::field<Tree, &models::online::hoeffding_tree::n_splits>(
        "n_splits", "thresholds that are tried between the least and the largest value of an input",
        config::between(1, 1000)),
    config::field<Tree, &models::online::hoeffding_tree::max_leaves>("max_leaves", tree_help::max_leaves,
                                                                     config::between(2, 100'000)),
};

/// Of a tree of numbers, with what comes in front of it.
struct value_tree_settings {
  models::online::hoeffding_regression tree{};
  bool standardize = true;
};

/// What the meaning of the state depends on.
inline std::string layout_of(const value_tree_settings& s) {
  return std::string{s.standardize ? "standardized" : "as given"} + ", "
         + (s.tree.leaves == models::online::value_prediction::mean ? "means" : "models") + ", "
         + std::to_string(s.tree.max_values) + " values of " + std::to_string(s.tree.digits) + " digits";
}

/// @tparam Settings the member of the settings that holds value_tree_settings
template <auto Settings>
constexpr std::array value_tree_fields{
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::grace_period>(
        "grace_period", tree_help::grace_period, config::between(1, 1'000'000)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::delta>(
        "delta", tree_help::delta, config::above(0) | config::between(0, 1)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::tau>(
        "tau", tree_help::tau, config::between(0, 1)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::leaves>(
        "leaf_prediction", "what a leaf says: mean that of its truths, model a weighted sum of the inputs, adaptive "
                           "whichever of both had the smaller error of late"),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::model_selector_decay>(
        "model_selector_decay", "what of a squared error is left with each record, where adaptive chooses",
        config::between(0, 1)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::learning_rate>(
        "learning_rate", "length of a step of a leaf's weighted sum", config::above(0)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::min_samples_split>(
        "min_samples_split", "records on either side of a split", config::between(1, 1'000'000)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::max_depth>(
        "max_depth", tree_help::max_depth, config::between(0, 1000)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::digits>(
        "digits", "decimals to which inputs are rounded where splits are looked for", config::between(0, 9)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::max_values>(
        "max_values", "rounded values of an input that a leaf tells apart; more join the nearest",
        config::between(2, 10'000)),
    config::field<Settings, &value_tree_settings::tree, &models::online::hoeffding_regression::max_leaves>(
        "max_leaves", tree_help::max_leaves, config::between(2, 100'000)),
    config::field<Settings, &value_tree_settings::standardize>(
        "standardize", "inputs are taken to mean 0 and variance 1 as they come, as by river's StandardScaler"),
};

/// @tparam Forest the member of the settings that holds an adaptive_random_forest
template <auto Forest>
constexpr std::array forest_fields{
    config::field<Forest, &models::online::adaptive_random_forest::n_models>("n_models", "trees that vote",
                                                                             config::between(1, 1000)),
    config::field<Forest, &models::online::adaptive_random_forest::max_features>(
        "max_features", "inputs that a leaf looks at, chosen at random; 0: the square root of all, rounded",
        config::between(0, 1'000'000)),
    config::field<Forest, &models::online::adaptive_random_forest::lambda_value>(
        "lambda_value", "how often a tree learns a record, on average", config::above(0) | config::between(0, 100)),
    config::field<Forest, &models::online::adaptive_random_forest::drift_delta>(
        "drift_delta", "of the ADWIN that lets a tree go: the smaller, the surer it must be",
        config::above(0) | config::between(0, 1)),
    config::field<Forest, &models::online::adaptive_random_forest::warning_delta>(
        "warning_delta", "of the ADWIN that lets a new tree begin behind one",
        config::above(0) | config::between(0, 1)),
    config::field<Forest, &models::online::adaptive_random_forest::seed>(
        "seed", "of what is random: the same records make the same forest"),
};

/// What the meaning of the state depends on.
inline std::string layout_of(const models::online::adaptive_random_forest& how) {
  return std::to_string(how.n_models) + " trees of " + std::to_string(how.max_features) + " features";
}

} // namespace weir::steps
