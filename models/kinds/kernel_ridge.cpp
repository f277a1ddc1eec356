#include "models/kernel/kernel_ridge.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/svm_file.hpp"

#include <array>

namespace weir::models {

namespace {

using settings = kernel_ridge_options;

constexpr std::array options{
    option<&settings::kernel>("kernel", "linear, or rbf"),
    option<&settings::gamma>("gamma", "of rbf, how fast likeness falls with distance: scale (1 / (features * variance "
                                      "of all values)), auto (1 / features) or a number"),
    option<&settings::alpha>("alpha", "draws coefficients to 0"),
};

constexpr std::array<std::string_view, 2> written_as{"SVMRegressor", "LinearRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const settings& how) {
  return fit_kernel_ridge(data, how).map([&](const kernel_fit& made) {
    return trained_model{write_kernel_regressor(made, data),
                         {made.kernel.is_rbf ? trained_model::part{made.coefficients.size(), "vectors"}
                                             : trained_model::part{made.features, "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::kernel_ridge{
    .name = "kernel_ridge",
    .help = "a regressor: sums over likenesses to all rows, under a square penalty, without intercept (Saunders et al. "
            "1998)",
    .example =
        "weir train houses.csv --model kernel_ridge --kernel rbf --target price --features rooms,area --out price.onnx",
    .operators = written_as,
    .learns = learning::values,
    .options = options,
    .train = train_with<settings, options, train>};

} // namespace weir::models
