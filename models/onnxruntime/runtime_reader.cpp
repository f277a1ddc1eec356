#include "models/onnxruntime/runtime_reader.hpp"

#include "models/onnx/file_facts.hpp"
#include "models/onnx/meaning.hpp"
#include "models/onnxruntime/runtime_model.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weir::models {

namespace {

using core::fail;

/// More than a model of any use has.
constexpr std::size_t max_columns = 1'000'000;

constexpr std::size_t most_rows = 1024;
constexpr std::size_t block_bytes = std::size_t{16} << 20;

/// Finds how wide each input is.
core::result<std::vector<std::size_t>> widths_of(const std::vector<runtime_tensor>& inputs, std::size_t named) {
  std::vector<std::size_t> widths;
  std::size_t all = 0;
  for (const auto& input : inputs) {
    if (input.shape.size() > 2)
      return fail("input '" + input.name + "' has " + std::to_string(input.shape.size()) + " axes", {},
                  "export it with rows of features");
    auto width = input.columns.value_or(0);
    if (width == 0 && inputs.size() == 1)
      width = named;
    if (width == 0)
      return fail("the file does not say how many columns the input '" + input.name + "' has", {},
                  "export it with their number, or with the metadata 'feature_names'");
    widths.push_back(width);
    all += width;
    if (all > max_columns)
      return fail("the model is too large: more than " + std::to_string(max_columns) + " features");
  }
  return widths;
}

/// How many rows at a time a graph takes: any number, or one. Others would have to be filled up.
core::result<std::size_t> rows_taken(const std::vector<runtime_tensor>& inputs) {
  std::size_t most = most_rows;
  for (const auto& input : inputs) {
    if (input.shape.empty() || input.shape.front() <= 0)
      continue;
    if (input.shape.front() > 1)
      return fail("input '" + input.name + "' takes " + std::to_string(input.shape.front()) + " rows at a time", {},
                  "export it for any number of rows");
    most = 1;
  }
  return most;
}

std::vector<model_feature> features_of(const std::vector<runtime_tensor>& inputs,
                                       const std::vector<std::size_t>& widths) {
  std::vector<model_feature> made;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t c = 0; c < widths[i]; ++c)
      made.push_back({inputs[i].name + (widths[i] > 1 ? "[" + std::to_string(c) + "]" : ""), inputs[i].is});
  return made;
}

/// Computes a row of zeros and empty texts, and says how wide each output was; as the file says, where that row cannot
/// be computed. Fails where an output has not a row for each.
core::result<std::vector<std::size_t>> try_out(const runtime_session& session, const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::byte>> zeros;
  std::vector<runtime_value> inputs;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const auto& as = session.inputs()[i];
    const auto shape = as.shape_of(1, widths[i]);
    const auto& memory = zeros.emplace_back(widths[i] * ort::bytes_of(as.type));
    auto made = as.is == element::text ? session.make_texts(shape, std::vector<const char*>(widths[i], ""))
                                       : session.view(as, shape, zeros.back().data(), memory.size());
    if (!made)
      return tl::unexpected{std::move(made.error())};
    inputs.push_back(std::move(*made));
  }
  const auto outputs = session.run(inputs);
  std::vector<std::size_t> made;
  for (const auto& output : session.outputs())
    if (!outputs && output.columns)
      made.push_back(*output.columns);
  if (!outputs)
    return made.size() == session.outputs().size() ? core::result<std::vector<std::size_t>>{std::move(made)}
                                                   : tl::unexpected{outputs.error()};
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const auto columns = session.columns_of((*outputs)[i], session.outputs()[i], 1);
    if (!columns)
      return tl::unexpected{columns.error()};
    made.push_back(*columns);
  }
  return made;
}

/// How wide each output is.
core::result<std::vector<std::size_t>> output_widths(const runtime_session& session,
                                                     const std::vector<std::size_t>& widths) {
  auto made = try_out(session, widths);
  std::size_t all = 0;
  for (std::size_t i = 0; made && i < made->size(); ++i) {
    all += (*made)[i];
    if ((*made)[i] == 0 || all > max_columns)
      return fail("the output '" + session.outputs()[i].name + "' has no columns, or too many");
  }
  return made;
}

/// Gives a label its classes, where the file has as many of its type as there are numbers beside it.
void name_classes(const std::vector<class_labels>& known, std::vector<model_output>& outputs) {
  const auto label = std::ranges::find_if(outputs, is_label);
  if (label == outputs.end())
    return;
  for (const auto& classes : known) {
    const auto is_text = std::holds_alternative<std::vector<std::string>>(classes);
    const auto fits = [&](const model_output& o) {
      return (o.type == element::f32 || o.type == element::f64)
             && (o.columns == size_of(classes) || outputs.size() == 1 + size_of(classes));
    };
    if (is_text == (label->type == element::text) && std::ranges::any_of(outputs, fits))
      label->labels = std::make_shared<const class_labels>(classes);
  }
}

} // namespace

core::result<model_ptr> read_runtime_model(std::string_view bytes, model_identity who, bool explains) {
  if (explains)
    return fail("ONNX Runtime says no SHAP values", {}, "leave 'backend' out: Weir explains models of trees itself");
  auto facts = read_facts(bytes);
  if (!facts)
    return tl::unexpected{std::move(facts.error())};
  const auto library = runtime_library::find();
  if (!library)
    return tl::unexpected{library.error()};
  auto session = runtime_session::open(**library, bytes);
  if (!session)
    return tl::unexpected{std::move(session.error())};
  auto meaning = std::move(facts->named);
  const auto names = std::exchange(meaning.features, {});
  auto widths = widths_of(session->inputs(), names.size());
  if (!widths)
    return tl::unexpected{std::move(widths.error())};
  const auto rows = rows_taken(session->inputs());
  if (!rows)
    return tl::unexpected{rows.error()};
  auto outputs = output_widths(*session, *widths);
  if (!outputs)
    return tl::unexpected{std::move(outputs.error())};

  meaning.features = features_of(session->inputs(), *widths);
  const auto is_wide = std::ranges::any_of(*widths, [](std::size_t width) { return width > 1; });
  if (auto good = name_features(meaning, names, is_wide); !good)
    return tl::unexpected{std::move(good.error())};
  std::size_t row_bytes = meaning.features.size() * sizeof(std::string_view);
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const auto& output = session->outputs()[i];
    meaning.outputs.push_back({output.name, output.is, (*outputs)[i], nullptr});
    row_bytes += (*outputs)[i] * sizeof(std::string_view);
  }
  name_classes(facts->classes, meaning.outputs);
  find_prediction(meaning);
  meaning.refusals = {std::string{runtime_refusal}};
  const auto fits = std::clamp<std::size_t>(block_bytes / row_bytes, 1, *rows);
  return std::make_shared<const runtime_model>(std::move(meaning), std::move(who), std::move(*session),
                                               std::move(*widths), std::move(*outputs), fits);
}

} // namespace weir::models
