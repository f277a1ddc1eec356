#include "models/onnx/reader.hpp"

#include "models/graph_model.hpp"
#include "models/onnx/constant.hpp"
#include "models/onnx/element_type.hpp"
#include "models/onnx/meaning.hpp"
#include "models/onnx/metadata.hpp"
#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"
#include "models/onnx/tree_program.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

using core::fail;

/// Protobuf's own limit.
constexpr auto max_bytes = static_cast<std::size_t>(std::numeric_limits<int>::max());

/// More than a model of any use has.
constexpr std::int64_t max_features = 1'000'000;

const onnx::AttributeProto* attribute_of(const onnx::NodeProto& of, std::string_view name) {
  for (const auto& attribute : of.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

/// How many columns a node needs of its input, as far as its attributes say; 0 where they do not.
std::int64_t columns_wanted_by(const onnx::NodeProto& of) {
  if (const auto* features = attribute_of(of, "nodes_featureids"); features != nullptr && !features->ints().empty())
    return *std::max_element(features->ints().begin(), features->ints().end()) + 1;
  if (const auto* offsets = attribute_of(of, "offset"); offsets != nullptr)
    return offsets->floats_size();
  if (const auto* coefficients = attribute_of(of, "coefficients"); coefficients != nullptr) {
    const auto* intercepts = attribute_of(of, "intercepts");
    return coefficients->floats_size() / std::max(intercepts == nullptr ? 1 : intercepts->floats_size(), 1);
  }
  return 0;
}

/// Walks a graph from its inputs to its outputs, and knows what is known of each value. Nodes stand in the order of
/// their data.
class graph_reader {
public:
  graph_reader(const onnx::ModelProto& file, bool explains) : file_{file}, graph_{file.graph()}, explains_{explains} {}

  core::result<model_ptr> run(model_identity who) {
    if (graph_.node().empty())
      return fail("the graph is empty");
    auto good = read_versions()
                    .and_then([&] { return read_constants(); })
                    .and_then([&] { return read_metadata(file_, meaning_); })
                    .and_then([&] { return read_inputs(); });
    for (int i = 0; i < graph_.node_size() && good; ++i)
      good = walk(graph_.node(i));
    if (good)
      good = read_outputs();
    if (!good)
      return tl::unexpected{good.error()};
    return std::make_shared<const graph_model>(std::move(meaning_), std::move(who),
                                               program_.finish(std::move(outputs_)));
  }

private:
  using done = core::result<void>;

  done read_versions() {
    if (!graph_.sparse_initializer().empty() || !file_.functions().empty())
      return fail("the file has sparse tensors or functions of its own, which are not supported");
    for (const auto& set : file_.opset_import())
      versions_[set.domain().empty() ? "ai.onnx" : set.domain()] = set.version();
    return {};
  }

  done read_constants() {
    for (const auto& initializer : graph_.initializer()) {
      auto made = read_constant(initializer);
      if (!made)
        return tl::unexpected{made.error()};
      if (!values_.emplace(initializer.name(), *std::move(made)).second)
        return fail("'" + initializer.name() + "' is there twice");
    }
    return {};
  }

  done read_inputs() {
    const auto names = std::exchange(meaning_.features, {});
    bool is_wide = false;
    for (const auto& input : graph_.input()) {
      if (values_.contains(input.name())) // a constant, as early files have it
        continue;
      auto made = read_input(input, names.size());
      if (!made)
        return tl::unexpected{made.error()};
      for (std::size_t i = 0; i < made->columns.size(); ++i)
        meaning_.features.push_back(
            {input.name() + (made->columns.size() > 1 ? "[" + std::to_string(i) + "]" : ""), made->type});
      is_wide = is_wide || made->columns.size() > 1;
      if (!values_.emplace(input.name(), *std::move(made)).second)
        return fail("the input '" + input.name() + "' is there twice");
    }
    if (meaning_.features.empty())
      return fail("the model has no inputs");
    explanations_.features = meaning_.features.size();
    return name_features(meaning_, names, is_wide);
  }

  /// @param named how many features the metadata name
  core::result<tensor> read_input(const onnx::ValueInfoProto& input, std::size_t named) {
    const auto& type = input.type().tensor_type();
    // a file that leaves the type open means float
    const std::optional<models::element> element =
        input.has_type() ? element_of_onnx(type.elem_type()) : models::element::f32;
    if (!element)
      return fail("input '" + input.name() + "' has type " + std::to_string(type.elem_type()), {},
                  "weir gives a model float, double, int64, bool and string");
    tensor_shape shape{rows_axis};
    const auto axes = type.has_shape() ? type.shape().dim_size() : 2;
    if (axes > 2 || axes < 1)
      return fail("input '" + input.name() + "' has " + std::to_string(axes) + " axes", {},
                  "export it with rows of features");
    if (axes == 2) {
      auto columns = type.has_shape() ? type.shape().dim(1).dim_value() : 0;
      if (columns == 0)
        columns =
            named > 0 && graph_.input_size() == 1 ? static_cast<std::int64_t>(named) : columns_of_input(input.name());
      if (columns < 1 || columns > max_features)
        return fail("input '" + input.name() + "' has " + std::to_string(columns) + " columns");
      shape.push_back(columns);
    }
    tensor made{*element, shape};
    for (std::size_t i = 0; i < columns_of(shape); ++i)
      made.columns.push_back(program_.input(*element));
    return made;
  }

  /// Of an input whose width the file leaves open: what the nodes that read it need.
  std::int64_t columns_of_input(const std::string& name) const {
    std::int64_t most = 0;
    for (const auto& one : graph_.node())
      for (const auto& input : one.input())
        if (input == name)
          most = std::max(most, columns_wanted_by(one));
    return most;
  }

  std::int64_t version_of(std::string_view domain) const {
    const auto known = versions_.find(domain);
    return known == versions_.end() ? 1 : known->second;
  }

  done walk(const onnx::NodeProto& from) {
    const auto known = find_operator(from);
    if (!known)
      return tl::unexpected{known.error()};
    std::vector<const tensor*> inputs;
    bool are_constant = true;
    for (const auto& name : from.input()) {
      const auto input = values_.find(name);
      if (!name.empty() && input == values_.end())
        return fail("operator '" + from.op_type() + "' reads '" + name + "', which nothing before it makes");
      inputs.push_back(name.empty() ? nullptr : &input->second);
      are_constant = are_constant && (name.empty() || input->second.is_constant());
    }
    auto outputs = are_constant ? fold(**known, from, inputs) : read(**known, from, inputs, program_);
    if (!outputs)
      return fail(outputs.error().what, from.name().empty() ? "" : "node '" + from.name() + "'",
                  outputs.error().remedy);
    return name_outputs(from, *std::move(outputs));
  }

  core::result<std::vector<tensor>> read(const onnx_operator& how, const onnx::NodeProto& from,
                                         const std::vector<const tensor*>& inputs, program_builder& into) {
    node at{from,
            inputs,
            version_of(how.domain),
            refuses_unknown_categories(meaning_),
            into,
            explains_ ? &explanations_ : nullptr};
    auto made = how.read(at);
    if (!made)
      return made;
    if (auto good = at.check_attributes(); !good)
      return tl::unexpected{good.error()};
    if (into.is_full())
      return fail("the model is too large: more than " + std::to_string(program_builder::max_registers) + " columns");
    return made;
  }

  /// Computes once what is the same for all rows.
  core::result<std::vector<tensor>> fold(const onnx_operator& how, const onnx::NodeProto& from,
                                         const std::vector<const tensor*>& inputs) {
    program_builder once;
    auto made = read(how, from, inputs, once);
    if (!made)
      return made;
    registers columns;
    for (const auto& one : *made) {
      if (find_rows(one.shape))
        return read(how, from, inputs, program_);
      columns.insert(columns.end(), one.columns.begin(), one.columns.end());
    }
    const auto runs = once.finish(columns);
    std::vector<const void*> results(columns.size() + runs.refusals().size());
    runs.run(nullptr, 1, results.data());
    for (std::size_t next = 0; auto& one : *made) {
      if (one.is_constant())
        continue;
      const auto begin = std::exchange(next, next + one.columns.size());
      auto values = with_type(one.type, [&]<class T>() -> constant_values {
        std::vector<std::conditional_t<std::is_same_v<T, std::string_view>, std::string, T>> all;
        for (auto i = begin; i < next; ++i)
          all.emplace_back(*static_cast<const T*>(results[i]));
        return all;
      });
      one = make_constant(one.shape, std::move(values));
    }
    return made;
  }

  /// A node need not name all that its operator makes.
  done name_outputs(const onnx::NodeProto& from, std::vector<tensor> outputs) {
    const auto count = static_cast<std::size_t>(from.output_size());
    if (count > outputs.size())
      return fail("operator '" + from.op_type() + "' has " + std::to_string(count) + " outputs");
    for (std::size_t i = 0; i < count; ++i) {
      const auto& name = from.output(static_cast<int>(i));
      if (!name.empty() && !values_.emplace(name, std::move(outputs[i])).second)
        return fail("'" + name + "' is made twice");
    }
    return {};
  }

  done read_outputs() {
    for (const auto& output : graph_.output()) {
      const auto found = values_.find(output.name());
      if (found == values_.end())
        return fail("nothing makes the output '" + output.name() + "'");
      auto& value = found->second;
      if (value.is_constant() || value.columns.empty())
        return fail("the output '" + output.name() + "' is the same for all rows", {},
                    "export all up to the model itself");
      if (!value.exact.empty()) {
        value.type = element::f64;
        value.columns = value.exact;
      }
      meaning_.outputs.push_back({output.name(), value.type, value.columns.size(), value.labels});
      outputs_.insert(outputs_.end(), value.columns.begin(), value.columns.end());
    }
    if (meaning_.outputs.empty())
      return fail("the graph has no output");
    meaning_.refusals = program_.refusals();
    find_prediction(meaning_);
    return explains_ ? add_explanations() : done{};
  }

  done add_explanations() {
    if (explanations_.ensembles == 0)
      return fail("only models of trees can be explained");
    meaning_.explanations = meaning_.outputs.size();
    meaning_.expected = explanations_.expected;
    meaning_.outputs.push_back({"explanations", element::f64, explanations_.columns.size(), nullptr});
    outputs_.insert(outputs_.end(), explanations_.columns.begin(), explanations_.columns.end());
    return {};
  }

  const onnx::ModelProto& file_;
  const onnx::GraphProto& graph_;
  bool explains_;
  tree_explanations explanations_;
  std::map<std::string, std::int64_t, std::less<>> versions_; ///< of the sets of operators
  std::map<std::string, tensor, std::less<>> values_;
  program_builder program_;
  model_meaning meaning_;
  registers outputs_;
};

} // namespace

core::result<model_ptr> read_onnx(std::string_view bytes, model_identity who, bool explains) {
  onnx::ModelProto file;
  if (bytes.size() > max_bytes || !file.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail("this is no ONNX file");
  return graph_reader{file, explains}.run(std::move(who));
}

} // namespace weir::models
