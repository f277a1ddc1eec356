#include "core/expression/expression_functions.hpp"
#include "core/base/civil_time.hpp"
#include "core/base/nearest_name.hpp"
#include "core/expression/expression_builder.hpp"
#include "core/expression/expression_kernels.hpp"
#include "core/expression/expression_lexer.hpp"

#include <algorithm>
#include <array>

namespace weir::core {

namespace {

using arguments = std::span<operand>;
using type = column_type;

struct function : function_info {
  std::size_t least;
  std::size_t most;
  result<operand> (*build)(expression_builder&, std::string_view name, arguments);
};

constexpr std::size_t any_number = 64;

/// All arguments as `From`, one instruction.
template <type From, type To, kernel Run>
result<operand> simple(expression_builder& builder, std::string_view name, arguments in) {
  for (auto& value : in) {
    auto converted = builder.convert(value, From, name);
    if (!converted)
      return converted;
    value = std::move(*converted);
  }
  return builder.emit(Run, To, in);
}

template <auto Function>
constexpr auto of_time = simple<type::timestamp, type::int64, kernels::unary<std::int64_t, std::int64_t, Function>>;

template <auto Function>
constexpr auto of_double = simple<type::float64, type::float64, kernels::unary<double, double, Function>>;

template <auto Function>
constexpr auto of_texts =
    simple<type::string, type::boolean, kernels::binary<std::uint8_t, std::string_view, Function>>;

bool absolute(std::int64_t v, std::int64_t, std::int64_t& out) noexcept {
  return v < 0 ? __builtin_sub_overflow(std::int64_t{0}, v, &out) : (out = v, false);
}

/// For functions that leave integers as they are, or do with them what they do with doubles.
template <auto Function, bool IsAbsolute>
result<operand> numeric(expression_builder& builder, std::string_view name, arguments in) {
  if (in[0].is_null || in[0].type != type::int64)
    return of_double<Function>(builder, name, in);
  if (!IsAbsolute)
    return in[0];
  const std::array twice{in[0], in[0]};
  return builder.emit(kernels::checked_binary<absolute>, type::int64, twice);
}

template <bool Least>
result<operand> extreme(expression_builder& builder, std::string_view name, arguments in) {
  const auto common = builder.unify(in, name);
  if (!common)
    return tl::unexpected{common.error()};
  const auto run = by_type(*common, []<class T>(T) -> kernel {
    return kernels::fold<T, [](const T& a, const T& b) { return (Least ? b < a : a < b) ? b : a; }>;
  });
  return builder.emit(run, *common, in);
}

result<operand> coalesce(expression_builder& builder, std::string_view name, arguments in) {
  const auto common = builder.unify(in, name);
  if (!common)
    return tl::unexpected{common.error()};
  return builder.emit(by_type(*common, []<class T>(T) -> kernel { return kernels::coalesce<T>; }), *common, in);
}

result<operand> choose(expression_builder& builder, std::string_view name, arguments in) {
  auto condition = builder.convert(in[0], type::boolean, "the condition of if()");
  if (!condition)
    return condition;
  in[0] = std::move(*condition);
  const auto common = builder.unify(in.subspan(1), name);
  if (!common)
    return tl::unexpected{common.error()};
  return builder.emit(by_type(*common, []<class T>(T) -> kernel { return kernels::choose<T>; }), *common, in);
}

std::int64_t characters(std::string_view text) noexcept {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

using view = std::string_view;
using integer = std::int64_t;

constexpr std::array functions{
    // of a timestamp
    function{{"hour", "the hour of a timestamp, 0 to 23, UTC", "hour(Date)"}, 1, 1, of_time<hour_of>},
    function{{"minute", "the minute of a timestamp, 0 to 59", "minute(Date)"},
             1,
             1,
             of_time<[](integer ms) { return (ms - floor_div(ms, ms_per_hour) * ms_per_hour) / 60'000; }>},
    function{{"second", "the second of a timestamp, 0 to 59", "second(Date)"},
             1,
             1,
             of_time<[](integer ms) { return (ms - floor_div(ms, 60'000) * 60'000) / ms_per_second; }>},
    function{{"day", "the day of the month, 1 to 31, UTC", "day(Date)"},
             1,
             1,
             of_time<[](integer ms) { return civil_from_days(floor_div(ms, ms_per_day)).day; }>},
    function{{"dow", "the day of the week, 0 is Monday, UTC", "dow(Date)"}, 1, 1, of_time<weekday_of>},
    function{{"month", "the month, 1 to 12, UTC", "month(Date)"},
             1,
             1,
             of_time<[](integer ms) { return civil_from_days(floor_div(ms, ms_per_day)).month; }>},
    function{{"year", "the year, UTC", "year(Date)"},
             1,
             1,
             of_time<[](integer ms) { return civil_from_days(floor_div(ms, ms_per_day)).year; }>},
    // of numbers
    function{{"abs", "the value without its sign; an integer stays one", "abs(Amount)"},
             1,
             1,
             numeric<[](double v) { return std::abs(v); }, true>},
    function{{"floor", "the next whole number below", "floor(Amount)"},
             1,
             1,
             numeric<[](double v) { return std::floor(v); }, false>},
    function{{"ceil", "the next whole number above", "ceil(Amount)"},
             1,
             1,
             numeric<[](double v) { return std::ceil(v); }, false>},
    function{{"round", "the nearest whole number, halves away from zero", "round(Amount)"},
             1,
             1,
             numeric<[](double v) { return std::round(v); }, false>},
    function{{"sqrt", "the square root", "sqrt(Amount)"}, 1, 1, of_double<[](double v) { return std::sqrt(v); }>},
    function{{"log", "the natural logarithm", "log(Amount)"}, 1, 1, of_double<[](double v) { return std::log(v); }>},
    function{{"exp", "e to the power of the value", "exp(Age)"}, 1, 1, of_double<[](double v) { return std::exp(v); }>},
    function{{"pow", "the first value to the power of the second", "pow(Age, 2)"},
             2,
             2,
             simple<type::float64, type::float64,
                    kernels::binary<double, double, [](double a, double b) { return std::pow(a, b); }>>},
    // of values of one type
    function{{"min", "the least of its arguments, null when one of them is", "min(Amount, 100)"},
             1,
             any_number,
             extreme<true>},
    function{{"max", "the greatest of its arguments, null when one of them is", "max(Amount, 0)"},
             1,
             any_number,
             extreme<false>},
    function{{"coalesce", "the first argument that is not null", "coalesce(Amount, 0)"}, 1, any_number, coalesce},
    function{{"if", "the second argument where the first is true, else the third; both are computed",
              "if(Amount > 50, 1, 0)"},
             3,
             3,
             choose},
    // of text
    function{{"length", "characters of a text, as code points", "length(Device)"},
             1,
             1,
             simple<type::string, type::int64, kernels::unary<integer, view, characters>>},
    function{{"lower", "a text in lower case, A to Z only", "lower(Device)"},
             1,
             1,
             simple<type::string, type::string, kernels::lower>},
    function{{"upper", "a text in upper case, a to z only", "upper(Device)"},
             1,
             1,
             simple<type::string, type::string, kernels::upper>},
    function{{"concat", "texts, one behind the other", "concat(CustomerID, Device)"},
             1,
             any_number,
             simple<type::string, type::string, kernels::concat>},
    function{{"contains", "whether the first text has the second in it", "contains(Device, 'web')"},
             2,
             2,
             of_texts<[](view a, view b) { return a.find(b) != view::npos; }>},
    function{{"starts_with", "whether the first text begins with the second", "starts_with(CustomerID, 'C0')"},
             2,
             2,
             of_texts<[](view a, view b) { return a.starts_with(b); }>},
    function{{"ends_with", "whether the first text ends with the second", "ends_with(CustomerID, '7')"},
             2,
             2,
             of_texts<[](view a, view b) { return a.ends_with(b); }>},
};

} // namespace

std::vector<function_info> expression_functions() {
  return {functions.begin(), functions.end()};
}

result<operand> call_function(expression_builder& builder, std::string_view name, std::size_t column,
                              std::vector<operand> in) {
  const auto known = std::find_if(functions.begin(), functions.end(), [&](const auto& f) { return f.name == name; });
  if (known == functions.end()) {
    std::vector<std::string_view> names;
    std::string list = "there are";
    for (const auto& f : functions) {
      names.push_back(f.name);
      list += ' ' + std::string{f.name};
    }
    auto remedy = did_you_mean(name, names);
    return fail_at(column, "unknown function '" + std::string{name} + "'", remedy.empty() ? list : remedy);
  }
  if (in.size() < known->least || in.size() > known->most) {
    const auto wanted = known->least == known->most
                            ? std::to_string(known->least)
                            : std::to_string(known->least) + " to " + std::to_string(known->most);
    return fail_at(column, std::string{name} + "() takes " + wanted + (wanted == "1" ? " argument" : " arguments")
                               + ", not " + std::to_string(in.size()));
  }
  auto value = known->build(builder, std::string{name} + "()", in);
  if (value)
    value->column = column;
  return value;
}

} // namespace weir::core
