#include "models/kinds/forests.hpp"
#include "models/onnx/tree_file.hpp"
#include "models/trees/boosting.hpp"

namespace weir::models {

namespace {

constexpr std::array options{
    option<&boosting_options::loss>("loss", "squared_error (default), absolute_error or poisson; of classes log_loss"),
    option<&boosting_options::learning_rate>("learning_rate", "share of its step that a tree makes"),
    option<&boosting_options::max_iter>("max_iter", "number of trees, of each class where there are more than two"),
    option<&boosting_options::max_leaf_nodes>("max_leaf_nodes", "of a tree, the best splits first; 0: no limit"),
    option<&boosting_options::max_depth>("max_depth", "of a tree; 0: no limit"),
    option<&boosting_options::min_samples_leaf>("min_samples_leaf", "least rows of a leaf"),
    option<&boosting_options::l2_regularization>("l2_regularization", "draws leaves to 0"),
    option<&boosting_options::max_features>("max_features", "share of the features that a split is chosen among"),
    option<&boosting_options::max_bins>("max_bins", "of a feature: between them splits are chosen"),
    option<&boosting_options::monotonic_cst>("monotonic_cst", "for each feature 1: rises, -1: falls, 0: free"),
    option<&boosting_options::n_iter_no_change>("n_iter_no_change",
                                                "ends when so many trees have not helped held-out rows; 0: never"),
    option<&boosting_options::validation_fraction>("validation_fraction",
                                                   "share of the rows that is held out for that"),
    option<&boosting_options::class_weight>(
        "class_weight",
        "balanced: classes count alike, however many rows they have; or weights of their labels: yes:3,no:1"),
};

/// What turns the sums into what is asked for.
std::string_view transform_of(const training_data& data) {
  if (data.labels == nullptr)
    return "NONE";
  return size_of(*data.labels) == 2 ? "LOGISTIC" : "SOFTMAX";
}

core::result<trained_model> train(const training_data& data, std::uint64_t random_state, boosting_options how) {
  how.random_state = random_state;
  return train_boosting(data, how).map([&](const trained_boosting& made) {
    const auto& [trees, bases] = made;
    const auto after = how.loss == "poisson" ? "Exp" : "";
    return trained_model{write_trees(trees, data, bases, transform_of(data), after), parts_of(trees.trees),
                         trees.importances};
  });
}

} // namespace

constexpr model_kind kinds::gradient_boosting{
    .name = "gradient_boosting",
    .help = "a regressor or classifier: trees that each learn what the ones before leave over (Friedman 2001)",
    .example = "weir train houses.csv --model gradient_boosting --target price --features rooms,area --out price.onnx",
    .operators = detail::tree_operators,
    .options = options,
    .takes_bins = true,
    .takes_categories = true,
    .train = train_with<boosting_options, options, train>};

} // namespace weir::models
