#include "models/kinds/forests.hpp"

#include "models/categories.hpp"
#include "models/onnx/tree_file.hpp"

namespace weir::models::detail {

core::result<trained_model> train_forest_file(const training_data& given, forest_options how) {
  if (auto good = check(given); !good)
    return tl::unexpected{std::move(good.error())};
  const auto ordered = given.categories.empty() ? training_data{} : with_ordered_categories(given);
  const auto& data = given.categories.empty() ? given : ordered;
  return train_forest(data, how).map([&](const trained_trees& made) {
    return trained_model{write_trees(made, data, {}, "NONE"), parts_of(made.trees), made.importances};
  });
}

} // namespace weir::models::detail
