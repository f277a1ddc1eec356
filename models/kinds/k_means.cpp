#include "models/linear/k_means.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/cluster_file.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array options{
    option<&k_means_options::n_clusters>("n_clusters", "number of clusters"),
    option<&k_means_options::n_init>("n_init", "of so many runs from other centres the best is taken"),
    option<&k_means_options::max_iter>("max_iter", "moves of the centres in a run"),
};

constexpr std::array<std::string_view, 1> written_as{"ArgMin"};

core::result<trained_model> train(const training_data& data, std::uint64_t random_state, k_means_options how) {
  how.random_state = random_state;
  return fit_k_means(data, how).map([&](const clusters& made) {
    return trained_model{write_clusters(made, data), {{made.centres.size(), "clusters"}}};
  });
}

} // namespace

constexpr model_kind kinds::k_means{
    .name = "k_means",
    .help = "which of some clusters a row is in, and how far it is from their centres (Lloyd 1982)",
    .example = "weir train loads.csv --model k_means --features rows,seconds --out kind.onnx",
    .operators = written_as,
    .learns = learning::unsupervised,
    .options = options,
    .train = train_with<k_means_options, options, train>};

} // namespace weir::models
