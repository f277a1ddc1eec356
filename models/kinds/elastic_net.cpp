#include "models/linear/elastic_net.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/linear_file.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&elastic_net_options::alpha>("alpha", "draws coefficients to 0"),
    option<&elastic_net_options::l1_ratio>("l1_ratio", "share of the absolute penalty; the rest is the square one's"),
    option<&elastic_net_options::fit_intercept>("fit_intercept", "false: what is said of a row of zeros is 0"),
    option<&elastic_net_options::max_iter>("max_iter", "passes over the features"),
};

constexpr std::array<std::string_view, 1> written_as{"LinearRegressor"};

core::result<trained_model> train(const training_data& data, std::uint64_t, const elastic_net_options& how) {
  return fit_elastic_net(data, how).map([&](const linear_fit& made) {
    return trained_model{write_linear_regressor(made, data), {{made.coefficients.size(), "coefficients"}}};
  });
}

} // namespace

constexpr model_kind kinds::elastic_net{
    .name = "elastic_net",
    .help = "a regressor: a weighted sum under an absolute and a square penalty (Zou and Hastie 2005)",
    .example = "weir train houses.csv --model elastic_net --target price --features rooms,area --out price.onnx",
    .operators = written_as,
    .learns = learning::values,
    .options = options,
    .train = train_with<elastic_net_options, options, train>};

} // namespace weir::models
