#include "models/linear/logistic_regression.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/linear_file.hpp"

#include <array>

namespace weir::models {

namespace {

using settings = logistic_regression_options;

constexpr std::array options{
    option<&settings::C>("C", "the less, the more coefficients are drawn to 0"),
    option<&settings::fit_intercept>("fit_intercept", "false: a row of zeros is as likely of each class"),
    option<&settings::class_weight>(
        "class_weight",
        "balanced: classes count alike, however many rows they have; or weights of their labels: yes:3,no:1"),
    option<&settings::max_iter>("max_iter", "steps of Newton's method"),
};

constexpr std::array<std::string_view, 1> written_as{"LinearClassifier"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const settings& how) {
  return fit_logistic_regression(data, how).map([&](const std::vector<linear_fit>& made) {
    return trained_model{write_linear_classifier(made, data),
                         {{made.size() * made.front().coefficients.size(), "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::logistic_regression{
    .name = "logistic_regression",
    .help = "a classifier: weighted sums of the features are the log-odds of the classes",
    .example = "weir train loans.csv --model logistic_regression --target repaid --classify --features sum,age "
               "--out repaid.onnx",
    .operators = written_as,
    .learns = learning::classes,
    .options = options,
    .train = train_with<settings, options, train>};

} // namespace weir::models
