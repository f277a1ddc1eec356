#include "models/onnx/tree_file.hpp"

#include "models/onnx/feature_inputs.hpp"
#include "models/onnx/file_writer.hpp"
#include "models/onnx/metadata.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace weir::models {

namespace {

/// Nodes and leaf values. A set becomes a chain of nodes that each test for one value, as LightGBM is exported. Where
/// two classes have one value, that of the second, it has the number 0, as skl2onnx writes it: only then ONNX Runtime
/// adds the base value, and makes the other class of it.
std::vector<attribute> attributes_of(const tree_ensemble& from, bool is_classifier) {
  std::vector<std::int64_t> trees, ids, features, left, right, missing;
  std::vector<float> values, covers;
  std::vector<std::string> modes;
  std::vector<std::int64_t> leaf_trees, leaf_nodes, leaf_ids;
  std::vector<float> weights;
  for (std::size_t t = 0; t < from.trees.size(); ++t) {
    auto next = static_cast<std::int64_t>(from.trees[t].size()); // number of the next node of a chain
    for (std::size_t i = 0; i < from.trees[t].size(); ++i) {
      const auto& one = from.trees[t][i];
      if (one.test == tree_test::member && !one.is_leaf()) {
        const auto& set = from.sets[one.set];
        for (std::size_t k = 0; k < set.size(); ++k) {
          const auto is_last = k + 1 == set.size();
          trees.push_back(static_cast<std::int64_t>(t));
          ids.push_back(k == 0 ? static_cast<std::int64_t>(i) : next++);
          features.push_back(one.feature);
          values.push_back(static_cast<float>(set[k]));
          modes.emplace_back("BRANCH_EQ");
          left.push_back(one.left);
          right.push_back(is_last ? static_cast<std::int64_t>(one.right) : next);
          missing.push_back(one.missing_goes_left ? 1 : 0);
          if (!from.covers.empty())
            covers.push_back(from.covers[t][i]);
        }
        continue;
      }
      if (!from.covers.empty())
        covers.push_back(from.covers[t][i]);
      trees.push_back(static_cast<std::int64_t>(t));
      ids.push_back(static_cast<std::int64_t>(i));
      features.push_back(one.feature);
      values.push_back(static_cast<float>(one.threshold));
      modes.emplace_back(one.is_leaf() ? "LEAF" : "BRANCH_LEQ");
      left.push_back(one.left);
      right.push_back(one.right);
      missing.push_back(one.missing_goes_left ? 1 : 0);
      if (!one.is_leaf())
        continue;
      for (const auto& [output, value] : from.leaf(one.leaf)) {
        leaf_trees.push_back(static_cast<std::int64_t>(t));
        leaf_nodes.push_back(static_cast<std::int64_t>(i));
        leaf_ids.push_back(output);
        weights.push_back(static_cast<float>(value));
      }
    }
  }
  std::vector<attribute> made;
  const auto put = [&](std::string_view name, auto list) { made.emplace_back(name, std::move(list)); };
  put("nodes_treeids", std::move(trees));
  put("nodes_nodeids", std::move(ids));
  put("nodes_featureids", std::move(features));
  put("nodes_values", std::move(values));
  put("nodes_modes", std::move(modes));
  put("nodes_truenodeids", std::move(left));
  put("nodes_falsenodeids", std::move(right));
  put("nodes_missing_value_tracks_true", std::move(missing));
  if (!covers.empty())
    put("nodes_hitrates", std::move(covers));
  put(is_classifier ? "class_treeids" : "target_treeids", std::move(leaf_trees));
  put(is_classifier ? "class_nodeids" : "target_nodeids", std::move(leaf_nodes));
  put(is_classifier ? "class_ids" : "target_ids", std::move(leaf_ids));
  put(is_classifier ? "class_weights" : "target_weights", std::move(weights));
  return made;
}

bool has_negative_leaf(const tree_ensemble& from) {
  return std::ranges::any_of(from.leaf_values, [](const auto& one) { return static_cast<float>(one.value) < 0; });
}

/// Adds a tree of one leaf below 0, too small to change a sum.
tree_ensemble with_negative_leaf(tree_ensemble from) {
  tree_node leaf;
  leaf.leaf = from.add_leaf(std::array{-static_cast<double>(std::numeric_limits<float>::min())});
  from.trees.push_back({leaf});
  if (!from.covers.empty())
    from.covers.push_back({from.covers.front().front()});
  return from;
}

} // namespace

std::string write_trees(const trained_trees& made, const training_data& data, const std::vector<double>& bases,
                        std::string_view post_transform, std::string_view after) {
  const auto* labels = data.labels.get();
  const auto classes = labels == nullptr ? 0 : size_of(*labels);
  const auto& from = made.trees;
  // ONNX Runtime takes one value of two classes for a share, and not for log-odds, where no leaf is below 0
  const auto reads_as_share = post_transform == "LOGISTIC" && !has_negative_leaf(from);
  auto attributes = reads_as_share ? attributes_of(with_negative_leaf(from), true) : attributes_of(from, classes > 0);
  attributes.emplace_back("post_transform", std::string{post_transform});
  if (!bases.empty())
    attributes.emplace_back("base_values", std::vector<float>{bases.begin(), bases.end()});
  file_writer file;
  const auto features = write_inputs(data, file);
  if (classes == 0) {
    attributes.emplace_back("n_targets", static_cast<std::int64_t>(from.outputs));
    file.node("TreeEnsembleRegressor", {features}, {after.empty() ? "variable" : "sums"}, attributes);
    if (!after.empty())
      file.node(after, {"sums"}, {"variable"});
    file.output("variable", element::f32, from.outputs);
  } else {
    const auto* texts = std::get_if<std::vector<std::string>>(labels);
    if (texts != nullptr)
      attributes.emplace_back("classlabels_strings", *texts);
    else
      attributes.emplace_back("classlabels_int64s", std::get<std::vector<std::int64_t>>(*labels));
    file.node("TreeEnsembleClassifier", {features}, {"label", "probabilities"}, attributes);
    file.output("label", texts != nullptr ? element::text : element::i64, 0);
    file.output("probabilities", element::f32, classes);
  }
  if (!data.feature_names.empty() && made.importances.size() == data.feature_names.size())
    write_importances(data.feature_names, made.importances, file);
  return file.bytes();
}

std::string write_isolation_trees(const tree_ensemble& from, double mean_path, const training_data& data) {
  auto attributes = attributes_of(from, false);
  attributes.emplace_back("n_targets", std::int64_t{1});
  file_writer file;
  const auto features = write_inputs(data, file);
  file.constant("two", {2});
  file.constant("rate", {static_cast<float>(-1 / mean_path)});
  file.node("TreeEnsembleRegressor", {features}, {"path"}, attributes);
  file.node("Mul", {"path", "rate"}, {"exponent"});
  file.node("Pow", {"two", "exponent"}, {"anomaly_score"});
  file.output("anomaly_score", element::f32, 1);
  return file.bytes();
}

} // namespace weir::models
