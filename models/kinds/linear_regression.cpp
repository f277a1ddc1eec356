#include "models/kinds/model_kind.hpp"
#include "models/linear/least_squares.hpp"
#include "models/onnx/linear_file.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&linear_regression_options::fit_intercept>("fit_intercept", "false: what is said of a row of zeros is 0"),
};

constexpr std::array<std::string_view, 1> written_as{"LinearRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const linear_regression_options& how) {
  return fit_linear_regression(data, how).map([&](const linear_fit& made) {
    return trained_model{write_linear_regressor(made, data), {{made.coefficients.size(), "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::linear_regression{
    .name = "linear_regression",
    .help = "a regressor: a weighted sum of the features, by ordinary least squares",
    .example = "weir train houses.csv --model linear_regression --target price --features rooms,area --out price.onnx",
    .operators = written_as,
    .learns = learning::values,
    .options = options,
    .train = train_with<linear_regression_options, options, train>};

} // namespace weir::models
