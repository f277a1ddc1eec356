#include "models/linear/gaussian_nb.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/gaussian_file.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&gaussian_nb_options::var_smoothing>(
        "var_smoothing", "share of the largest variance of a feature that all variances grow by"),
};

constexpr std::array<std::string_view, 1> written_as{"Softmax"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const gaussian_nb_options& how) {
  return fit_gaussian_nb(data, how).map([&](const std::vector<gaussian_class>& made) {
    return trained_model{write_gaussian_classifier(made, data), {{made.size(), "classes"}}};
  });
}

} // namespace

constexpr model_kind kinds::gaussian_nb{
    .name = "gaussian_nb",
    .help = "a classifier: in each class each feature has a normal distribution of its own (naive Bayes)",
    .example = "weir train loans.csv --model gaussian_nb --target repaid --classify --features sum,age "
               "--out repaid.onnx",
    .operators = written_as,
    .learns = learning::classes,
    .options = options,
    .train = train_with<gaussian_nb_options, options, train>};

} // namespace weir::models
