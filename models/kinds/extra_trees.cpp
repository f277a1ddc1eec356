#include "models/kinds/forests.hpp"

namespace weir::models {

namespace {

core::result<trained_model> train(const training_data& data, std::uint64_t random_state, forest_options how) {
  how.random_state = random_state;
  how.bootstrap = false;
  how.random_thresholds = true;
  return detail::train_forest_file(data, how);
}

} // namespace

constexpr model_kind kinds::extra_trees{
    .name = "extra_trees",
    .help = "a regressor or classifier: the mean of trees whose thresholds are drawn at random (Geurts 2006)",
    .example = "weir train houses.csv --model extra_trees --target price --features rooms,area --out price.onnx",
    .operators = detail::tree_operators,
    .options = detail::forest_training_options,
    .takes_bins = true,
    .takes_categories = true,
    .train = train_with<forest_options, detail::forest_training_options, train>};

} // namespace weir::models
