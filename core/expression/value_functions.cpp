#include "core/expression/function_kinds.hpp"

#include <array>

namespace weir::core {

namespace {

using type = column_type;

/// A fold over arguments of one type.
template <bool Least, bool SkipsNulls>
result<operand> extreme(expression_builder& builder, std::string_view name, arguments in) {
  const auto common = builder.unify(in, name);
  if (!common)
    return tl::unexpected{common.error()};
  const auto run = by_type(*common, []<class T>(T) -> kernel {
    constexpr auto choose = [](const T& a, const T& b) { return (Least ? b < a : a < b) ? b : a; };
    return SkipsNulls ? kernels::fold_known<T, choose> : kernels::fold<T, choose>;
  });
  return builder.emit(run, *common, in);
}

result<operand> clamp(expression_builder& builder, std::string_view name, arguments in) {
  const auto common = builder.unify(in, name);
  if (!common)
    return tl::unexpected{common.error()};
  const auto raised =
      builder.emit(by_type(*common,
                           []<class T>(T) -> kernel {
                             return kernels::fold<T, [](const T& a, const T& b) { return a < b ? b : a; }>;
                           }),
                   *common, in.first(2));
  const std::array with_most{raised, in[2]};
  return builder.emit(by_type(*common,
                              []<class T>(T) -> kernel {
                                return kernels::fold<T, [](const T& a, const T& b) { return b < a ? b : a; }>;
                              }),
                      *common, with_most);
}

result<operand> coalesce(expression_builder& builder, std::string_view name, arguments in) {
  const auto common = builder.unify(in, name);
  if (!common)
    return tl::unexpected{common.error()};
  return builder.emit(by_type(*common, []<class T>(T) -> kernel { return kernels::coalesce<T>; }), *common, in);
}

result<operand> null_if(expression_builder& builder, std::string_view name, arguments in) {
  const auto common = builder.unify(in, name);
  if (!common)
    return tl::unexpected{common.error()};
  return builder.emit(by_type(*common, []<class T>(T) -> kernel { return kernels::null_if<T>; }), *common, in);
}

result<operand> conditional(expression_builder& builder, std::string_view name, arguments in) {
  auto condition = builder.convert(in[0], type::boolean, "the condition of " + std::string{name});
  if (!condition)
    return condition;
  in[0] = std::move(*condition);
  const auto common = builder.unify(in.subspan(1), name);
  if (!common)
    return tl::unexpected{common.error()};
  return builder.emit(by_type(*common, []<class T>(T) -> kernel { return kernels::choose<T>; }), *common, in);
}

constexpr std::array table{
    function{{"min", "the least of its arguments, null when one of them is", "min(Amount, 100)"},
             1,
             any_number,
             extreme<true, false>},
    function{{"max", "the greatest of its arguments, null when one of them is", "max(Amount, 0)"},
             1,
             any_number,
             extreme<false, false>},
    function{{"least", "the least of the arguments that are not null", "least(Amount, 100)"},
             1,
             any_number,
             extreme<true, true>},
    function{{"greatest", "the greatest of the arguments that are not null", "greatest(Amount, 0)"},
             1,
             any_number,
             extreme<false, true>},
    function{{"clamp", "the value, but no less than the second argument and no more than the third",
              "clamp(Amount, 0, 1000)"},
             3,
             3,
             clamp},
    function{{"coalesce", "the first argument that is not null", "coalesce(Amount, 0)"}, 1, any_number, coalesce},
    function{{"nullif", "the first argument, null where it equals the second", "nullif(Age, 0)"}, 2, 2, null_if},
    function{{"if", "the second argument where the first is true, else the third; both are computed",
              "if(Amount > 50, 1, 0)"},
             3,
             3,
             conditional},
};

} // namespace

std::span<const function> value_functions() {
  return table;
}

result<operand> choose(expression_builder& builder, std::string_view who, operand condition, operand then,
                       operand otherwise) {
  std::array in{std::move(condition), std::move(then), std::move(otherwise)};
  return conditional(builder, who, in);
}

} // namespace weir::core
