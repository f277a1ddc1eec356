#include "models/onnx/tree_program.hpp"

#include "models/explain/tree_shap.hpp"
#include "models/forest.hpp"
#include "models/graph/elementwise.hpp"
#include "models/plain_trees.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::models {

namespace {

using core::fail;

/// @tparam Trees forest or plain_trees @tparam T what they compare
template <class Trees, class T>
class tree_kernel final : public kernel {
public:
  tree_kernel(registers from, registers to, Trees trees) :
      kernel{std::move(from), std::move(to)}, trees_{std::move(trees)} {}

  void run(const frame& f) const override {
    thread_local std::vector<const T*> columns;
    thread_local std::vector<double*> sums;
    columns.clear();
    sums.clear();
    for (const auto id : reads)
      columns.push_back(f.at<const T>(id));
    for (const auto id : writes)
      sums.push_back(f.at<double>(id));
    trees_.predict(columns.data(), f.rows(), sums.data());
  }

private:
  Trees trees_;
};

/// @tparam T what the trees compare
template <class T>
class shap_kernel final : public kernel {
public:
  shap_kernel(registers from, registers to, tree_shap explains) :
      kernel{std::move(from), std::move(to)}, explains_{std::move(explains)} {}

  void run(const frame& f) const override {
    thread_local std::vector<const T*> columns;
    thread_local std::vector<double*> values;
    columns.clear();
    values.clear();
    for (const auto id : reads)
      columns.push_back(f.at<const T>(id));
    for (const auto id : writes)
      values.push_back(f.at<double>(id));
    explains_.explain(columns.data(), f.rows(), values.data());
  }

private:
  tree_shap explains_;
};

template <class Trees>
registers add(program_builder& program, const tree_input& in, std::size_t outputs, Trees trees) {
  auto made = program.make(element::f64, outputs);
  if (in.is_double)
    program.add<tree_kernel<Trees, double>>(in.columns, made, std::move(trees));
  else
    program.add<tree_kernel<Trees, float>>(in.columns, made, std::move(trees));
  return made;
}

/// Copies a graph of nodes as a tree.
class tree_copy {
public:
  tree_copy(const decision_tree& from, std::vector<std::vector<double>>& sets) :
      from_{from}, sets_{sets}, budget_{from.size() * 16 + 1024} {}

  /// Which node each one of the made tree comes from.
  const std::vector<std::uint32_t>& sources() const noexcept { return sources_; }

  core::result<decision_tree> run() {
    made_.emplace_back();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{0, 0}}; // from, to
    while (!open.empty()) {
      const auto [at, to] = open.back();
      open.pop_back();
      if (made_.size() > budget_)
        return core::fail("is a cycle, or its nodes have too many parents");
      auto one = from_[at];
      if (!one.is_leaf()) {
        const auto [left, right] = merged(one);
        one.left = static_cast<std::uint32_t>(made_.size());
        one.right = one.left + 1;
        made_.resize(made_.size() + 2);
        sources_.insert(sources_.end(), {left, right});
        open.insert(open.end(), {{left, one.left}, {right, one.right}});
      }
      made_[to] = one;
    }
    return std::move(made_);
  }

private:
  /// The children of a node; it takes tests along that follow it and lead to the same node.
  std::pair<std::uint32_t, std::uint32_t> merged(tree_node& one) {
    const auto left = one.left;
    auto right = one.right;
    std::vector<double> values{one.threshold};
    while (one.test == tree_test::equal && values.size() <= from_.size()) {
      const auto& next = from_[right];
      if (next.is_leaf() || next.test != tree_test::equal || next.feature != one.feature || next.left != left
          || next.missing_goes_left != one.missing_goes_left)
        break;
      values.push_back(next.threshold);
      right = next.right;
    }
    if (values.size() > 1) {
      std::sort(values.begin(), values.end());
      one.test = tree_test::member;
      one.threshold = 0;
      one.set = static_cast<std::uint32_t>(sets_.size());
      sets_.push_back(std::move(values));
    }
    return {left, right};
  }

  const decision_tree& from_;
  std::vector<std::vector<double>>& sets_;
  std::size_t budget_;
  decision_tree made_;
  std::vector<std::uint32_t> sources_{0};
};

/// How many rows went through the nodes of a copy; none where a node has several copies, whose shares are not known.
std::vector<float> covers_of_copy(const std::vector<float>& covers, const std::vector<std::uint32_t>& sources) {
  std::vector<bool> is_taken(covers.size());
  std::vector<float> made;
  for (const auto source : sources) {
    if (is_taken[source])
      return {};
    is_taken[source] = true;
    made.push_back(covers[source]);
  }
  return made;
}

bool has_shared_nodes(const decision_tree& tree) {
  std::vector<bool> has_parent(tree.size());
  for (const auto& one : tree)
    if (!one.is_leaf())
      for (const auto child : {one.left, one.right}) {
        if (has_parent[child])
          return true;
        has_parent[child] = true;
      }
  return false;
}

bool is_for_forest(const tree_ensemble& ensemble) {
  return ensemble.aggregate != aggregation::min && ensemble.aggregate != aggregation::max;
}

bool tests_members(const tree_ensemble& ensemble) {
  return std::ranges::any_of(ensemble.trees, [](const decision_tree& tree) {
    return std::ranges::any_of(
        tree, [](const tree_node& one) { return !one.is_leaf() && one.test != tree_test::less_equal; });
  });
}

/// The largest number below `x` that the trees can compare with.
double below(double x, bool is_double) {
  if (is_double)
    return std::nextafter(x, -std::numeric_limits<double>::infinity());
  return static_cast<double>(std::nextafter(static_cast<float>(x), -std::numeric_limits<float>::infinity()));
}

} // namespace

core::result<tree_input> read_tree_input(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  if (in.is_constant() || in.type == element::text || find_rows(in.shape) != 0)
    return fail("operator '" + from.op() + "' of " + text_of(in.shape) + " is not supported");
  if (in.type == element::f64)
    return tree_input{in.columns, true};
  return tree_input{converted(from.program(), in, element::f32).columns, false};
}

core::result<tree_node> read_split(std::string_view mode, double threshold, std::uint32_t feature,
                                   std::uint32_t if_true, std::uint32_t if_false, bool if_missing, bool is_double) {
  tree_node made;
  made.feature = feature;
  made.threshold = threshold;
  made.left = if_true;
  made.right = if_false;
  made.missing_goes_left = if_missing;
  const auto turn_round = [&] {
    std::swap(made.left, made.right);
    made.missing_goes_left = !if_missing;
  };
  if (mode == "BRANCH_LEQ")
    return made;
  if (mode == "BRANCH_LT" || mode == "BRANCH_GTE") {
    made.threshold = below(threshold, is_double);
    if (mode == "BRANCH_GTE")
      turn_round();
    return made;
  }
  if (mode == "BRANCH_GT") {
    turn_round();
    return made;
  }
  if (mode == "BRANCH_EQ" || mode == "BRANCH_NEQ") {
    made.test = tree_test::equal;
    if (mode == "BRANCH_NEQ") {
      turn_round();
      made.missing_goes_left = false; // NaN is not equal to anything
    }
    return made;
  }
  if (mode == "BRANCH_MEMBER") {
    made.test = tree_test::member;
    return made;
  }
  return fail("mode '" + std::string{mode} + "' is not supported");
}

core::result<void> unshare(tree_ensemble& ensemble) {
  for (std::size_t i = 0; i < ensemble.trees.size(); ++i) {
    if (!has_shared_nodes(ensemble.trees[i]))
      continue;
    tree_copy copy{ensemble.trees[i], ensemble.sets};
    auto made = copy.run();
    if (!made)
      return fail("tree " + std::to_string(i) + " " + made.error().what);
    ensemble.trees[i] = *std::move(made);
    if (ensemble.covers.empty())
      continue;
    ensemble.covers[i] = covers_of_copy(ensemble.covers[i], copy.sources());
    if (ensemble.covers[i].empty())
      ensemble.covers.clear();
  }
  return {};
}

core::result<void> explain_trees(node& from, const tree_input& in, const tree_ensemble& ensemble,
                                 const std::vector<double>& bases) {
  auto* wanted = from.explanations();
  if (wanted == nullptr)
    return {};
  if (wanted->ensembles++ > 0)
    return fail("a model of several ensembles of trees cannot be explained");
  std::vector<std::uint32_t> features;
  for (const auto column : in.columns) {
    const auto behind = from.program().inputs_behind(column);
    if (behind.size() > 1)
      return fail("the trees compare what is made of several features: that cannot be explained");
    features.push_back(behind.empty() ? 0 : static_cast<std::uint32_t>(behind.front()));
  }
  auto explains = tree_shap::make(ensemble, std::move(features), wanted->features);
  if (!explains)
    return tl::unexpected{explains.error()};
  wanted->expected = explains->expected();
  for (std::size_t k = 0; k < std::min(bases.size(), wanted->expected.size()); ++k)
    wanted->expected[k] += bases[k + bases.size() - std::min(bases.size(), wanted->expected.size())];
  wanted->columns = from.program().make(element::f64, wanted->features * explains->outputs());
  if (in.is_double)
    from.program().add<shap_kernel<double>>(in.columns, wanted->columns, *std::move(explains));
  else
    from.program().add<shap_kernel<float>>(in.columns, wanted->columns, *std::move(explains));
  return {};
}

core::result<registers> tree_columns(program_builder& program, const tree_input& in, tree_ensemble ensemble) {
  const auto outputs = ensemble.outputs;
  const auto trees = static_cast<double>(ensemble.trees.size());
  const auto is_average = ensemble.aggregate == aggregation::average;
  registers made;
  auto flat = is_for_forest(ensemble) ? std::optional{forest::make(ensemble)} : std::nullopt;
  if (flat && *flat) {
    made = add(program, in, outputs, **std::move(flat));
  } else if (flat && !tests_members(ensemble)) {
    return tl::unexpected{flat->error()};
  } else {
    made = add(program, in, outputs, plain_trees{std::move(ensemble)});
  }
  if (is_average)
    made = map_columns<double, double>(program, made, [trees](double sum) { return sum / trees; });
  return made;
}

} // namespace weir::models
