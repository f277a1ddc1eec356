#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onnx {
class AttributeProto;
class NodeProto;
} // namespace onnx

namespace weir::models {

struct tree_explanations;

/// A node of a graph while its operator reads it. Attributes are not trusted: one of another type is noted as the
/// node's problem, and gives what an absent one gives. An attribute that nobody asks for is a problem too, because it
/// could change what the node says.
class node {
public:
  /// @param inputs null: one that the node leaves out @param version of the operator's domain that the file asks for
  /// @param explanations where those of trees go; null: nobody wants them
  node(const onnx::NodeProto& from, std::vector<const tensor*> inputs, std::int64_t version, bool refuses_unknown,
       program_builder& into, tree_explanations* explanations = nullptr);

  /// A category that the model has not learned is refused, whatever the node says in its place.
  bool refuses_unknown_categories() const noexcept { return refuses_unknown_; }

  const std::string& op() const noexcept;
  std::int64_t version() const noexcept { return version_; }
  program_builder& program() const noexcept { return *program_; }
  tree_explanations* explanations() const noexcept { return explanations_; }
  std::size_t outputs() const noexcept;

  // --- inputs ---

  std::size_t inputs() const noexcept { return inputs_.size(); }
  bool has_input(std::size_t i) const noexcept { return i < inputs_.size() && inputs_[i] != nullptr; }
  const tensor& input(std::size_t i) const { return *inputs_[i]; }
  const std::string& input_name(std::size_t i) const;

  /// Fails when the node has fewer inputs than `least` or more than `most`.
  core::result<void> expect_inputs(std::size_t least, std::size_t most) const;

  /// An input that has to be the same for all rows, as whole numbers. Nothing where it is left out.
  core::result<std::optional<std::vector<std::int64_t>>> constant_integers(std::size_t i) const;

  // --- attributes ---

  bool has(std::string_view name);
  std::int64_t integer(std::string_view name, std::int64_t otherwise);
  float number(std::string_view name, float otherwise);
  std::string text(std::string_view name, std::string_view otherwise = {});
  std::vector<std::int64_t> integers(std::string_view name);
  std::vector<float> numbers(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  std::optional<tensor> constant(std::string_view name);

  /// Numbers that stand in the attribute `name`, or as a tensor of doubles in `name`_as_tensor.
  std::vector<double> numbers_of_any_type(std::string_view name);

  /// Notes an attribute that does not matter.
  void ignore(std::string_view name) { find(name); }

  /// The first thing that was wrong with the attributes.
  core::result<void> check_attributes();

private:
  const onnx::AttributeProto* find(std::string_view name);
  const onnx::AttributeProto* find(std::string_view name, int type);
  void note(std::string problem);

  const onnx::NodeProto* from_;
  std::vector<const tensor*> inputs_;
  std::int64_t version_;
  bool refuses_unknown_;
  program_builder* program_;
  tree_explanations* explanations_;
  std::map<std::string_view, bool> is_asked_for_;
  std::optional<std::string> problem_;
};

} // namespace weir::models
