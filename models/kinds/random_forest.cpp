#include "models/kinds/forests.hpp"

namespace weir::models {

namespace {

constexpr auto more =
    option<&forest_options::bootstrap>("bootstrap", "each tree learns from rows drawn with replacement");
constexpr auto options = with_more(detail::forest_training_options, more);

core::result<trained_model> train(const training_data& data, std::uint64_t random_state, forest_options how) {
  how.random_state = random_state;
  return detail::train_forest_file(data, how);
}

} // namespace

constexpr model_kind kinds::random_forest{
    .name = "random_forest",
    .help =
        "a regressor or classifier: the mean of trees that each learned from another sample of the rows (Breiman 2001)",
    .example = "weir train houses.csv --model random_forest --target price --features rooms,area --out price.onnx",
    .operators = detail::tree_operators,
    .options = options,
    .takes_bins = true,
    .takes_categories = true,
    .train = train_with<forest_options, options, train>};

} // namespace weir::models
