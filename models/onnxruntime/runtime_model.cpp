#include "models/onnxruntime/runtime_model.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

namespace weir::models {

namespace {

constexpr std::size_t most_text_bytes = std::size_t{16} << 20;

/// Puts columns of a block beside each other, row by row. False: a value does not fit.
template <class Stored, class Held>
bool gather_numbers(const void* const* features, std::size_t columns, std::size_t begin, std::size_t rows,
                    std::byte* into) {
  auto* const values = reinterpret_cast<Stored*>(into);
  for (std::size_t c = 0; c < columns; ++c) {
    const auto* const from = static_cast<const Held*>(features[c]) + begin;
    for (std::size_t r = 0; r < rows; ++r) {
      if constexpr (sizeof(Stored) < sizeof(Held))
        if (from[r] < std::numeric_limits<Stored>::min() || from[r] > std::numeric_limits<Stored>::max())
          return false;
      values[r * columns + c] = static_cast<Stored>(from[r]);
    }
  }
  return true;
}

bool gather_numbers(ort::element_type type, const void* const* features, std::size_t columns, std::size_t begin,
                    std::size_t rows, std::byte* into) {
  switch (type) {
  case ort::element_type::f32: return gather_numbers<float, float>(features, columns, begin, rows, into);
  case ort::element_type::f64: return gather_numbers<double, double>(features, columns, begin, rows, into);
  case ort::element_type::i64: return gather_numbers<std::int64_t, std::int64_t>(features, columns, begin, rows, into);
  case ort::element_type::i32: return gather_numbers<std::int32_t, std::int64_t>(features, columns, begin, rows, into);
  case ort::element_type::boolean: return gather_numbers<bool, bool>(features, columns, begin, rows, into);
  case ort::element_type::text: break;
  }
  return false;
}

template <class Held, class Stored>
void scatter_column(const Stored* from, std::size_t step, std::size_t rows, std::byte* into) {
  auto* const values = reinterpret_cast<Held*>(into);
  for (std::size_t r = 0; r < rows; ++r)
    values[r] = static_cast<Held>(from[r * step]);
}

} // namespace

/// What a thread scores in, whatever the model.
struct runtime_model::scratch {
  std::vector<std::vector<std::byte>> inputs; ///< row by row
  std::vector<std::vector<std::byte>> columns;
  std::size_t refused = 0; ///< the column that says so
  std::vector<char> texts; ///< of an output
};

runtime_model::runtime_model(model_meaning meaning, model_identity who, runtime_session runs,
                             std::vector<std::size_t> input_columns, std::vector<std::size_t> output_columns,
                             std::size_t block_rows) :
    model{std::move(meaning), std::move(who)},
    session_{std::move(runs)}, input_columns_{std::move(input_columns)}, output_columns_{std::move(output_columns)},
    block_rows_{block_rows}, texts_{most_text_bytes} {}

void runtime_model::predict(const void* const* features, std::size_t rows, const void** columns) const {
  thread_local scratch in;
  in.columns.resize(std::max(in.columns.size(), this->columns()));
  std::size_t next = 0;
  const auto make_room = [&](element type) {
    auto& column = in.columns[next];
    if (column.size() < block_rows_ * size_of(type))
      column.resize(block_rows_ * size_of(type));
    columns[next++] = column.data();
  };
  for (std::size_t o = 0; o < output_columns_.size(); ++o)
    for (std::size_t c = 0; c < output_columns_[o]; ++c)
      make_room(session_.outputs()[o].is);
  in.refused = next;
  make_room(element::boolean);
  std::fill_n(reinterpret_cast<bool*>(in.columns[in.refused].data()), rows, false);
  if (rows > 0 && !compute(features, 0, rows, in))
    compute_apart(features, 0, rows, in);
}

core::result<void> runtime_model::compute(const void* const* features, std::size_t begin, std::size_t rows,
                                          scratch& in) const {
  in.inputs.resize(std::max(in.inputs.size(), input_columns_.size()));
  std::vector<runtime_value> inputs;
  for (std::size_t i = 0; i < input_columns_.size(); features += input_columns_[i++]) {
    auto input = gather(session_.inputs()[i], input_columns_[i], features, begin, rows, in.inputs[i]);
    if (!input)
      return tl::unexpected{std::move(input.error())};
    inputs.push_back(std::move(*input));
  }
  const auto outputs = session_.run(inputs);
  if (!outputs)
    return tl::unexpected{outputs.error()};
  std::size_t column = 0;
  for (std::size_t o = 0; o < outputs->size(); column += output_columns_[o++])
    if (auto good = scatter((*outputs)[o], o, column, begin, rows, in); !good)
      return good;
  return {};
}

void runtime_model::compute_apart(const void* const* features, std::size_t begin, std::size_t rows, scratch& in) const {
  if (rows > 1) {
    const auto half = rows / 2;
    if (!compute(features, begin, half, in))
      compute_apart(features, begin, half, in);
    if (!compute(features, begin + half, rows - half, in))
      compute_apart(features, begin + half, rows - half, in);
    return;
  }
  reinterpret_cast<bool*>(in.columns[in.refused].data())[begin] = true;
  for (std::size_t o = 0, column = 0; o < output_columns_.size(); ++o)
    for (std::size_t c = 0; c < output_columns_[o]; ++c, ++column)
      with_type(session_.outputs()[o].is,
                [&]<class T>() { reinterpret_cast<T*>(in.columns[column].data())[begin] = T{}; });
}

core::result<runtime_value> runtime_model::gather(const runtime_tensor& input, std::size_t columns,
                                                  const void* const* features, std::size_t begin, std::size_t rows,
                                                  std::vector<std::byte>& into) const {
  const auto shape = input.shape_of(rows, columns);
  if (input.is != element::text) {
    into.resize(rows * columns * ort::bytes_of(input.type));
    if (!gather_numbers(input.type, features, columns, begin, rows, into.data()))
      return core::fail(std::string{runtime_refusal});
    return session_.view(input, shape, into.data(), into.size());
  }
  std::string all; // ONNX Runtime takes texts that end with a zero byte
  std::vector<std::size_t> begins;
  for (std::size_t r = begin; r < begin + rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const auto text = static_cast<const std::string_view*>(features[c])[r];
      if (text.find('\0') != std::string_view::npos)
        return core::fail(std::string{runtime_refusal});
      begins.push_back(all.size());
      all.append(text).push_back('\0');
    }
  std::vector<const char*> texts;
  for (const auto at : begins)
    texts.push_back(all.data() + at);
  return session_.make_texts(shape, texts);
}

core::result<void> runtime_model::scatter(const runtime_value& made, std::size_t output, std::size_t column,
                                          std::size_t begin, std::size_t rows, scratch& in) const {
  const auto& as = session_.outputs()[output];
  const auto columns = session_.columns_of(made, as, rows);
  if (!columns)
    return tl::unexpected{columns.error()};
  if (*columns != output_columns_[output])
    return core::fail("the output '" + as.name + "' has changed its width");
  const auto put = [&]<class Held, class Stored>(const Stored* values) {
    for (std::size_t c = 0; c < *columns; ++c)
      scatter_column<Held>(values + c, *columns, rows, in.columns[column + c].data() + begin * sizeof(Held));
  };
  if (as.is == element::text) {
    auto texts = session_.texts_of(made, rows * *columns, in.texts);
    if (!texts)
      return tl::unexpected{std::move(texts.error())};
    if (!texts_.keep(*texts))
      return core::fail("the output '" + as.name + "' has too many different texts");
    put.operator()<std::string_view>(std::as_const(*texts).data());
    return {};
  }
  const auto numbers = session_.numbers_of(made);
  if (!numbers)
    return tl::unexpected{numbers.error()};
  switch (as.type) {
  case ort::element_type::f32: put.operator()<float>(static_cast<const float*>(*numbers)); break;
  case ort::element_type::f64: put.operator()<double>(static_cast<const double*>(*numbers)); break;
  case ort::element_type::i64: put.operator()<std::int64_t>(static_cast<const std::int64_t*>(*numbers)); break;
  case ort::element_type::i32: put.operator()<std::int64_t>(static_cast<const std::int32_t*>(*numbers)); break;
  case ort::element_type::boolean: put.operator()<bool>(static_cast<const bool*>(*numbers)); break;
  case ort::element_type::text: break;
  }
  return {};
}

} // namespace weir::models
