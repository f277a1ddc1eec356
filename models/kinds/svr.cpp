#include "models/kernel/svr.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/svm_file.hpp"

#include <array>

namespace weir::models {

namespace {

using settings = svr_options;

constexpr std::array options{
    option<&settings::kernel>("kernel", "rbf, or linear"),
    option<&settings::gamma>("gamma", "of rbf, how fast likeness falls with distance: scale (1 / (features * variance "
                                      "of all values)), auto (1 / features) or a number"),
    option<&settings::C>("C", "the less, the smoother"),
    option<&settings::epsilon>("epsilon", "errors up to it do not count"),
    option<&settings::tol>("tol", "how exactly it is solved"),
    option<&settings::max_iter>("max_iter", "steps of the solver"),
};

constexpr std::array<std::string_view, 2> written_as{"SVMRegressor", "LinearRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const settings& how) {
  return fit_svr(data, how).map([&](const kernel_fit& made) {
    return trained_model{write_kernel_regressor(made, data),
                         {made.kernel.is_rbf ? trained_model::part{made.coefficients.size(), "support vectors"}
                                             : trained_model::part{made.features, "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::svr{
    .name = "svr",
    .help = "a regressor: sums over likenesses to some rows, which ignores small errors (Drucker et al. 1997)",
    .example = "weir train houses.csv --model svr --target price --features rooms,area --C 10 --out price.onnx",
    .operators = written_as,
    .learns = learning::values,
    .options = options,
    .takes_weights = false,
    .train = train_with<settings, options, train>};

} // namespace weir::models
