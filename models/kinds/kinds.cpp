#include "models/kinds/model_kind.hpp"

#include "core/base/nearest_name.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array all_kinds{&kinds::random_forest,     &kinds::extra_trees,  &kinds::gradient_boosting,
                               &kinds::linear_regression, &kinds::ridge,        &kinds::lasso,
                               &kinds::elastic_net,       &kinds::kernel_ridge, &kinds::svr,
                               &kinds::linear_svc,        &kinds::svc,          &kinds::logistic_regression,
                               &kinds::gaussian_nb,       &kinds::k_means,      &kinds::isolation_forest,
                               &kinds::one_class_svm,     &kinds::tree_ensemble};

} // namespace

std::span<const model_kind* const> model_kinds() noexcept {
  return all_kinds;
}

std::vector<trained_model::part> parts_of(const tree_ensemble& trees) {
  std::size_t nodes = 0;
  for (const auto& tree : trees.trees)
    nodes += tree.size();
  return {{trees.trees.size(), "trees"}, {nodes, "nodes"}};
}

core::result<const model_kind*> find_trained_kind(std::string_view name) {
  std::vector<std::string_view> names;
  std::string listed;
  for (const auto* kind : model_kinds()) {
    if (kind->train == nullptr)
      continue;
    if (kind->name == name)
      return kind;
    names.push_back(kind->name);
    listed += (listed.empty() ? "" : ", ") + std::string{kind->name};
  }
  const auto near = core::did_you_mean(name, names);
  return core::fail("there is no trainer of '" + std::string{name} + "'", {},
                    near.empty() ? "weir trains " + listed : near);
}

} // namespace weir::models
