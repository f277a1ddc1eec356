#include "models/kernel/linear_svc.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/linear_file.hpp"

#include <array>

namespace weir::models {

namespace {

using settings = linear_svc_options;

constexpr std::array options{
    option<&settings::C>("C", "the less, the more coefficients are drawn to 0"),
    option<&settings::class_weight>(
        "class_weight",
        "balanced: classes count alike, however many rows they have; or weights of their labels: yes:3,no:1"),
    option<&settings::tol>("tol", "how exactly it is solved"),
    option<&settings::max_iter>("max_iter", "passes over the rows; 0: as many as 500,000,000 products make"),
};

constexpr std::array<std::string_view, 1> written_as{"LinearClassifier"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const settings& how) {
  return fit_linear_svc(data, how).map([&](const std::vector<linear_fit>& made) {
    return trained_model{write_deciding_classifier(made, data),
                         {{made.size() * made.front().coefficients.size(), "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::linear_svc{
    .name = "linear_svc",
    .help = "a classifier: the plane with the widest margin between a class and the rest, says no probabilities (Hsieh "
            "et al. 2008)",
    .example =
        "weir train loans.csv --model linear_svc --target repaid --classify --features sum,age --out repaid.onnx",
    .operators = written_as,
    .learns = learning::classes,
    .options = options,
    .takes_weights = false,
    .train = train_with<settings, options, train>};

} // namespace weir::models
