#include "models/kinds/model_kind.hpp"
#include "models/onnx/writer.hpp"
#include "models/trainer.hpp"
#include "models/tree_model.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&forest_options::n_estimators>("n_estimators", "number of trees"),
    option<&forest_options::max_depth>("max_depth", "of a tree; 0: no limit"),
    option<&forest_options::min_samples_leaf>("min_samples_leaf", "least rows of a leaf"),
    option<&forest_options::max_features>("max_features", "share of the features that a split is chosen among"),
};

constexpr std::array written_as{&operators::tree_ensemble_regressor};

core::result<trained_model> train(const training_data& data, std::uint64_t random_state, forest_options how) {
  how.random_state = random_state;
  return train_forest(data, how).map([&](tree_ensemble&& trees) {
    tree_model made;
    made.ensemble = std::move(trees);
    made.feature_names = data.feature_names;
    made.encoders = data.encoders;
    std::size_t nodes = 0;
    for (const auto& tree : made.ensemble.trees)
      nodes += tree.size();
    return trained_model{write_onnx(made), {{made.ensemble.trees.size(), "trees"}, {nodes, "nodes"}}};
  });
}

} // namespace

constexpr model_kind kinds::random_forest{
    .name = "random_forest",
    .help = "a regressor: the mean of trees that each learned from another sample of the rows (Breiman 2001)",
    .example = "weir train houses.csv --model random_forest --target price --features rooms,area --out price.onnx",
    .operators = written_as,
    .options = options,
    .train = train_with<forest_options, options, train>};

} // namespace weir::models
