#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"
#include "models/tree_model.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

using core::fail;

/// More than a model of any use has; bounds what a broken file can ask for.
constexpr std::size_t max_leaf_values = std::size_t{1} << 28;
constexpr std::size_t max_features = 1'000'000;

constexpr std::array<std::string_view, 11> shared_names{
    "nodes_treeids",  "nodes_nodeids",     "nodes_featureids",
    "nodes_values",   "nodes_modes",       "nodes_truenodeids",
    "nodes_hitrates", "post_transform",    "nodes_missing_value_tracks_true",
    "base_values",    "nodes_falsenodeids"};
constexpr std::array<std::string_view, 6> classifier_names{
    "class_treeids", "class_nodeids", "class_ids", "class_weights", "classlabels_int64s", "classlabels_strings"};
constexpr std::array<std::string_view, 6> regressor_names{"target_treeids", "target_nodeids", "target_ids",
                                                          "target_weights", "n_targets",      "aggregate_function"};

/// One node or one leaf value, by which tree and which node of it.
struct node_id {
  std::int64_t tree;
  std::int64_t node;
  bool operator==(const node_id&) const = default;
};

struct hash_node_id {
  std::size_t operator()(const node_id& id) const noexcept {
    return static_cast<std::size_t>(id.tree) * 0x9e3779b97f4a7c15 + static_cast<std::size_t>(id.node);
  }
};

struct place {
  std::uint32_t tree;
  std::uint32_t node;
};

std::string text_of(node_id id) {
  return "node " + std::to_string(id.node) + " of tree " + std::to_string(id.tree);
}

/// Reads the attributes of a node that is a whole ensemble. The first thing that is wrong ends it.
class ensemble_reader {
public:
  /// @param features of its input; 0 when the file leaves it open
  ensemble_reader(const onnx::NodeProto& node, node_attributes attributes, bool is_classifier, std::size_t features) :
      prefix_{is_classifier ? "class" : "target"}, node_{node}, attributes_{std::move(attributes)} {
    made_.is_classifier = is_classifier;
    made_.ensemble.features = features;
  }

  core::result<tree_model> run() {
    return check_names()
        .and_then([&] { return read_meaning(); })
        .and_then([&] { return read_splits(); })
        .and_then([&] { return read_leaves(); })
        .and_then([&] { return check(made_.ensemble); })
        .map([&] { return std::move(made_); });
  }

private:
  using done = core::result<void>;

  /// What this reader does not know could change what the model says.
  done check_names() {
    for (const auto& attribute : node_.attribute())
      if (attribute.name().ends_with("_as_tensor"))
        return fail("the model compares in double ('" + attribute.name() + "')", {},
                    "export it with float inputs (FloatTensorType)");
    std::vector<std::string_view> known{shared_names.begin(), shared_names.end()};
    if (made_.is_classifier)
      known.insert(known.end(), classifier_names.begin(), classifier_names.end());
    else
      known.insert(known.end(), regressor_names.begin(), regressor_names.end());
    return attributes_.expect_only(known);
  }

  done read_meaning() {
    const auto& transform = attributes_["post_transform"].s();
    if (transform == "LOGISTIC")
      made_.transform = post_transform::logistic;
    else if (transform == "SOFTMAX" && made_.is_classifier)
      made_.transform = post_transform::softmax;
    else if (!transform.empty() && transform != "NONE")
      return fail("post_transform '" + transform + "' is not supported", {}, "export with NONE, LOGISTIC or SOFTMAX");
    if (const auto& how = attributes_["aggregate_function"].s(); !how.empty() && how != "SUM")
      return fail("aggregate_function '" + how + "' is not supported", {}, "export with SUM");
    if (auto good = made_.is_classifier ? read_classes() : read_targets(); !good)
      return good;
    const auto& bases = attributes_["base_values"].floats();
    made_.base_values.assign(bases.begin(), bases.end());
    if (!bases.empty() && made_.base_values.size() != made_.ensemble.outputs)
      return fail(std::to_string(bases.size()) + " base_values for " + std::to_string(made_.ensemble.outputs)
                  + " outputs");
    return {};
  }

  done read_targets() {
    if (const auto& targets = attributes_["n_targets"]; targets.has_i() && targets.i() != 1)
      return fail("the model has " + std::to_string(targets.i()) + " targets", {}, "train one model for each");
    return {};
  }

  done read_classes() {
    const auto& numbers = attributes_["classlabels_int64s"].ints();
    const auto& texts = attributes_["classlabels_strings"].strings();
    if (numbers.empty() == texts.empty())
      return fail("the classifier needs class labels of one type");
    if (texts.empty())
      made_.labels = std::vector<std::int64_t>(numbers.begin(), numbers.end());
    else
      made_.labels = std::vector<std::string>(texts.begin(), texts.end());
    if (made_.classes() < 2)
      return fail("the classifier has one class only");
    const auto& ids = attributes_["class_ids"].ints();
    const auto one_id = std::adjacent_find(ids.begin(), ids.end(), std::not_equal_to<>{}) == ids.end();
    made_.ensemble.outputs = made_.classes() == 2 && one_id ? 1 : made_.classes();
    if (made_.ensemble.outputs == 1) {
      const auto& weights = attributes_["class_weights"].floats();
      if (made_.transform == post_transform::softmax)
        return fail("post_transform 'SOFTMAX' over one value", {}, "export with LOGISTIC");
      made_.leaves_are_shares = made_.transform == post_transform::none
                                && std::all_of(weights.begin(), weights.end(), [](float w) { return w >= 0; });
    }
    return {};
  }

  done read_splits() {
    const auto& trees = attributes_["nodes_treeids"].ints();
    const auto& nodes = attributes_["nodes_nodeids"].ints();
    const auto& features = attributes_["nodes_featureids"].ints();
    const auto& values = attributes_["nodes_values"].floats();
    const auto& modes = attributes_["nodes_modes"].strings();
    const auto& left = attributes_["nodes_truenodeids"].ints();
    const auto& right = attributes_["nodes_falsenodeids"].ints();
    const auto& missing = attributes_["nodes_missing_value_tracks_true"].ints();
    const auto count = trees.size();
    for (const auto size : {nodes.size(), features.size(), values.size(), modes.size(), left.size(), right.size()})
      if (size != count)
        return fail("the nodes_* attributes have different lengths");
    if (!missing.empty() && missing.size() != count)
      return fail("nodes_missing_value_tracks_true has a length of its own");

    places_.reserve(static_cast<std::size_t>(count));
    std::unordered_map<std::int64_t, std::uint32_t> tree_index;
    for (int i = 0; i < count; ++i) {
      const auto [at, is_new] = tree_index.emplace(trees[i], made_.ensemble.trees.size());
      if (is_new)
        made_.ensemble.trees.emplace_back();
      auto& tree = made_.ensemble.trees[at->second];
      if (!places_.emplace(node_id{trees[i], nodes[i]}, place{at->second, static_cast<std::uint32_t>(tree.size())})
               .second)
        return fail(text_of({trees[i], nodes[i]}) + " is there twice");
      tree.emplace_back();
    }
    const auto declared = made_.ensemble.features;
    for (int i = 0; i < count; ++i) {
      const node_id id{trees[i], nodes[i]};
      auto& node = at(places_.at(id));
      if (modes[i] == "LEAF") {
        node.leaf = leaves_++;
        continue;
      }
      if (modes[i] != "BRANCH_LEQ")
        return fail("mode '" + modes[i] + "' is not supported (" + text_of(id) + ")", {}, "export with BRANCH_LEQ");
      if (features[i] < 0 || static_cast<std::size_t>(features[i]) >= (declared == 0 ? max_features : declared))
        return fail(text_of(id) + " splits by feature " + std::to_string(features[i]) + ", which is not there");
      node.feature = static_cast<std::uint32_t>(features[i]);
      node.threshold = values[i];
      node.missing_goes_left = !missing.empty() && missing[i] != 0;
      made_.ensemble.features = std::max(made_.ensemble.features, node.feature + std::size_t{1});
      for (const auto& [into, child] : {std::pair{&node.left, left[i]}, std::pair{&node.right, right[i]}}) {
        const auto found = places_.find({trees[i], child});
        if (found == places_.end())
          return fail(text_of({trees[i], child}) + " is not there");
        if (found->second.node == 0)
          return fail("tree " + std::to_string(trees[i]) + " is a cycle: " + text_of(id) + " leads to the first node");
        *into = found->second.node;
      }
    }
    if (made_.ensemble.trees.empty())
      return fail("the model has no trees");
    return {};
  }

  done read_leaves() {
    const auto outputs = made_.ensemble.outputs;
    const auto& trees = attributes_[prefix_ + "_treeids"].ints();
    const auto& nodes = attributes_[prefix_ + "_nodeids"].ints();
    const auto& ids = attributes_[prefix_ + "_ids"].ints();
    const auto& weights = attributes_[prefix_ + "_weights"].floats();
    const auto count = trees.size();
    if (nodes.size() != count || ids.size() != count || weights.size() != count)
      return fail("the " + prefix_ + "_* attributes have different lengths");
    if (leaves_ > max_leaf_values / outputs)
      return fail("the model is too large");
    made_.ensemble.leaf_values.resize(leaves_ * outputs);
    for (int i = 0; i < count; ++i) {
      const node_id id{trees[i], nodes[i]};
      const auto found = places_.find(id);
      if (found == places_.end() || !at(found->second).is_leaf())
        return fail("a value belongs to " + text_of(id) + ", which is no leaf");
      const auto is_valid =
          made_.is_classifier ? ids[i] >= 0 && static_cast<std::size_t>(ids[i]) < made_.classes() : ids[i] == 0;
      if (!is_valid)
        return fail("a value of " + text_of(id) + " is for " + prefix_ + " " + std::to_string(ids[i])
                    + ", which is not there");
      const auto output = outputs == 1 ? 0 : static_cast<std::size_t>(ids[i]);
      made_.ensemble.leaf_values[at(found->second).leaf * outputs + output] += weights[i];
    }
    return {};
  }

  tree_node& at(place p) { return made_.ensemble.trees[p.tree][p.node]; }

  std::string prefix_; ///< of the attributes of leaves
  const onnx::NodeProto& node_;
  node_attributes attributes_;
  std::unordered_map<node_id, place, hash_node_id> places_;
  std::uint32_t leaves_ = 0;
  tree_model made_;
};

template <bool IsClassifier>
core::result<std::vector<graph_value>> read(const onnx::NodeProto& node, std::span<const graph_value> inputs) {
  const auto input = only_input(node, inputs);
  if (!input)
    return tl::unexpected{input.error()};
  const auto* features = std::get_if<graph_features>(&*input);
  if (features == nullptr)
    return fail("operator '" + node.op_type() + "' does not read features");
  return node_attributes::of(node)
      .and_then([&](node_attributes&& attributes) {
        return ensemble_reader{node, std::move(attributes), IsClassifier, features->count}.run();
      })
      .map([](tree_model&& made) { return predictions_of(std::make_shared<tree_model>(std::move(made))); });
}

} // namespace

constexpr onnx_operator operators::tree_ensemble_regressor{
    "TreeEnsembleRegressor", "ai.onnx.ml", "sums over decision trees: one target, `BRANCH_LEQ`, `SUM`, float",
    read<false>};

constexpr onnx_operator operators::tree_ensemble_classifier{
    "TreeEnsembleClassifier", "ai.onnx.ml", "decision trees that vote for classes: `BRANCH_LEQ`, float", read<true>};

} // namespace weir::models
