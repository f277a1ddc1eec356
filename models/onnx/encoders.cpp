#include "models/graph/elementwise.hpp"
#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// What stands for each key; all keys that are not there share one value.
template <class Key, class Value>
class map_kernel final : public kernel {
public:
  map_kernel(registers from, registers to, std::unordered_map<Key, Value> values, Value missing, Value otherwise) :
      kernel{std::move(from), std::move(to)}, values_{std::move(values)}, missing_{missing}, otherwise_{otherwise} {
    is_by_column = true;
  }

  void run(const frame& f) const override {
    for (std::size_t c = 0; c < writes.size(); ++c) {
      const auto* in = f.at<const Key>(reads[c]);
      auto* out = f.at<Value>(writes[c]);
      for (std::size_t r = 0; r < f.rows(); ++r) {
        if (in[r] != in[r]) {
          out[r] = missing_;
          continue;
        }
        const auto found = values_.find(in[r]);
        out[r] = found == values_.end() ? otherwise_ : found->second;
      }
    }
  }

private:
  std::unordered_map<Key, Value> values_;
  Value missing_; ///< that of NaN
  Value otherwise_;
};

template <class T>
class unknown_kernel final : public kernel {
public:
  unknown_kernel(registers from, registers to, std::vector<T> categories) :
      kernel{std::move(from), std::move(to)}, categories_{std::move(categories)} {
    std::sort(categories_.begin(), categories_.end());
  }

  void run(const frame& f) const override {
    for (std::size_t c = 0; c < reads.size(); ++c)
      for (std::size_t r = 0; r < f.rows(); ++r)
        f.at<bool>(writes[c])[r] =
            !std::binary_search(categories_.begin(), categories_.end(), f.at<const T>(reads[c])[r]);
  }

private:
  std::vector<T> categories_;
};

/// Rows with a value that is none of `known` have no result.
template <class T>
void refuse_others(const node& from, const registers& columns, std::vector<T> known) {
  auto& program = from.program();
  const auto unknown = program.make(element::boolean, columns.size());
  program.add<unknown_kernel<T>>(columns, unknown, std::move(known));
  program.refuse_where(unknown, "'" + from.input_name(0) + "' has a category that the model has not learned");
}

template <class Key, class Value>
std::vector<Key> keys_of(const std::unordered_map<Key, Value>& map) {
  std::vector<Key> keys;
  for (const auto& one : map)
    keys.push_back(one.first);
  return keys;
}

/// Keys, values and the value of any other key, each of its type.
struct encoding {
  constant_values keys;
  constant_values values;
  constant_values otherwise; ///< one value
};

template <class T>
auto held(program_builder& program, const T& value) {
  if constexpr (std::is_same_v<T, std::string>)
    return program.keep(value);
  else
    return value;
}

tensors encode(node& from, const encoding& with) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  if (size_of(with.keys) != size_of(with.values) || with.values.index() != with.otherwise.index())
    return fail("operator '" + from.op() + "' has " + std::to_string(size_of(with.keys)) + " keys and "
                + std::to_string(size_of(with.values)) + " values");
  if (type_of(with.keys) != in.type)
    return fail("operator '" + from.op() + "' looks for " + std::string{name_of(type_of(with.keys))}
                + " in values of type " + std::string{name_of(in.type)});
  auto& program = from.program();
  tensor made{type_of(with.values), in.shape, program.make(type_of(with.values), columns_of(in.shape))};
  auto is_known = true;
  std::visit(
      [&]<class Key, class Value>(const std::vector<Key>& keys, const std::vector<Value>& values) {
        if constexpr (std::is_same_v<Key, bool> || std::is_same_v<Value, bool>) {
          is_known = false;
        } else {
          using key = decltype(held(program, keys.front()));
          using value = decltype(held(program, values.front()));
          const auto otherwise = held(program, std::get<std::vector<Value>>(with.otherwise).front());
          auto missing = otherwise;
          std::unordered_map<key, value> map;
          for (std::size_t i = 0; i < keys.size(); ++i)
            if (keys[i] != keys[i])
              missing = held(program, values[i]);
            else
              map.emplace(held(program, keys[i]), held(program, values[i]));
          const auto columns = columns_in(program, in);
          if constexpr (std::is_same_v<key, std::string_view>)
            if (from.refuses_unknown_categories() && otherwise == otherwise) // NaN: it counts as missing
              refuse_others(from, columns, keys_of(map));
          program.add<map_kernel<key, value>>(columns, made.columns, std::move(map), missing, otherwise);
        }
      },
      with.keys, with.values);
  if (!is_known)
    return fail("operator '" + from.op() + "' of truth values is not supported");
  return std::vector{std::move(made)};
}

/// Version 1 has a list of texts, whose indices are the values, or the other way round.
tensors encode_by_index(node& from) {
  const auto names = from.texts("classes_strings");
  std::vector<std::int64_t> indices(names.size());
  for (std::size_t i = 0; i < indices.size(); ++i)
    indices[i] = static_cast<std::int64_t>(i);
  const std::vector number{from.integer("default_int64", -1)};
  const std::vector text{from.text("default_string", "_Unused")};
  if (from.has_input(0) && from.input(0).type == element::i64)
    return encode(from, {indices, names, text});
  return encode(from, {names, indices, number});
}

tensors encode_labels(node& from) {
  if (from.has("classes_strings"))
    return encode_by_index(from);
  encoding with;
  if (const auto keys = from.constant("keys_tensor"))
    with.keys = *keys->constant;
  else if (from.has("keys_strings"))
    with.keys = from.texts("keys_strings");
  else if (from.has("keys_int64s"))
    with.keys = from.integers("keys_int64s");
  else
    with.keys = from.numbers("keys_floats");
  const std::vector number{from.number("default_float", -0.0f)};
  const std::vector whole{from.integer("default_int64", -1)};
  const std::vector text{from.text("default_string", "_Unused")};
  if (const auto values = from.constant("values_tensor")) {
    with.values = *values->constant;
    with.otherwise = std::visit(
        []<class T>(const std::vector<T>&) -> constant_values {
          if constexpr (std::is_same_v<T, std::string>)
            return std::vector<T>{"_Unused"};
          else if constexpr (std::is_same_v<T, std::int64_t>)
            return std::vector<T>{-1};
          else
            return std::vector<T>(1);
        },
        with.values);
  } else if (from.has("values_strings")) {
    with.values = from.texts("values_strings");
    with.otherwise = text;
  } else if (from.has("values_int64s")) {
    with.values = from.integers("values_int64s");
    with.otherwise = whole;
  } else {
    with.values = from.numbers("values_floats");
    with.otherwise = number;
  }
  if (const auto otherwise = from.constant("default_tensor")) {
    if (size_of(*otherwise->constant) != 1)
      return fail("the default_tensor of a LabelEncoder is not one value");
    with.otherwise = *otherwise->constant;
  }
  return encode(from, with);
}

tensors map_categories(node& from) {
  const auto texts = from.texts("cats_strings");
  const auto numbers = from.integers("cats_int64s");
  const std::vector number{from.integer("default_int64", -1)};
  const std::vector text{from.text("default_string", "_Unused")};
  if (from.has_input(0) && from.input(0).type == element::i64)
    return encode(from, {numbers, texts, text});
  return encode(from, {texts, numbers, number});
}

/// A column for each category: 1 where the value is this one.
template <class T>
class one_hot_kernel final : public kernel {
public:
  /// @param to the columns of the first input column, then those of the next, ...
  one_hot_kernel(registers from, registers to, std::vector<T> categories) :
      kernel{std::move(from), std::move(to)}, categories_{std::move(categories)} {}

  void run(const frame& f) const override {
    const auto count = categories_.size();
    for (std::size_t c = 0; c < reads.size(); ++c) {
      const auto* in = f.at<const T>(reads[c]);
      for (std::size_t i = 0; i < count; ++i) {
        auto* out = f.at<float>(writes[c * count + i]);
        for (std::size_t r = 0; r < f.rows(); ++r)
          out[r] = in[r] == categories_[i] ? 1.0f : 0.0f;
      }
    }
  }

private:
  std::vector<T> categories_;
};

template <class T>
tensor one_hot(node& from, const registers& columns, std::vector<T> categories, bool takes_unknown) {
  auto& program = from.program();
  auto shape = from.input(0).shape;
  shape.push_back(static_cast<std::int64_t>(categories.size()));
  tensor made{element::f32, shape, program.make(element::f32, columns.size() * categories.size())};
  if (!takes_unknown)
    refuse_others(from, columns, categories);
  program.add<one_hot_kernel<T>>(columns, made.columns, std::move(categories));
  return made;
}

tensors encode_one_hot(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  const auto numbers = from.integers("cats_int64s");
  const auto texts = from.texts("cats_strings");
  const auto takes_unknown = from.integer("zeros", 1) != 0;
  const auto is_text = in.type == element::text;
  auto shape = in.shape;
  shape.push_back(static_cast<std::int64_t>(is_text ? texts.size() : numbers.size()));
  if (auto good = check_shape(shape); !good)
    return tl::unexpected{good.error()};
  if ((is_text ? texts.size() : numbers.size()) == 0)
    return fail("a OneHotEncoder of type " + std::string{name_of(in.type)} + " has no categories of it");
  auto& program = from.program();
  if (is_text) {
    std::vector<std::string_view> categories;
    for (const auto& text : texts)
      categories.push_back(program.keep(text));
    return std::vector{one_hot(from, columns_in(program, in), std::move(categories), takes_unknown)};
  }
  const auto whole = converted(program, in, element::i64);
  return std::vector{one_hot(from, whole.columns, numbers, takes_unknown)};
}

constexpr std::array all{
    onnx_operator{"CategoryMapper", "ai.onnx.ml", "numbers for texts, or texts for numbers", map_categories},
    onnx_operator{"LabelEncoder", "ai.onnx.ml", "a value for each key", encode_labels},
    onnx_operator{"OneHotEncoder", "ai.onnx.ml", "a column for each category", encode_one_hot},
};

} // namespace

constexpr operator_family operators::encoders{all};

} // namespace weir::models
