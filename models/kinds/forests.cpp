#include "models/kinds/forests.hpp"

#include "models/onnx/tree_file.hpp"

namespace weir::models::detail {

core::result<trained_model> train_forest_file(const training_data& data, forest_options how) {
  return train_forest(data, how).map([&](const trained_trees& made) {
    return trained_model{write_trees(made, data, {}, "NONE"), parts_of(made.trees), made.importances};
  });
}

} // namespace weir::models::detail
