#include "models/onnx/file_facts.hpp"

#include "models/onnx/constant.hpp"
#include "models/onnx/metadata.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

/// Protobuf's own limit.
constexpr auto max_bytes = static_cast<std::size_t>(std::numeric_limits<int>::max());

/// More than any classifier has.
constexpr std::size_t max_classes = 100'000;

bool is_outside(const onnx::TensorProto& of) {
  return of.data_location() == onnx::TensorProto::EXTERNAL || of.external_data_size() > 0;
}

bool reads_other_files(const onnx::GraphProto& graph);

bool reads_other_files(const onnx::NodeProto& node) {
  return std::ranges::any_of(node.attribute(), [](const onnx::AttributeProto& a) {
    return (a.has_t() && is_outside(a.t())) || std::ranges::any_of(a.tensors(), is_outside)
           || (a.has_g() && reads_other_files(a.g()))
           || std::ranges::any_of(a.graphs(), [](const auto& graph) { return reads_other_files(graph); });
  });
}

bool reads_other_files(const onnx::GraphProto& graph) {
  const auto is_outside_sparse = [](const onnx::SparseTensorProto& of) {
    return is_outside(of.values()) || is_outside(of.indices());
  };
  return std::ranges::any_of(graph.initializer(), is_outside)
         || std::ranges::any_of(graph.sparse_initializer(), is_outside_sparse)
         || std::ranges::any_of(graph.node(), [](const auto& node) { return reads_other_files(node); });
}

template <class T>
void add_classes(std::vector<T> values, std::vector<class_labels>& into) {
  if (values.size() > 1 && values.size() <= max_classes
      && std::set<T>{values.begin(), values.end()}.size() == values.size())
    into.emplace_back(std::move(values));
}

/// The values of a constant that a node chooses from.
void add_choices(const onnx::TensorProto& from, std::vector<class_labels>& into) {
  const auto constant = read_constant(from);
  if (!constant || constant->constant == nullptr)
    return;
  std::visit(
      [&](const auto& values) {
        using held = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<held, std::int64_t> || std::is_same_v<held, std::string>)
          add_classes(values, into);
      },
      *constant->constant);
}

std::vector<class_labels> find_classes(const onnx::GraphProto& graph) {
  std::vector<class_labels> found;
  for (const auto& node : graph.node()) {
    for (const auto& attribute : node.attribute())
      if (attribute.name() == "classlabels_ints" || attribute.name() == "classlabels_int64s")
        add_classes(std::vector<std::int64_t>(attribute.ints().begin(), attribute.ints().end()), found);
      else if (attribute.name() == "classlabels_strings")
        add_classes(std::vector<std::string>(attribute.strings().begin(), attribute.strings().end()), found);
    if (node.op_type() != "ArrayFeatureExtractor" || node.input().empty())
      continue;
    for (const auto& constant : graph.initializer())
      if (constant.name() == node.input(0))
        add_choices(constant, found);
  }
  return found;
}

} // namespace

core::result<file_facts> read_facts(std::string_view bytes) {
  onnx::ModelProto file;
  if (bytes.size() > max_bytes || !file.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return core::fail("this is no ONNX file");
  const auto outside = std::ranges::any_of(file.functions(), [](const onnx::FunctionProto& of) {
    return std::ranges::any_of(of.node(), [](const auto& node) { return reads_other_files(node); });
  });
  if (outside || reads_other_files(file.graph()))
    return core::fail("the file keeps values in other files", {}, "save the model as one file");
  file_facts facts;
  if (auto good = read_metadata(file, facts.named); !good)
    return tl::unexpected{std::move(good.error())};
  facts.classes = find_classes(file.graph());
  return facts;
}

} // namespace weir::models
