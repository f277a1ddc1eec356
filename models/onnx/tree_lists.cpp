#include "models/onnx/class_scores.hpp"
#include "models/onnx/operator.hpp"
#include "models/onnx/tree_program.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// Reads a TreeEnsemble: nodes and leaves stand in lists of their own, trees are named by their roots.
class list_reader {
public:
  list_reader(node& from, const tree_input& in) :
      from_{from}, is_double_{in.is_double}, features_{from.integers("nodes_featureids")},
      splits_{numbers_of("nodes_splits")}, modes_{whole_numbers_of("nodes_modes")}, if_true_{from.integers(
                                                                                        "nodes_truenodeids")},
      if_false_{from.integers("nodes_falsenodeids")}, true_is_leaf_{from.integers("nodes_trueleafs")},
      false_is_leaf_{from.integers("nodes_falseleafs")}, missing_{from.integers("nodes_missing_value_tracks_true")},
      targets_{from.integers("leaf_targetids")}, weights_{numbers_of("leaf_weights")}, members_{numbers_of(
                                                                                           "membership_values")} {
    from.ignore("nodes_hitrates");
    made_.features = in.columns.size();
    made_.compares_doubles = in.is_double;
  }

  core::result<tree_ensemble> run(std::size_t outputs) {
    made_.outputs = outputs;
    const auto count = features_.size();
    for (const auto size : {splits_.size(), modes_.size(), if_true_.size(), if_false_.size(), true_is_leaf_.size(),
                            false_is_leaf_.size()})
      if (size != count || count == 0)
        return fail("the nodes_* attributes have different lengths");
    if (targets_.size() != weights_.size() || (!missing_.empty() && missing_.size() != count))
      return fail("the lists of a TreeEnsemble have different lengths");
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (targets_[i] < 0 || static_cast<std::size_t>(targets_[i]) >= outputs)
        return fail("a leaf is for target " + std::to_string(targets_[i]) + ", which is not there");
      made_.leaf_values.push_back({static_cast<std::uint32_t>(targets_[i]), weights_[i]});
      made_.leaf_begins.push_back(static_cast<std::uint32_t>(i + 1));
    }
    if (auto good = read_sets(); !good)
      return tl::unexpected{good.error()};
    is_seen_.resize(count);
    for (const auto root : from_.integers("tree_roots"))
      if (auto good = read_tree(root); !good)
        return tl::unexpected{good.error()};
    if (made_.trees.empty())
      return fail("the model has no trees");
    return check(made_).map([&] { return std::move(made_); });
  }

private:
  static constexpr std::array<std::string_view, 7> mode_names{"BRANCH_LEQ", "BRANCH_LT",  "BRANCH_GTE",   "BRANCH_GT",
                                                              "BRANCH_EQ",  "BRANCH_NEQ", "BRANCH_MEMBER"};
  static constexpr std::int64_t member = 6;

  std::vector<double> numbers_of(std::string_view name) {
    const auto values = from_.constant(name);
    std::vector<double> made;
    if (values)
      std::visit(
          [&]<class T>(const std::vector<T>& all) {
            if constexpr (std::is_floating_point_v<T>)
              made.assign(all.begin(), all.end());
          },
          *values->constant);
    return made;
  }

  std::vector<std::int64_t> whole_numbers_of(std::string_view name) {
    const auto values = from_.constant(name);
    const auto* all = values ? std::get_if<std::vector<std::int64_t>>(values->constant.get()) : nullptr;
    return all == nullptr ? std::vector<std::int64_t>{} : *all;
  }

  /// Each test of membership takes the next values, up to a NaN.
  core::result<void> read_sets() {
    auto next = members_.begin();
    sets_of_nodes_.resize(modes_.size());
    for (std::size_t i = 0; i < modes_.size(); ++i) {
      if (modes_[i] != member)
        continue;
      const auto end = std::find_if(next, members_.end(), [](double x) { return x != x; });
      if (end == members_.end())
        return fail("the membership_values of node " + std::to_string(i) + " have no end");
      sets_of_nodes_[i] = static_cast<std::uint32_t>(made_.sets.size());
      made_.sets.emplace_back(next, end);
      std::sort(made_.sets.back().begin(), made_.sets.back().end());
      next = end + 1;
    }
    return {};
  }

  core::result<void> read_tree(std::int64_t root) {
    struct open_child {
      std::int64_t from;
      bool is_leaf;
      std::uint32_t to;
    };
    decision_tree tree(1);
    std::vector<open_child> open{{root, false, 0}};
    while (!open.empty()) {
      const auto [at, is_leaf, to] = open.back();
      open.pop_back();
      if (at < 0 || static_cast<std::size_t>(at) >= (is_leaf ? targets_.size() : features_.size()))
        return fail((is_leaf ? "leaf " : "node ") + std::to_string(at) + " is not there");
      const auto i = static_cast<std::size_t>(at);
      if (is_leaf) {
        tree[to].leaf = static_cast<std::uint32_t>(i);
        continue;
      }
      if (is_seen_[i])
        return fail("node " + std::to_string(i) + " has two parents");
      is_seen_[i] = true;
      if (modes_[i] < 0 || modes_[i] > member)
        return fail("node " + std::to_string(i) + " has mode " + std::to_string(modes_[i]));
      if (features_[i] < 0 || static_cast<std::size_t>(features_[i]) >= made_.features)
        return fail("node " + std::to_string(i) + " splits by feature " + std::to_string(features_[i])
                    + ", which is not there");
      // where both children are the same leaf, the node is one
      if (true_is_leaf_[i] != 0 && false_is_leaf_[i] != 0 && if_true_[i] == if_false_[i]) {
        open.push_back({if_true_[i], true, to});
        continue;
      }
      const auto left = static_cast<std::uint32_t>(tree.size());
      tree.resize(tree.size() + 2);
      auto split = read_split(mode_names[static_cast<std::size_t>(modes_[i])], splits_[i],
                              static_cast<std::uint32_t>(features_[i]), left, left + 1,
                              !missing_.empty() && missing_[i] != 0, is_double_);
      if (!split)
        return tl::unexpected{split.error()};
      split->set = sets_of_nodes_[i];
      if (split->test == tree_test::member)
        split->threshold = 0;
      tree[to] = *split;
      open.push_back({if_true_[i], true_is_leaf_[i] != 0, left});
      open.push_back({if_false_[i], false_is_leaf_[i] != 0, left + 1});
    }
    made_.trees.push_back(std::move(tree));
    return {};
  }

  node& from_;
  bool is_double_;
  std::vector<std::int64_t> features_;
  std::vector<double> splits_;
  std::vector<std::int64_t> modes_;
  std::vector<std::int64_t> if_true_;
  std::vector<std::int64_t> if_false_;
  std::vector<std::int64_t> true_is_leaf_;
  std::vector<std::int64_t> false_is_leaf_;
  std::vector<std::int64_t> missing_;
  std::vector<std::int64_t> targets_;
  std::vector<double> weights_;
  std::vector<double> members_;
  std::vector<std::uint32_t> sets_of_nodes_;
  std::vector<bool> is_seen_;
  tree_ensemble made_;
};

tensors ensemble(node& from) {
  const auto in = read_tree_input(from);
  if (!in)
    return tl::unexpected{in.error()};
  const auto targets = from.integer("n_targets", 1);
  const auto how = from.integer("aggregate_function", 1);
  const auto transform = from.integer("post_transform", 0);
  constexpr std::array transforms{post_transform::none, post_transform::softmax, post_transform::logistic,
                                  post_transform::softmax_zero, post_transform::probit};
  constexpr std::array aggregations{aggregation::average, aggregation::sum, aggregation::min, aggregation::max};
  if (targets < 1 || targets > 100'000 || how < 0 || how > 3 || transform < 0 || transform > 4)
    return fail("a TreeEnsemble with " + std::to_string(targets) + " targets, aggregate_function " + std::to_string(how)
                + " and post_transform " + std::to_string(transform) + " is not supported");
  auto trees = list_reader{from, *in}.run(static_cast<std::size_t>(targets));
  if (!trees)
    return tl::unexpected{trees.error()};
  trees->aggregate = aggregations[static_cast<std::size_t>(how)];
  if (auto good = explain_trees(from, *in, *trees, {}); !good)
    return tl::unexpected{good.error()};
  return tree_columns(from.program(), *in, *std::move(trees)).map([&](const registers& sums) {
    auto& program = from.program();
    auto made = regression(program, transformed(program, sums, transforms[static_cast<std::size_t>(transform)]));
    if (in->is_double) {
      made.type = element::f64;
      made.columns = std::exchange(made.exact, {});
    }
    return std::vector{std::move(made)};
  });
}

constexpr std::array all{
    onnx_operator{"TreeEnsemble", "ai.onnx.ml", "decision trees taken together: any test, any target", ensemble},
};

} // namespace

constexpr operator_family operators::tree_lists{all};

} // namespace weir::models
