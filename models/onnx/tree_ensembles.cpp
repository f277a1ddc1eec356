#include "models/graph/elementwise.hpp"
#include "models/graph/look_up.hpp"
#include "models/onnx/class_scores.hpp"
#include "models/onnx/operator.hpp"
#include "models/onnx/tree_program.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// One node or one leaf value, by which tree and which node of it.
struct node_id {
  std::int64_t tree;
  std::int64_t node;
};

struct place {
  std::uint32_t tree;
  std::uint32_t node;
};

/// Where the nodes of a file stand, by their numbers. Files number them from 0 on as a rule; any other number works.
class node_places {
public:
  /// The place of a node that comes next in its tree; nothing when it is there already.
  std::optional<place> add(node_id id) {
    const auto [at, is_new] = tree_of_.emplace(id.tree, static_cast<std::uint32_t>(trees_.size()));
    if (is_new)
      trees_.emplace_back();
    auto& tree = trees_[at->second];
    const auto next = tree.count++;
    if (find_in(tree, id.node) != none)
      return std::nullopt;
    if (id.node >= 0 && id.node <= static_cast<std::int64_t>(2 * next + few)) {
      if (tree.by_number.size() <= static_cast<std::size_t>(id.node))
        tree.by_number.resize(static_cast<std::size_t>(id.node) * 2 + 1, none);
      tree.by_number[static_cast<std::size_t>(id.node)] = next;
    } else {
      tree.others.emplace(id.node, next);
    }
    return place{at->second, next};
  }

  std::optional<place> find(node_id id) const {
    const auto at = tree_of_.find(id.tree);
    if (at == tree_of_.end())
      return std::nullopt;
    const auto node = find_in(trees_[at->second], id.node);
    return node == none ? std::nullopt : std::optional{place{at->second, node}};
  }

private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::uint32_t few = 1024;

  struct numbers {
    std::uint32_t count = 0;
    std::vector<std::uint32_t> by_number;
    std::unordered_map<std::int64_t, std::uint32_t> others;
  };

  static std::uint32_t find_in(const numbers& tree, std::int64_t node) {
    if (node >= 0 && static_cast<std::size_t>(node) < tree.by_number.size()
        && tree.by_number[static_cast<std::size_t>(node)] != none)
      return tree.by_number[static_cast<std::size_t>(node)];
    if (tree.others.empty())
      return none;
    const auto at = tree.others.find(node);
    return at == tree.others.end() ? none : at->second;
  }

  std::unordered_map<std::int64_t, std::uint32_t> tree_of_;
  std::vector<numbers> trees_;
};

std::string text_of(node_id id) {
  return "node " + std::to_string(id.node) + " of tree " + std::to_string(id.tree);
}

/// Reads the lists of a TreeEnsembleRegressor or TreeEnsembleClassifier. The first thing that is wrong ends it.
class ensemble_reader {
public:
  /// @param kind what the lists of leaf values begin with: `class` or `target`
  ensemble_reader(node& from, const tree_input& in, std::string kind) :
      from_{from}, kind_{std::move(kind)}, is_double_{in.is_double} {
    made_.features = in.columns.size();
    made_.compares_doubles = in.is_double;
  }

  /// @param outputs how many a leaf may have values for
  core::result<tree_ensemble> run(std::size_t outputs) {
    made_.outputs = outputs;
    return read_splits()
        .and_then([&] { return read_leaves(); })
        .and_then([&] { return unshare(made_); })
        .and_then([&] { return check(made_); })
        .map([&] { return std::move(made_); });
  }

private:
  using done = core::result<void>;

  done read_splits() {
    const auto trees = from_.integers("nodes_treeids");
    const auto nodes = from_.integers("nodes_nodeids");
    const auto features = from_.integers("nodes_featureids");
    const auto values = from_.numbers_of_any_type("nodes_values");
    const auto modes = from_.texts("nodes_modes");
    const auto if_true = from_.integers("nodes_truenodeids");
    const auto if_false = from_.integers("nodes_falsenodeids");
    const auto missing = from_.integers("nodes_missing_value_tracks_true");
    const auto covers = from_.numbers_of_any_type("nodes_hitrates");
    const auto count = trees.size();
    for (const auto size :
         {nodes.size(), features.size(), values.size(), modes.size(), if_true.size(), if_false.size()})
      if (size != count)
        return fail("the nodes_* attributes have different lengths");
    if (!missing.empty() && missing.size() != count)
      return fail("nodes_missing_value_tracks_true has a length of its own");
    if (count == 0)
      return fail("the model has no trees");
    const auto wants_covers = from_.explanations() != nullptr && covers.size() == count;

    std::vector<place> at_place;
    at_place.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto found = places_.add({trees[i], nodes[i]});
      if (!found)
        return fail(text_of({trees[i], nodes[i]}) + " is there twice");
      at_place.push_back(*found);
      if (made_.trees.size() <= found->tree)
        made_.trees.emplace_back();
      made_.trees[found->tree].emplace_back();
      if (!wants_covers)
        continue;
      made_.covers.resize(made_.trees.size());
      made_.covers[found->tree].push_back(static_cast<float>(covers[i]));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const node_id id{trees[i], nodes[i]};
      if (modes[i] == "LEAF") {
        at(at_place[i]).leaf = leaves_++;
        continue;
      }
      if (features[i] < 0 || static_cast<std::size_t>(features[i]) >= made_.features)
        return fail(text_of(id) + " splits by feature " + std::to_string(features[i]) + ", which is not there");
      const auto left = child(id, if_true[i]);
      const auto right = child(id, if_false[i]);
      if (!left || !right)
        return tl::unexpected{(left ? right : left).error()};
      auto split = read_split(modes[i], values[i], static_cast<std::uint32_t>(features[i]), *left, *right,
                              !missing.empty() && missing[i] != 0, is_double_);
      if (!split || split->test == tree_test::member)
        return fail("mode '" + modes[i] + "' is not supported (" + text_of(id) + ")");
      at(at_place[i]) = *split;
    }
    return {};
  }

  core::result<std::uint32_t> child(node_id of, std::int64_t node) const {
    const auto found = places_.find({of.tree, node});
    if (!found)
      return fail(text_of({of.tree, node}) + " is not there");
    if (found->node == 0)
      return fail("tree " + std::to_string(of.tree) + " is a cycle: " + text_of(of) + " leads to the first node");
    return found->node;
  }

  done read_leaves() {
    const auto trees = from_.integers(kind_ + "_treeids");
    const auto nodes = from_.integers(kind_ + "_nodeids");
    const auto ids = from_.integers(kind_ + "_ids");
    const auto weights = from_.numbers_of_any_type(kind_ + "_weights");
    const auto count = trees.size();
    if (nodes.size() != count || ids.size() != count || weights.size() != count)
      return fail("the " + kind_ + "_* attributes have different lengths");
    std::vector<std::vector<leaf_value>> by_leaf(leaves_);
    for (std::size_t i = 0; i < count; ++i) {
      const node_id id{trees[i], nodes[i]};
      const auto found = places_.find(id);
      if (!found || !at(*found).is_leaf())
        return fail("a value belongs to " + text_of(id) + ", which is no leaf");
      if (ids[i] < 0 || (made_.outputs > 1 && static_cast<std::size_t>(ids[i]) >= made_.outputs))
        return fail("a value of " + text_of(id) + " is for " + kind_ + " " + std::to_string(ids[i])
                    + ", which is not there");
      auto& values = by_leaf[at(*found).leaf];
      const auto output = made_.outputs == 1 ? 0 : static_cast<std::uint32_t>(ids[i]);
      const auto known = std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.output == output; });
      if (known == values.end())
        values.push_back({output, weights[i]});
      else
        known->value += weights[i];
    }
    for (const auto& values : by_leaf) {
      made_.leaf_values.insert(made_.leaf_values.end(), values.begin(), values.end());
      made_.leaf_begins.push_back(static_cast<std::uint32_t>(made_.leaf_values.size()));
    }
    return {};
  }

  tree_node& at(place of) { return made_.trees[of.tree][of.node]; }
  const tree_node& at(place of) const { return made_.trees[of.tree][of.node]; }

  node& from_;
  std::string kind_;
  bool is_double_;
  node_places places_;
  std::uint32_t leaves_ = 0;
  tree_ensemble made_;
};

/// Columns with one number each added; `bases` may be empty.
core::result<registers> add_bases(node& from, const registers& columns, const std::vector<double>& bases) {
  if (bases.empty())
    return columns;
  if (bases.size() != columns.size())
    return fail(std::to_string(bases.size()) + " base_values for " + std::to_string(columns.size()) + " outputs");
  registers made;
  for (std::size_t k = 0; k < columns.size(); ++k)
    made.push_back(
        map_columns<double, double>(from.program(), {columns[k]}, [b = bases[k]](double x) { return x + b; }).front());
  return made;
}

tensors regressor(node& from) {
  const auto in = read_tree_input(from);
  const auto transform = read_post_transform(from);
  if (!in || !transform)
    return tl::unexpected{in ? transform.error() : in.error()};
  const auto targets = from.integer("n_targets", 1);
  const auto bases = from.numbers_of_any_type("base_values");
  const auto how = from.text("aggregate_function", "SUM");
  if (targets < 1 || targets > 100'000)
    return fail("the model has " + std::to_string(targets) + " targets");
  auto ensemble = ensemble_reader{from, *in, "target"}.run(static_cast<std::size_t>(targets));
  if (!ensemble)
    return tl::unexpected{ensemble.error()};
  if (how == "AVERAGE")
    ensemble->aggregate = aggregation::average;
  else if (how == "MIN")
    ensemble->aggregate = aggregation::min;
  else if (how == "MAX")
    ensemble->aggregate = aggregation::max;
  else if (how != "SUM")
    return fail("aggregate_function '" + how + "' is not supported");
  if (auto good = explain_trees(from, *in, *ensemble, bases); !good)
    return tl::unexpected{good.error()};
  return tree_columns(from.program(), *in, *std::move(ensemble))
      .and_then([&](const registers& sums) { return add_bases(from, sums, bases); })
      .map([&](const registers& sums) {
        return std::vector{regression(from.program(), transformed(from.program(), sums, *transform))};
      });
}

/// Two classes, and trees with one value: it speaks for the second class. That is chosen above 0.5 where all values are
/// shares, and otherwise above 0.
tensors decide_between_two(node& from, std::shared_ptr<const class_labels> labels, const registers& score,
                           post_transform transform, bool are_shares) {
  auto& program = from.program();
  if (transform == post_transform::softmax || transform == post_transform::softmax_zero)
    return fail("post_transform 'SOFTMAX' over one value", {}, "export with LOGISTIC");
  const auto bound = are_shares ? 0.5 : 0.0;
  const auto index =
      map_columns<std::int64_t, double>(program, score, [bound](double s) { return std::int64_t{s > bound}; });
  auto second = transformed(program, score, transform);
  if (are_shares) // sums of floats pass the ends by a little
    second = map_columns<double, double>(program, second, [](double p) {
      constexpr double rounding = 1e-5;
      return p > 1 && p < 1 + rounding ? 1 : p < 0 && p > -rounding ? 0 : p;
    });
  const auto is_opposite = transform == post_transform::none && !are_shares;
  const auto first =
      map_columns<double, double>(program, second, [is_opposite](double p) { return is_opposite ? -p : 1 - p; });
  return classification(program, std::move(labels), index.front(), {first.front(), second.front()});
}

tensors classifier(node& from) {
  const auto in = read_tree_input(from);
  const auto transform = read_post_transform(from);
  if (!in || !transform)
    return tl::unexpected{in ? transform.error() : in.error()};
  auto labels = read_labels(from, "classlabels_int64s", "classlabels_strings");
  if (!labels)
    return fail("the classifier needs class labels of one type");
  const auto classes = size_of(**labels);
  if (classes < 2)
    return fail("the classifier has one class only");
  const auto bases = from.numbers_of_any_type("base_values");
  const auto ids = from.integers("class_ids");
  const auto has_one_id = std::adjacent_find(ids.begin(), ids.end(), std::not_equal_to<>{}) == ids.end();
  const auto weights = from.numbers_of_any_type("class_weights");
  const auto outputs = classes == 2 && has_one_id ? 1 : classes;
  for (const auto id : ids)
    if (id < 0 || static_cast<std::size_t>(id) >= classes)
      return fail("a value is for class " + std::to_string(id) + ", which is not there");
  auto ensemble = ensemble_reader{from, *in, "class"}.run(outputs);
  if (!ensemble)
    return tl::unexpected{ensemble.error()};
  if (auto good = explain_trees(from, *in, *ensemble, bases); !good)
    return tl::unexpected{good.error()};
  auto sums = tree_columns(from.program(), *in, *std::move(ensemble));
  if (!sums)
    return tl::unexpected{sums.error()};
  // One value for two classes may come with a base for each: both are that of the second. A base alone counts where the
  // values have the second class's number, too: files of earlier builds mean it so. ONNX Runtime leaves it out there.
  const auto scores = add_bases(from, *sums, outputs == 1 && bases.size() == 2 ? std::vector{bases[1]} : bases);
  if (!scores)
    return tl::unexpected{scores.error()};
  if (outputs == 1) {
    const auto are_shares = *transform == post_transform::none
                            && std::all_of(weights.begin(), weights.end(), [](double w) { return w >= 0; });
    return decide_between_two(from, *std::move(labels), *scores, *transform, are_shares);
  }
  return classification(from.program(), *std::move(labels), largest_column<double>(from.program(), *scores),
                        transformed(from.program(), *scores, *transform));
}

constexpr std::array all{
    onnx_operator{"TreeEnsembleClassifier", "ai.onnx.ml", "decision trees that vote for classes", classifier},
    onnx_operator{"TreeEnsembleRegressor", "ai.onnx.ml", "decision trees taken together, for each target", regressor},
};

} // namespace

constexpr operator_family operators::tree_ensembles{all};

} // namespace weir::models
