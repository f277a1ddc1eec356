#pragma once

#include "models/graph/program.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace weir::models {

/// Columns of groups, each of which becomes as many columns: `F(values, size)` on one row of a group, in double.
template <class T, auto F>
class group_kernel final : public kernel {
public:
  /// @pre each group's columns stand together, `size` of them
  group_kernel(registers from, registers to, std::size_t size) : kernel{std::move(from), std::move(to)}, size_{size} {}

  void run(const frame& f) const override {
    thread_local std::vector<double> values;
    values.resize(size_);
    for (std::size_t begin = 0; begin < reads.size(); begin += size_)
      for (std::size_t r = 0; r < f.rows(); ++r) {
        for (std::size_t i = 0; i < size_; ++i)
          values[i] = static_cast<double>(f.at<const T>(reads[begin + i])[r]);
        F(values.data(), size_);
        for (std::size_t i = 0; i < size_; ++i)
          f.at<T>(writes[begin + i])[r] = static_cast<T>(values[i]);
      }
  }

private:
  std::size_t size_;
};

/// Values become their shares of the sum of all exp(x), from the largest on, so that nothing overflows: softmax.
/// @tparam SkipsZero a value of 0 stays 0, as "no score" does in ONNX Runtime
template <bool SkipsZero = false>
void to_shares(double* values, std::size_t count) {
  constexpr double nothing = 1e-7;
  const auto largest = *std::max_element(values, values + count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto is_skipped = SkipsZero && std::abs(values[i]) <= nothing;
    sum += values[i] = is_skipped ? values[i] * std::exp(-largest) : std::exp(values[i] - largest);
  }
  for (std::size_t i = 0; i < count; ++i)
    values[i] /= sum;
}

} // namespace weir::models
