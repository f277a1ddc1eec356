#pragma once

#include "models/kinds/model_kind.hpp"
#include "models/trees/forest_trainer.hpp"

#include <array>
#include <string_view>

namespace weir::models::detail {

/// What the trainers of forests have in common.
inline constexpr std::array forest_training_options{
    option<&forest_options::n_estimators>("n_estimators", "number of trees"),
    option<&forest_options::max_depth>("max_depth", "of a tree; 0: no limit"),
    option<&forest_options::max_leaf_nodes>("max_leaf_nodes", "of a tree, the best splits first; 0: no limit"),
    option<&forest_options::min_samples_split>("min_samples_split", "least rows of a node that is split"),
    option<&forest_options::min_samples_leaf>("min_samples_leaf", "least rows of a leaf"),
    option<&forest_options::max_features>(
        "max_features",
        "share of the features that a split is chosen among, 'sqrt' or 'log2'; default 1, of classes 'sqrt'"),
    option<&forest_options::max_bins>("max_bins", "of a feature: between them splits are chosen"),
    option<&forest_options::class_weight>(
        "class_weight",
        "balanced: classes count alike, however many rows they have; or weights of their labels: yes:3,no:1"),
};

inline constexpr std::array<std::string_view, 2> tree_operators{"TreeEnsembleRegressor", "TreeEnsembleClassifier"};

/// Learns a forest and writes it.
core::result<trained_model> train_forest_file(const training_data& data, forest_options how);

} // namespace weir::models::detail
