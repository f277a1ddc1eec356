#include "models/trees/isolation_forest.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/tree_file.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&isolation_options::n_estimators>("n_estimators", "number of trees"),
    option<&isolation_options::max_samples>("max_samples", "rows that a tree isolates, drawn without replacement"),
};

constexpr std::array<std::string_view, 1> written_as{"TreeEnsembleRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t random_state, isolation_options how) {
  how.random_state = random_state;
  return train_isolation_forest(data, how).map([&](const isolation_trees& made) {
    return trained_model{write_isolation_trees(made.trees, made.mean_path, data), parts_of(made.trees)};
  });
}

} // namespace

constexpr model_kind kinds::isolation_forest{
    .name = "isolation_forest",
    .help = "how unusual a row is, from 0 to 1: few random splits leave it alone (Liu, Ting and Zhou 2008)",
    .example = "weir train loads.csv --model isolation_forest --features rows,seconds --out unusual.onnx",
    .operators = written_as,
    .learns = learning::unsupervised,
    .options = options,
    .takes_weights = false,
    .train = train_with<isolation_options, options, train>};

} // namespace weir::models
