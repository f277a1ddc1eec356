#include "models/kernel/svc.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/svm_file.hpp"

#include <array>

namespace weir::models {

namespace {

using settings = svc_options;

constexpr std::array options{
    option<&settings::kernel>("kernel", "rbf, or linear"),
    option<&settings::gamma>("gamma", "of rbf, how fast likeness falls with distance: scale (1 / (features * variance "
                                      "of all values)), auto (1 / features) or a number"),
    option<&settings::C>("C", "the less, the wider the margin between classes"),
    option<&settings::class_weight>(
        "class_weight",
        "balanced: classes count alike, however many rows they have; or weights of their labels: yes:3,no:1"),
    option<&settings::tol>("tol", "how exactly it is solved"),
    option<&settings::max_iter>("max_iter", "steps of the solver"),
};

constexpr std::array<std::string_view, 2> written_as{"SVMClassifier", "SVMRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const settings& how) {
  return fit_svc(data, how).map([&](const pairwise_fit& made) {
    return trained_model{write_support_classifier(made, data),
                         {{made.vectors.size() / made.features, "support vectors"}}};
  });
}

} // namespace

constexpr model_kind kinds::svc{
    .name = "svc",
    .help = "a classifier: the widest margin between each two classes, says no probabilities (Cortes and Vapnik 1995)",
    .example = "weir train loans.csv --model svc --target repaid --classify --features sum,age --out repaid.onnx",
    .operators = written_as,
    .learns = learning::classes,
    .options = options,
    .takes_weights = false,
    .train = train_with<settings, options, train>};

} // namespace weir::models
