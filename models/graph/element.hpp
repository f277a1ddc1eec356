#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace weir::models {

/// The type of a value while a model is computed. Whole numbers of any size are held in 64 bits.
enum class element : std::uint8_t { f32, f64, i64, boolean, text };

constexpr std::string_view name_of(element type) noexcept {
  switch (type) {
  case element::f32: return "float";
  case element::f64: return "double";
  case element::i64: return "int64";
  case element::boolean: return "bool";
  case element::text: return "string";
  }
  return {};
}

constexpr std::size_t size_of(element type) noexcept {
  switch (type) {
  case element::f32: return sizeof(float);
  case element::boolean: return sizeof(bool);
  case element::text: return sizeof(std::string_view);
  default: return sizeof(double);
  }
}

template <class T>
constexpr element element_of() noexcept {
  if constexpr (std::is_same_v<T, float>)
    return element::f32;
  else if constexpr (std::is_same_v<T, double>)
    return element::f64;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return element::i64;
  else if constexpr (std::is_same_v<T, bool>)
    return element::boolean;
  else {
    static_assert(std::is_same_v<T, std::string_view>);
    return element::text;
  }
}

/// Calls `use.template operator()<T>()` with the C++ type of an element.
template <class Use>
decltype(auto) with_type(element type, const Use& use) {
  switch (type) {
  case element::f32: return use.template operator()<float>();
  case element::f64: return use.template operator()<double>();
  case element::i64: return use.template operator()<std::int64_t>();
  case element::boolean: return use.template operator()<bool>();
  default: return use.template operator()<std::string_view>();
  }
}

/// The values of a column for the rows of a block.
struct column_view {
  element type = element::f32;
  const void* data = nullptr;

  template <class T>
  const T* as() const noexcept {
    return static_cast<const T*>(data);
  }
};

} // namespace weir::models
