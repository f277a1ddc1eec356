#include "models/onnxruntime/runtime_session.hpp"

#include "models/graph/program.hpp"
#include "models/onnx/element_type.hpp"

#include <utility>

namespace weir::models {

namespace {

using core::fail;

/// More than rows of features have.
constexpr std::size_t max_axes = 16;
constexpr std::size_t max_tensors = 1'000'000;

bool is_known(ort::element_type type) {
  switch (type) {
  case ort::element_type::f32:
  case ort::element_type::f64:
  case ort::element_type::i32:
  case ort::element_type::i64:
  case ort::element_type::boolean:
  case ort::element_type::text: return true;
  }
  return false;
}

} // namespace

std::vector<std::int64_t> runtime_tensor::shape_of(std::size_t rows, std::size_t width) const {
  std::vector<std::int64_t> made{static_cast<std::int64_t>(rows)};
  if (!has_shape || shape.size() > 1)
    made.push_back(static_cast<std::int64_t>(width));
  return made;
}

core::result<runtime_session> runtime_session::open(const runtime_library& by, std::string_view bytes) {
  const auto& call = by.functions();
  ort::session_options* made_options = nullptr;
  if (auto good = by.check(call.create_session_options(&made_options)); !good)
    return tl::unexpected{std::move(good.error())};
  const runtime_handle<ort::session_options> options{made_options, call.release_session_options};
  ort::session* made = nullptr;
  auto good = by.check(call.set_intra_op_threads(options.get(), 1))
                  .and_then([&] { return by.check(call.set_inter_op_threads(options.get(), 1)); })
                  // else it keeps a plan of memory for each number of rows that a block has had
                  .and_then([&] { return by.check(call.disable_memory_pattern(options.get())); })
                  .and_then([&] {
                    return by.check(call.create_session_from_array(by.environment(), bytes.data(), bytes.size(),
                                                                   options.get(), &made));
                  });
  if (!good)
    return tl::unexpected{std::move(good.error())};
  runtime_session session{by, made};
  if (good = session.describe(); !good)
    return tl::unexpected{std::move(good.error())};
  return session;
}

core::result<void> runtime_session::describe() {
  for (const auto is_input : {true, false}) {
    std::size_t count = 0;
    const auto& call = by_->functions();
    const auto ask = is_input ? call.get_input_count : call.get_output_count;
    if (auto good = by_->check(ask(session_.get(), &count)); !good)
      return good;
    if (count == 0 || count > max_tensors)
      return fail(std::string{"the graph has "} + std::to_string(count) + (is_input ? " inputs" : " outputs"));
    auto& into = is_input ? inputs_ : outputs_;
    for (std::size_t i = 0; i < count; ++i) {
      auto one = describe(i, is_input);
      if (!one)
        return tl::unexpected{std::move(one.error())};
      into.push_back(std::move(*one));
    }
    for (const auto& one : into) // they stay where they are, whoever moves the session
      (is_input ? input_names_ : output_names_).push_back(one.name.c_str());
  }
  return {};
}

core::result<runtime_tensor> runtime_session::describe(std::size_t index, bool is_input) const {
  const auto& call = by_->functions();
  char* name = nullptr;
  const auto ask_name = is_input ? call.get_input_name : call.get_output_name;
  if (auto good = by_->check(ask_name(session_.get(), index, by_->allocator(), &name)); !good)
    return tl::unexpected{std::move(good.error())};
  runtime_tensor made{.name = name, .type = {}, .is = {}};
  if (auto good = by_->check(call.free(by_->allocator(), name)); !good)
    return tl::unexpected{std::move(good.error())};

  const auto called = (is_input ? "input '" : "output '") + made.name + "'";
  ort::type_info* type = nullptr;
  const auto ask_type = is_input ? call.get_input_type : call.get_output_type;
  if (auto good = by_->check(ask_type(session_.get(), index, &type)); !good)
    return tl::unexpected{std::move(good.error())};
  const runtime_handle<ort::type_info> kept{type, call.release_type_info};
  auto kind = ort::value_kind::unknown;
  if (auto good = by_->check(call.get_kind(type, &kind)); !good)
    return tl::unexpected{std::move(good.error())};
  if (kind == ort::value_kind::sequence || kind == ort::value_kind::map)
    return fail(called + " is a " + (kind == ort::value_kind::map ? "map" : "sequence") + ", no tensor", {},
                "export the model without ZipMap: zipmap=False among the options of skl2onnx");
  const ort::tensor_info* info = nullptr;
  if (auto good = by_->check(call.cast_to_tensor_info(type, &info)); !good)
    return tl::unexpected{std::move(good.error())};
  if (kind != ort::value_kind::tensor || info == nullptr)
    return fail(called + " is no tensor");
  if (auto good = by_->check(call.get_element_type(info, &made.type)); !good)
    return tl::unexpected{std::move(good.error())};
  const auto is = element_of_onnx(static_cast<int>(made.type));
  if (!is || !is_known(made.type))
    return fail(called + " has type " + std::to_string(static_cast<int>(made.type)), {},
                "weir takes float, double, int64, int32, bool and string");
  made.is = *is;
  if (auto good = read_shape(info, made); !good)
    return fail(called + " " + good.error().what, {}, good.error().remedy);
  return made;
}

core::result<void> runtime_session::read_shape(const ort::tensor_info* from, runtime_tensor& into) const {
  const auto& call = by_->functions();
  std::size_t axes = 0;
  if (auto good = by_->check(call.get_axes(from, &axes)); !good)
    return good;
  if (axes > max_axes)
    return fail("has " + std::to_string(axes) + " axes");
  into.has_shape = axes > 0;
  into.shape.resize(axes);
  if (auto good = by_->check(call.get_shape(from, into.shape.data(), axes)); axes > 0 && !good)
    return good;
  if (axes == 0)
    return {};
  std::size_t columns = 1;
  for (std::size_t i = 1; i < axes; ++i) {
    if (into.shape[i] <= 0)
      return {};
    const auto length = static_cast<std::size_t>(into.shape[i]);
    if (length > program_builder::max_registers / columns)
      return fail("has too many columns");
    columns *= length;
  }
  into.columns = columns;
  return {};
}

core::result<runtime_value> runtime_session::view(const runtime_tensor& as, const std::vector<std::int64_t>& shape,
                                                  void* data, std::size_t bytes) const {
  ort::value* made = nullptr;
  const auto& call = by_->functions();
  return by_->check(call.create_tensor_of(by_->memory(), data, bytes, shape.data(), shape.size(), as.type, &made))
      .map([&] {
        return runtime_value{made, call.release_value};
      });
}

core::result<runtime_value> runtime_session::make_texts(const std::vector<std::int64_t>& shape,
                                                        const std::vector<const char*>& texts) const {
  ort::value* made = nullptr;
  const auto& call = by_->functions();
  if (auto good =
          by_->check(call.create_tensor(by_->allocator(), shape.data(), shape.size(), ort::element_type::text, &made));
      !good)
    return tl::unexpected{std::move(good.error())};
  runtime_value kept{made, call.release_value};
  if (auto good = by_->check(call.fill_texts(made, texts.data(), texts.size())); !good)
    return tl::unexpected{std::move(good.error())};
  return kept;
}

core::result<std::vector<runtime_value>> runtime_session::run(const std::vector<runtime_value>& inputs) const {
  const auto& call = by_->functions();
  std::vector<const ort::value*> given;
  for (const auto& input : inputs)
    given.push_back(input.get());
  std::vector<ort::value*> made(outputs_.size(), nullptr);
  auto good = by_->check(call.run(session_.get(), nullptr, input_names_.data(), given.data(), given.size(),
                                  output_names_.data(), made.size(), made.data()));
  std::vector<runtime_value> outputs;
  for (auto* one : made)
    outputs.emplace_back(one, call.release_value);
  if (!good)
    return tl::unexpected{std::move(good.error())};
  return outputs;
}

core::result<std::size_t> runtime_session::columns_of(const runtime_value& made, const runtime_tensor& as,
                                                      std::size_t rows) const {
  const auto& call = by_->functions();
  int is_tensor = 0;
  if (made != nullptr)
    if (auto good = by_->check(call.is_tensor(made.get(), &is_tensor)); !good)
      return tl::unexpected{std::move(good.error())};
  if (is_tensor == 0)
    return fail("ONNX Runtime has made no tensor of the output '" + as.name + "'");
  ort::tensor_info* info = nullptr;
  if (auto good = by_->check(call.get_tensor_info(made.get(), &info)); !good)
    return tl::unexpected{std::move(good.error())};
  const runtime_handle<ort::tensor_info> kept{info, call.release_tensor_info};
  runtime_tensor is{.name = as.name, .type = {}, .is = as.is};
  auto good = by_->check(call.get_element_type(info, &is.type)).and_then([&] { return read_shape(info, is); });
  if (!good)
    return tl::unexpected{std::move(good.error())};
  if (is.type != as.type || !is.columns || is.shape.front() != static_cast<std::int64_t>(rows))
    return fail("the output '" + as.name + "' has not a value of its type for each row", {},
                "export a model whose outputs have as many rows as its inputs");
  return *is.columns;
}

core::result<const void*> runtime_session::numbers_of(const runtime_value& made) const {
  void* data = nullptr;
  return by_->check(by_->functions().get_tensor_data(made.get(), &data)).map([&] {
    return static_cast<const void*>(data);
  });
}

core::result<std::vector<std::string_view>> runtime_session::texts_of(const runtime_value& made, std::size_t count,
                                                                      std::vector<char>& memory) const {
  const auto& call = by_->functions();
  std::size_t bytes = 0;
  if (auto good = by_->check(call.get_texts_length(made.get(), &bytes)); !good)
    return tl::unexpected{std::move(good.error())};
  memory.resize(bytes + 1); // never without a place
  std::vector<std::size_t> begins(count);
  if (auto good = by_->check(call.get_texts(made.get(), memory.data(), bytes, begins.data(), count)); !good)
    return tl::unexpected{std::move(good.error())};
  begins.push_back(bytes);
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < count; ++i) {
    if (begins[i] > begins[i + 1] || begins[i + 1] > bytes)
      return fail("ONNX Runtime has made no texts");
    texts.emplace_back(memory.data() + begins[i], begins[i + 1] - begins[i]);
  }
  return texts;
}

} // namespace weir::models
