#include "models/onnx/reader.hpp"

#include "models/onnx/metadata.hpp"
#include "models/onnx/operator.hpp"

#include <limits>
#include <map>
#include <string>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

using core::fail;

/// Protobuf's own limit.
constexpr auto max_bytes = static_cast<std::size_t>(std::numeric_limits<int>::max());

/// More than a model of any use has.
constexpr std::int64_t max_features = 1'000'000;

constexpr const char* one_tensor = "export it with all features in one float tensor";

core::result<graph_features> features_of(const onnx::ValueInfoProto& input) {
  const auto& tensor = input.type().tensor_type();
  if (!tensor.has_shape())
    return graph_features{};
  if (tensor.shape().dim_size() != 2)
    return fail("input '" + input.name() + "' is no matrix", {}, one_tensor);
  const auto columns = tensor.shape().dim(1).dim_value();
  if (columns < 0 || columns > max_features)
    return fail("input '" + input.name() + "' has " + std::to_string(columns) + " columns");
  return graph_features{static_cast<std::size_t>(columns)};
}

/// Walks a graph from its input to its outputs, and knows what is known of each value. Nodes stand in the order of
/// their data.
class graph_walk {
public:
  core::result<std::shared_ptr<model_definition>> run(const onnx::GraphProto& graph) {
    if (graph.node().empty())
      return fail("the graph is empty");
    if (graph.input_size() != 1)
      return fail("the model has " + std::to_string(graph.input_size()) + " inputs", {}, one_tensor);
    const auto features = features_of(graph.input(0));
    if (!features)
      return tl::unexpected{features.error()};
    values_.emplace(graph.input(0).name(), *features);
    for (const auto& node : graph.node())
      if (auto good = walk(node); !good)
        return tl::unexpected{good.error()};
    return model_behind(graph);
  }

private:
  core::result<void> walk(const onnx::NodeProto& node) {
    const auto known = find_operator(node);
    if (!known)
      return tl::unexpected{known.error()};
    std::vector<graph_value> inputs;
    for (const auto& name : node.input()) {
      const auto input = values_.find(name);
      if (input == values_.end())
        return fail("operator '" + node.op_type() + "' reads '" + name + "', which nothing before it makes");
      inputs.push_back(input->second);
    }
    auto outputs = (*known)->read(node, inputs);
    if (!outputs)
      return tl::unexpected{outputs.error()};
    return name_outputs(node, *std::move(outputs));
  }

  /// A node need not name all that its operator makes.
  core::result<void> name_outputs(const onnx::NodeProto& node, std::vector<graph_value> outputs) {
    const auto count = static_cast<std::size_t>(node.output_size());
    if (count > outputs.size())
      return fail("operator '" + node.op_type() + "' has " + std::to_string(count) + " outputs");
    for (std::size_t i = 0; i < count; ++i) {
      const auto& name = node.output(static_cast<int>(i));
      if (!name.empty() && !values_.emplace(name, std::move(outputs[i])).second)
        return fail("'" + name + "' is made twice");
    }
    return {};
  }

  /// The model that all outputs of the graph come from.
  core::result<std::shared_ptr<model_definition>> model_behind(const onnx::GraphProto& graph) const {
    std::shared_ptr<model_definition> found;
    for (const auto& output : graph.output()) {
      const auto value = values_.find(output.name());
      if (value == values_.end())
        return fail("nothing makes the output '" + output.name() + "'");
      const auto* prediction = std::get_if<graph_prediction>(&value->second);
      if (prediction == nullptr)
        return fail("the output '" + output.name() + "' is no prediction", {}, "export all up to the model itself");
      if (found != nullptr && found != prediction->made_by)
        return fail("the outputs come from several models", {}, "export each into a file of its own");
      found = prediction->made_by;
    }
    if (found == nullptr)
      return fail("the graph has no output");
    return found;
  }

  std::map<std::string, graph_value, std::less<>> values_;
};

} // namespace

core::result<std::shared_ptr<const model_definition>> read_onnx(std::string_view bytes) {
  onnx::ModelProto file;
  if (bytes.size() > max_bytes || !file.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail("this is no ONNX file");
  auto model = graph_walk{}.run(file.graph());
  if (!model)
    return tl::unexpected{model.error()};
  if (auto good = read_metadata(file, **model); !good)
    return tl::unexpected{good.error()};
  return *std::move(model);
}

} // namespace weir::models
