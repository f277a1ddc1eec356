#include "models/graph/elementwise.hpp"
#include "models/onnx/axes.hpp"
#include "models/onnx/operator.hpp"

#include <array>
#include <cmath>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

template <auto F>
tensors compare(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  return pair_up(from, from.input(0), from.input(1)).map([&](paired_columns&& both) {
    tensor made{element::boolean, both.shape};
    made.columns = with_type(from.input(0).type, [&]<class T>() {
      return zip_columns<bool, T, T>(from.program(), std::move(both.a), both.b,
                                     [](const T& x, const T& y) { return F(x, y); });
    });
    return std::vector{std::move(made)};
  });
}

template <auto F>
tensors logical(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  if (from.input(0).type != element::boolean)
    return fail("operator '" + from.op() + "' gets " + std::string{name_of(from.input(0).type)});
  return pair_up(from, from.input(0), from.input(1)).map([&](paired_columns&& both) {
    tensor made{element::boolean, both.shape};
    made.columns = zip_columns<bool, bool, bool>(from.program(), std::move(both.a), both.b,
                                                 [](bool x, bool y) { return F(x, y); });
    return std::vector{std::move(made)};
  });
}

tensors negate(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  if (in.type != element::boolean)
    return fail("operator 'Not' gets " + std::string{name_of(in.type)});
  tensor made{element::boolean, in.shape};
  made.columns = map_columns<bool, bool>(from.program(), columns_in(from.program(), in), [](bool x) { return !x; });
  return std::vector{std::move(made)};
}

template <auto F>
tensors test(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  if (in.type != element::f32 && in.type != element::f64)
    return fail("operator '" + from.op() + "' gets " + std::string{name_of(in.type)});
  tensor made{element::boolean, in.shape};
  made.columns = with_type(in.type, [&]<class T>() -> registers {
    if constexpr (std::is_floating_point_v<T>)
      return map_columns<bool, T>(from.program(), columns_in(from.program(), in), [](T x) { return F(x); });
    else
      return {};
  });
  return std::vector{std::move(made)};
}

template <class T>
class choose_kernel final : public kernel {
public:
  choose_kernel(registers from, registers to) : kernel{std::move(from), std::move(to)} { is_by_column = true; }

  void run(const frame& f) const override {
    const auto count = writes.size();
    for (std::size_t c = 0; c < count; ++c) {
      const auto* which = f.at<const bool>(reads[c]);
      const auto* yes = f.at<const T>(reads[count + c]);
      const auto* no = f.at<const T>(reads[2 * count + c]);
      auto* out = f.at<T>(writes[c]);
      for (std::size_t r = 0; r < f.rows(); ++r)
        out[r] = which[r] ? yes[r] : no[r];
    }
  }
};

tensors choose(node& from) {
  if (auto good = from.expect_inputs(3, 3); !good)
    return tl::unexpected{good.error()};
  if (from.input(0).type != element::boolean)
    return fail("operator 'Where' chooses by a value of type " + std::string{name_of(from.input(0).type)});
  auto both = pair_up(from, from.input(1), from.input(2));
  if (!both)
    return tl::unexpected{both.error()};
  const auto shape = common_shape(both->shape, from.input(0).shape);
  if (!shape)
    return tl::unexpected{shape.error()};
  registers reads;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto columns = stretched_columns(from.program(), from.input(i), *shape);
    if (!columns)
      return tl::unexpected{columns.error()};
    reads.insert(reads.end(), columns->begin(), columns->end());
  }
  tensor made{from.input(1).type, *shape};
  made.columns = from.program().make(made.type, columns_of(*shape));
  with_type(made.type, [&]<class T>() { from.program().add<choose_kernel<T>>(std::move(reads), made.columns); });
  return std::vector{std::move(made)};
}

constexpr auto equal = [](const auto& a, const auto& b) { return a == b; };
constexpr auto less = [](const auto& a, const auto& b) { return a < b; };
constexpr auto greater = [](const auto& a, const auto& b) { return a > b; };
constexpr auto not_less = [](const auto& a, const auto& b) { return a >= b; };
constexpr auto not_greater = [](const auto& a, const auto& b) { return a <= b; };

constexpr std::array all{
    onnx_operator{"And", "ai.onnx", "whether both are true", logical<[](bool a, bool b) { return a && b; }>},
    onnx_operator{"Equal", "ai.onnx", "whether both are equal", compare<equal>},
    onnx_operator{"Greater", "ai.onnx", "whether the first is larger", compare<greater>},
    onnx_operator{"GreaterOrEqual", "ai.onnx", "whether the first is not smaller", compare<not_less>},
    onnx_operator{"IsInf", "ai.onnx", "whether a number is infinite", test<[](auto x) { return std::isinf(x); }>},
    onnx_operator{"IsNaN", "ai.onnx", "whether a number is missing", test<[](auto x) { return x != x; }>},
    onnx_operator{"Less", "ai.onnx", "whether the first is smaller", compare<less>},
    onnx_operator{"LessOrEqual", "ai.onnx", "whether the first is not larger", compare<not_greater>},
    onnx_operator{"Not", "ai.onnx", "the opposite", negate},
    onnx_operator{"Or", "ai.onnx", "whether one is true", logical<[](bool a, bool b) { return a || b; }>},
    onnx_operator{"Where", "ai.onnx", "one value or another, by a condition", choose},
    onnx_operator{"Xor", "ai.onnx", "whether just one is true", logical<[](bool a, bool b) { return a != b; }>},
};

} // namespace

constexpr operator_family operators::comparison{all};

} // namespace weir::models
