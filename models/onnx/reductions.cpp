#include "models/graph/elementwise.hpp"
#include "models/onnx/axes.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// `F(group, rows, into)` over the columns along some axes. @param since the version in which these became an input
template <auto F>
tensors reduce(node& from, std::int64_t since) {
  if (auto good = from.expect_inputs(1, 2); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  const auto keeps_axes = from.integer("keepdims", 1) != 0;
  const auto does_nothing_without_axes = from.integer("noop_with_empty_axes", 0) != 0;
  auto axes = axes_of(from, 1, since, in.shape.size());
  if (!axes)
    return tl::unexpected{axes.error()};
  if (axes->empty() && does_nothing_without_axes)
    return std::vector{in};
  if (axes->empty()) {
    axes->resize(in.shape.size());
    std::iota(axes->begin(), axes->end(), std::size_t{0});
  }
  const auto groups = group_columns(from, in.shape, *axes, keeps_axes);
  if (!groups)
    return tl::unexpected{groups.error()};
  auto ordered = grouped_columns(from, in, *groups);
  if (!ordered)
    return tl::unexpected{ordered.error()};
  tensor made{in.type, groups->shape};
  made.columns = with_type(in.type, [&]<class T>() -> registers {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string_view>)
      return {};
    else
      return reduce_columns<T>(
          from.program(), *std::move(ordered), groups->count,
          [](std::span<const T* const> group, std::size_t rows, T* into) { F(group, rows, into); });
  });
  return std::vector{std::move(made)};
}

/// Folds the columns into `into`, row by row: `into = F(into, x)`.
template <class T, class F>
void fold(std::span<const T* const> group, std::size_t rows, T* into, T first, const F& f) {
  std::fill_n(into, rows, first);
  for (const auto* column : group)
    for (std::size_t r = 0; r < rows; ++r)
      into[r] = f(into[r], column[r]);
}

template <class T, class F>
void change(T* values, std::size_t rows, const F& f) {
  for (std::size_t r = 0; r < rows; ++r)
    values[r] = static_cast<T>(f(values[r]));
}

constexpr auto sum = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  fold(group, rows, into, T{0}, [](T a, T x) { return static_cast<T>(a + x); });
};
constexpr auto sum_of_squares = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  fold(group, rows, into, T{0}, [](T a, T x) { return static_cast<T>(a + x * x); });
};
constexpr auto sum_of_magnitudes = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  fold(group, rows, into, T{0}, [](T a, T x) { return static_cast<T>(x < 0 ? a - x : a + x); });
};
constexpr auto product = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  fold(group, rows, into, T{1}, [](T a, T x) { return static_cast<T>(a * x); });
};
constexpr auto largest = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  std::copy_n(group.front(), rows, into);
  for (const auto* column : group.subspan(1))
    for (std::size_t r = 0; r < rows; ++r)
      into[r] = into[r] != into[r] || into[r] > column[r] ? into[r] : column[r];
};
constexpr auto smallest = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  std::copy_n(group.front(), rows, into);
  for (const auto* column : group.subspan(1))
    for (std::size_t r = 0; r < rows; ++r)
      into[r] = into[r] != into[r] || into[r] < column[r] ? into[r] : column[r];
};
constexpr auto mean = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  sum(group, rows, into);
  change(into, rows, [n = static_cast<T>(group.size())](T x) { return x / n; });
};
constexpr auto euclidean = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  sum_of_squares(group, rows, into);
  change(into, rows, [](T x) { return std::sqrt(x); });
};
constexpr auto log_sum = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  sum(group, rows, into);
  change(into, rows, [](T x) { return std::log(x); });
};

/// ln(sum(exp(x))), from the largest on, so that nothing overflows.
constexpr auto log_sum_exp = []<class T>(std::span<const T* const> group, std::size_t rows, T* into) {
  for (std::size_t r = 0; r < rows; ++r) {
    auto most = group.front()[r];
    for (const auto* column : group)
      most = std::max(most, column[r]);
    T all{0};
    for (const auto* column : group)
      all += static_cast<T>(std::exp(column[r] - most));
    into[r] = std::isfinite(static_cast<double>(most))
                  ? static_cast<T>(static_cast<double>(most) + std::log(static_cast<double>(all)))
                  : most;
  }
};

/// Sums up to each column of a group.
template <class T>
class running_kernel final : public kernel {
public:
  /// @param from group by group, and so the columns of `to`
  running_kernel(registers from, registers to, std::size_t groups) :
      kernel{std::move(from), std::move(to)}, groups_{groups} {}

  void run(const frame& f) const override {
    const auto size = reads.size() / groups_;
    for (std::size_t i = 0; i < reads.size(); ++i) {
      const auto* in = f.at<const T>(reads[i]);
      auto* out = f.at<T>(writes[i]);
      const auto* before = i % size == 0 ? nullptr : f.at<const T>(writes[i - 1]);
      for (std::size_t r = 0; r < f.rows(); ++r)
        out[r] = before == nullptr ? in[r] : static_cast<T>(before[r] + in[r]);
    }
  }

private:
  std::size_t groups_;
};

tensors running_sum(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  const auto given = from.constant_integers(1);
  if (!given)
    return tl::unexpected{given.error()};
  if ((*given)->size() != 1 || from.integer("exclusive", 0) != 0 || from.integer("reverse", 0) != 0
      || (in.type != element::f32 && in.type != element::f64))
    return fail("a CumSum of " + text_of(in.shape) + " in this way is not supported");
  const auto axis = axis_of(from, (*given)->front(), in.shape.size());
  if (!axis)
    return tl::unexpected{axis.error()};
  const auto groups = group_columns(from, in.shape, std::array{*axis}, true);
  if (!groups)
    return tl::unexpected{groups.error()};
  const auto columns = columns_in(from.program(), in);
  tensor made{in.type, in.shape, from.program().make(in.type, columns.size())};
  registers reads, writes;
  for (const auto i : groups->order) {
    reads.push_back(columns[i]);
    writes.push_back(made.columns[i]);
  }
  if (in.type == element::f32)
    from.program().add<running_kernel<float>>(std::move(reads), std::move(writes), groups->count);
  else
    from.program().add<running_kernel<double>>(std::move(reads), std::move(writes), groups->count);
  return std::vector{std::move(made)};
}

template <auto F>
tensors reduce_since_18(node& from) {
  return reduce<F>(from, 18);
}

constexpr std::array all{
    onnx_operator{"CumSum", "ai.onnx", "the sums up to each place along an axis", running_sum},
    onnx_operator{"ReduceL1", "ai.onnx", "the sum of magnitudes along axes", reduce_since_18<sum_of_magnitudes>},
    onnx_operator{"ReduceL2", "ai.onnx", "the Euclidean length along axes", reduce_since_18<euclidean>},
    onnx_operator{"ReduceLogSum", "ai.onnx", "the logarithm of the sum along axes", reduce_since_18<log_sum>},
    onnx_operator{"ReduceLogSumExp", "ai.onnx", "the logarithm of the sum of exponentials along axes",
                  reduce_since_18<log_sum_exp>},
    onnx_operator{"ReduceMax", "ai.onnx", "the largest along axes", reduce_since_18<largest>},
    onnx_operator{"ReduceMean", "ai.onnx", "the mean along axes", reduce_since_18<mean>},
    onnx_operator{"ReduceMin", "ai.onnx", "the smallest along axes", reduce_since_18<smallest>},
    onnx_operator{"ReduceProd", "ai.onnx", "the product along axes", reduce_since_18<product>},
    onnx_operator{"ReduceSum", "ai.onnx", "the sum along axes", [](node& from) { return reduce<sum>(from, 13); }},
    onnx_operator{"ReduceSumSquare", "ai.onnx", "the sum of squares along axes", reduce_since_18<sum_of_squares>},
};

} // namespace

constexpr operator_family operators::reductions{all};

} // namespace weir::models
