#include "models/onnx/node.hpp"

#include "models/onnx/constant.hpp"

#include <utility>

#include <onnx/onnx_pb.h>

namespace weir::models {

using core::fail;
using onnx::AttributeProto;

node::node(const onnx::NodeProto& from, std::vector<const tensor*> inputs, std::int64_t version, bool refuses_unknown,
           program_builder& into, tree_explanations* explanations) :
    from_{&from},
    inputs_{std::move(inputs)}, version_{version}, refuses_unknown_{refuses_unknown}, program_{&into},
    explanations_{explanations} {
  for (const auto& attribute : from.attribute())
    if (!is_asked_for_.emplace(attribute.name(), false).second)
      note("attribute '" + attribute.name() + "' is there twice");
}

const std::string& node::op() const noexcept {
  return from_->op_type();
}

std::size_t node::outputs() const noexcept {
  return static_cast<std::size_t>(from_->output_size());
}

const std::string& node::input_name(std::size_t i) const {
  return from_->input(static_cast<int>(i));
}

core::result<void> node::expect_inputs(std::size_t least, std::size_t most) const {
  auto good = inputs_.size() >= least && inputs_.size() <= most;
  for (std::size_t i = 0; i < least && good; ++i)
    good = inputs_[i] != nullptr;
  if (good)
    return {};
  const auto wanted = least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
  return fail("operator '" + op() + "' has " + std::to_string(inputs_.size()) + " inputs, not " + wanted);
}

core::result<std::optional<std::vector<std::int64_t>>> node::constant_integers(std::size_t i) const {
  if (!has_input(i))
    return std::nullopt;
  const auto* values =
      input(i).is_constant() ? std::get_if<std::vector<std::int64_t>>(input(i).constant.get()) : nullptr;
  if (values == nullptr)
    return fail("input " + std::to_string(i) + " of operator '" + op() + "' is not the same for all rows");
  return *values;
}

const AttributeProto* node::find(std::string_view name) {
  const auto asked = is_asked_for_.find(name);
  if (asked == is_asked_for_.end())
    return nullptr;
  asked->second = true;
  for (const auto& attribute : from_->attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

const AttributeProto* node::find(std::string_view name, int type) {
  const auto* found = find(name);
  // files of early writers leave the type out
  if (found == nullptr || found->type() == type || found->type() == AttributeProto::UNDEFINED)
    return found;
  note("attribute '" + std::string{name} + "' of " + op() + " is of another type");
  return nullptr;
}

void node::note(std::string problem) {
  if (!problem_)
    problem_ = std::move(problem);
}

bool node::has(std::string_view name) {
  return find(name) != nullptr;
}

std::int64_t node::integer(std::string_view name, std::int64_t otherwise) {
  const auto* found = find(name, AttributeProto::INT);
  return found != nullptr ? found->i() : otherwise;
}

float node::number(std::string_view name, float otherwise) {
  const auto* found = find(name, AttributeProto::FLOAT);
  return found != nullptr ? found->f() : otherwise;
}

std::string node::text(std::string_view name, std::string_view otherwise) {
  const auto* found = find(name, AttributeProto::STRING);
  return found != nullptr ? found->s() : std::string{otherwise};
}

std::vector<std::int64_t> node::integers(std::string_view name) {
  const auto* found = find(name, AttributeProto::INTS);
  return found == nullptr ? std::vector<std::int64_t>{}
                          : std::vector<std::int64_t>(found->ints().begin(), found->ints().end());
}

std::vector<float> node::numbers(std::string_view name) {
  const auto* found = find(name, AttributeProto::FLOATS);
  return found == nullptr ? std::vector<float>{} : std::vector<float>(found->floats().begin(), found->floats().end());
}

std::vector<std::string> node::texts(std::string_view name) {
  const auto* found = find(name, AttributeProto::STRINGS);
  return found == nullptr ? std::vector<std::string>{}
                          : std::vector<std::string>(found->strings().begin(), found->strings().end());
}

std::optional<tensor> node::constant(std::string_view name) {
  const auto* found = find(name, AttributeProto::TENSOR);
  if (found == nullptr)
    return std::nullopt;
  auto made = read_constant(found->t());
  if (!made) {
    note(made.error().text());
    return std::nullopt;
  }
  return *std::move(made);
}

std::vector<double> node::numbers_of_any_type(std::string_view name) {
  const auto floats = numbers(name);
  std::vector<double> made{floats.begin(), floats.end()};
  if (const auto as_tensor = constant(std::string{name} + "_as_tensor")) {
    if (const auto* doubles = std::get_if<std::vector<double>>(as_tensor->constant.get()))
      made = *doubles;
    else if (const auto* singles = std::get_if<std::vector<float>>(as_tensor->constant.get()))
      made.assign(singles->begin(), singles->end());
    else
      note("attribute '" + std::string{name} + "_as_tensor' of " + op() + " holds no numbers");
  }
  return made;
}

core::result<void> node::check_attributes() {
  for (const auto& [name, is_asked_for] : is_asked_for_)
    if (!is_asked_for)
      note("unknown attribute '" + std::string{name} + "' of " + op());
  if (problem_)
    return fail(*problem_);
  return {};
}

} // namespace weir::models
