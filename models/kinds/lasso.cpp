#include "models/kinds/model_kind.hpp"
#include "models/linear/elastic_net.hpp"
#include "models/onnx/linear_file.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&lasso_options::alpha>("alpha", "draws coefficients to 0"),
    option<&lasso_options::fit_intercept>("fit_intercept", "false: what is said of a row of zeros is 0"),
    option<&lasso_options::max_iter>("max_iter", "passes over the features"),
};

constexpr std::array<std::string_view, 1> written_as{"LinearRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const lasso_options& how) {
  return fit_lasso(data, how).map([&](const linear_fit& made) {
    return trained_model{write_linear_regressor(made, data), {{made.coefficients.size(), "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::lasso{
    .name = "lasso",
    .help = "a regressor: a weighted sum of few of the features, by an absolute penalty (Tibshirani 1996)",
    .example = "weir train houses.csv --model lasso --target price --features rooms,area --out price.onnx",
    .operators = written_as,
    .learns = learning::values,
    .options = options,
    .train = train_with<lasso_options, options, train>};

} // namespace weir::models
