#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

namespace weir::models {

namespace {

/// Each probability gets its label beside it, which a scorer does not need.
core::result<std::vector<graph_value>> read(const onnx::NodeProto& node, std::span<const graph_value> inputs) {
  return only_input(node, inputs).and_then([](graph_value&& input) -> core::result<std::vector<graph_value>> {
    const auto* prediction = std::get_if<graph_prediction>(&input);
    if (prediction == nullptr || prediction->what != graph_prediction::part::probabilities)
      return core::fail("ZipMap reads something else than the probabilities of a classifier");
    return std::vector{std::move(input)};
  });
}

} // namespace

constexpr onnx_operator operators::zip_map{"ZipMap", "ai.onnx.ml",
                                           "names the probabilities of a classifier by its labels", read};

} // namespace weir::models
