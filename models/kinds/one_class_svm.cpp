#include "models/kernel/one_class_svm.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/svm_file.hpp"

#include <array>

namespace weir::models {

namespace {

using settings = one_class_svm_options;

constexpr std::array options{
    option<&settings::kernel>("kernel", "rbf, or linear"),
    option<&settings::gamma>("gamma", "of rbf, how fast likeness falls with distance: scale (1 / (features * variance "
                                      "of all values)), auto (1 / features) or a number"),
    option<&settings::nu>("nu", "about the share of the rows that are said to be unusual"),
    option<&settings::tol>("tol", "how exactly it is solved"),
    option<&settings::max_iter>("max_iter", "steps of the solver"),
};

constexpr std::array<std::string_view, 1> written_as{"SVMRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const settings& how) {
  return fit_one_class_svm(data, how).map([&](const kernel_fit& made) {
    return trained_model{write_kernel_anomaly(made, data), {{made.coefficients.size(), "support vectors"}}};
  });
}

} // namespace

constexpr model_kind kinds::one_class_svm{
    .name = "one_class_svm",
    .help = "how unusual a row is, above 0 where it lies outside of what is usual (Schoelkopf et al. 2001)",
    .example = "weir train loads.csv --model one_class_svm --features rows,seconds --nu 0.01 --out unusual.onnx",
    .operators = written_as,
    .learns = learning::unsupervised,
    .options = options,
    .takes_weights = false,
    .train = train_with<settings, options, train>};

} // namespace weir::models
