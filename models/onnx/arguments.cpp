#include "models/graph/argument.hpp"
#include "models/onnx/axes.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

struct numbered_columns {
  column_groups groups;
  registers columns; ///< group by group
};

core::result<numbered_columns> group_along(node& from, std::int64_t axis, bool keeps_axis) {
  const auto& in = from.input(0);
  const auto at = axis_of(from, axis, in.shape.size());
  if (!at)
    return tl::unexpected{at.error()};
  auto groups = group_columns(from, in.shape, std::array{*at}, keeps_axis);
  if (!groups)
    return tl::unexpected{groups.error()};
  return grouped_columns(from, in, *groups).map([&](registers&& columns) {
    return numbered_columns{*std::move(groups), std::move(columns)};
  });
}

template <bool wants_largest>
tensors argument(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto takes_last = from.integer("select_last_index", 0) != 0;
  const auto keeps_axis = from.integer("keepdims", 1) != 0;
  auto found = group_along(from, from.integer("axis", 0), keeps_axis);
  if (!found)
    return tl::unexpected{found.error()};
  tensor made{element::i64, found->groups.shape};
  made.columns = from.program().make(element::i64, found->groups.count);
  with_type(from.input(0).type, [&]<class T>() {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
      from.program().add<argument_kernel<T, wants_largest>>(std::move(found->columns), made.columns, takes_last);
  });
  return std::vector{std::move(made)};
}

/// Writes the values of the `k` best of each group, best first, then their places in it.
template <class T>
class top_kernel final : public kernel {
public:
  top_kernel(registers from, registers to, std::size_t groups, std::size_t k, bool wants_largest) :
      kernel{std::move(from), std::move(to)}, groups_{groups}, k_{k}, wants_largest_{wants_largest} {}

  void run(const frame& f) const override {
    const auto size = reads.size() / groups_;
    std::vector<std::int64_t> order(size);
    for (std::size_t g = 0; g < groups_; ++g)
      for (std::size_t r = 0; r < f.rows(); ++r) {
        const auto value = [&](std::int64_t i) {
          return f.at<const T>(reads[g * size + static_cast<std::size_t>(i)])[r];
        };
        std::iota(order.begin(), order.end(), std::int64_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
          return wants_largest_ ? value(a) > value(b) : value(a) < value(b);
        });
        for (std::size_t i = 0; i < k_; ++i) {
          f.at<T>(writes[g * k_ + i])[r] = value(order[i]);
          f.at<std::int64_t>(writes[(groups_ + g) * k_ + i])[r] = order[i];
        }
      }
  }

private:
  std::size_t groups_;
  std::size_t k_;
  bool wants_largest_;
};

/// Columns of groups along an axis of length `k`, in the order of the whole tensor.
registers ungroup(const registers& by_group, const node& from, tensor_shape shape, std::size_t axis) {
  const auto groups = group_columns(from, shape, std::array{axis}, false);
  registers made(by_group.size());
  for (std::size_t i = 0; i < by_group.size(); ++i)
    made[groups->order[i]] = by_group[i];
  return made;
}

tensors top(node& from) {
  if (auto good = from.expect_inputs(1, 2); !good)
    return tl::unexpected{good.error()};
  from.ignore("sorted");
  const auto wants_largest = from.integer("largest", 1) != 0;
  const auto given_axis = from.integer("axis", -1);
  auto k = from.integer("k", -1);
  const auto as_input = from.constant_integers(1);
  if (!as_input)
    return tl::unexpected{as_input.error()};
  if (*as_input && (*as_input)->size() == 1)
    k = (*as_input)->front();
  auto found = group_along(from, given_axis, true);
  if (!found)
    return tl::unexpected{found.error()};
  const auto axis = *axis_of(from, given_axis, from.input(0).shape.size());
  if (k < 1 || k > from.input(0).shape[axis])
    return fail("operator 'TopK' wants " + std::to_string(k) + " of " + std::to_string(from.input(0).shape[axis]));
  auto shape = from.input(0).shape;
  shape[axis] = k;
  const auto type = from.input(0).type;
  const auto count = found->groups.count * static_cast<std::size_t>(k);
  auto values = from.program().make(type, count);
  const auto places = from.program().make(element::i64, count);
  auto writes = values;
  writes.insert(writes.end(), places.begin(), places.end());
  with_type(type, [&]<class T>() {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
      from.program().add<top_kernel<T>>(std::move(found->columns), std::move(writes), found->groups.count,
                                        static_cast<std::size_t>(k), wants_largest);
  });
  tensor best{type, shape, ungroup(values, from, shape, axis)};
  tensor where{element::i64, shape, ungroup(places, from, shape, axis)};
  return std::vector{std::move(best), std::move(where)};
}

constexpr std::array all{
    onnx_operator{"ArgMax", "ai.onnx", "where the largest is along an axis", argument<true>},
    onnx_operator{"ArgMin", "ai.onnx", "where the smallest is along an axis", argument<false>},
    onnx_operator{"TopK", "ai.onnx", "the largest or smallest along an axis, and where they are", top},
};

} // namespace

constexpr operator_family operators::arguments{all};

} // namespace weir::models
