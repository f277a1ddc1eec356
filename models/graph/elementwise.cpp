#include "models/graph/elementwise.hpp"

#include <cmath>
#include <limits>

namespace weir::models {

namespace {

template <class To, class From>
To convert(From value) noexcept {
  if constexpr (std::is_same_v<To, bool>) {
    return value != From{};
  } else if constexpr (std::is_same_v<To, std::int64_t> && std::is_floating_point_v<From>) {
    constexpr auto bound = static_cast<From>(9223372036854775808.0);
    if (value != value)
      return std::numeric_limits<std::int64_t>::min();
    if (value >= bound)
      return std::numeric_limits<std::int64_t>::max();
    return value < -bound ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(value);
  } else {
    return static_cast<To>(value);
  }
}

} // namespace

registers convert_columns(program_builder& program, const registers& from, element is, element to) {
  if (is == to)
    return from;
  return with_type(is, [&]<class From>() {
    return with_type(to, [&]<class To>() -> registers {
      if constexpr (std::is_same_v<From, std::string_view> || std::is_same_v<To, std::string_view>)
        return {};
      else
        return map_columns<To, From>(program, from, [](From x) { return convert<To>(x); });
    });
  });
}

tensor converted(program_builder& program, const tensor& from, element to) {
  tensor made{to, from.shape, {}, {}, {}, from.labels};
  made.columns = convert_columns(program, columns_in(program, from), from.type, to);
  if (to == element::f64 && !from.exact.empty())
    made.columns = from.exact;
  return made;
}

core::result<registers> stretched_columns(program_builder& program, const tensor& from, const tensor_shape& shape) {
  return stretch(from.shape, shape).map([&](const std::vector<std::size_t>& at) {
    const auto columns = columns_in(program, from);
    registers made;
    made.reserve(at.size());
    for (const auto i : at)
      made.push_back(columns[i]);
    return made;
  });
}

} // namespace weir::models
