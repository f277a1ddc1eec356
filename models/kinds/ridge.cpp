#include "models/kinds/model_kind.hpp"
#include "models/linear/least_squares.hpp"
#include "models/onnx/linear_file.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&ridge_options::alpha>("alpha", "draws coefficients to 0"),
    option<&ridge_options::fit_intercept>("fit_intercept", "false: what is said of a row of zeros is 0"),
};

constexpr std::array<std::string_view, 1> written_as{"LinearRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const ridge_options& how) {
  return fit_ridge(data, how).map([&](const linear_fit& made) {
    return trained_model{write_linear_regressor(made, data), {{made.coefficients.size(), "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::ridge{
    .name = "ridge",
    .help = "a regressor: a weighted sum whose weights a square penalty keeps small (Hoerl and Kennard 1970)",
    .example = "weir train houses.csv --model ridge --target price --features rooms,area --out price.onnx",
    .operators = written_as,
    .learns = learning::values,
    .options = options,
    .train = train_with<ridge_options, options, train>};

} // namespace weir::models
