#pragma once

#include "models/graph/tensor.hpp"

#include <cstddef>
#include <span>
#include <utility>

namespace weir::models {

namespace detail {

template <class To, class From, class F>
class map_kernel final : public kernel {
public:
  map_kernel(registers from, registers to, F f) : kernel{std::move(from), std::move(to)}, f_{std::move(f)} {
    is_by_column = true;
  }

  void run(const frame& f) const override {
    for (std::size_t c = 0; c < writes.size(); ++c) {
      const auto* in = f.at<const From>(reads[c]);
      auto* out = f.at<To>(writes[c]);
      for (std::size_t r = 0; r < f.rows(); ++r)
        out[r] = f_(in[r]);
    }
  }

private:
  F f_;
};

/// Reads the columns of the one, then those of the other.
template <class To, class A, class B, class F>
class zip_kernel final : public kernel {
public:
  zip_kernel(registers from, registers to, F f) : kernel{std::move(from), std::move(to)}, f_{std::move(f)} {
    is_by_column = true;
  }

  void run(const frame& f) const override {
    for (std::size_t c = 0; c < writes.size(); ++c) {
      const auto* a = f.at<const A>(reads[c]);
      const auto* b = f.at<const B>(reads[writes.size() + c]);
      auto* out = f.at<To>(writes[c]);
      for (std::size_t r = 0; r < f.rows(); ++r)
        out[r] = f_(a[r], b[r]);
    }
  }

private:
  F f_;
};

template <class T, class F>
class reduce_kernel final : public kernel {
public:
  reduce_kernel(registers from, registers to, F f) : kernel{std::move(from), std::move(to)}, f_{std::move(f)} {}

  void run(const frame& f) const override {
    if (writes.empty())
      return;
    const auto size = reads.size() / writes.size();
    thread_local std::vector<const T*> group;
    group.resize(size);
    for (std::size_t c = 0; c < writes.size(); ++c) {
      for (std::size_t i = 0; i < size; ++i)
        group[i] = f.at<const T>(reads[c * size + i]);
      f_(std::span<const T* const>{group}, f.rows(), f.at<T>(writes[c]));
    }
  }

private:
  F f_;
};

} // namespace detail

/// Columns of `f(x)`, value by value.
template <class To, class From, class F>
registers map_columns(program_builder& program, const registers& from, F f) {
  auto made = program.make(element_of<To>(), from.size());
  program.add<detail::map_kernel<To, From, F>>(from, made, std::move(f));
  return made;
}

/// Columns of `f(a, b)`, value by value. @pre both have as many columns
template <class To, class A, class B, class F>
registers zip_columns(program_builder& program, registers a, const registers& b, F f) {
  auto made = program.make(element_of<To>(), a.size());
  a.insert(a.end(), b.begin(), b.end());
  program.add<detail::zip_kernel<To, A, B, F>>(std::move(a), made, std::move(f));
  return made;
}

/// One column for each group of columns: `f(group, rows, into)`.
/// @param groups of equal size, one after the other @param count of the groups
template <class T, class F>
registers reduce_columns(program_builder& program, registers groups, std::size_t count, F f) {
  auto made = program.make(element_of<T>(), count);
  program.add<detail::reduce_kernel<T, F>>(std::move(groups), made, std::move(f));
  return made;
}

/// The columns as values of another type: numbers as C++ converts them (what a whole number cannot hold becomes its
/// nearest), a number as bool is whether it is not 0.
/// @pre neither type is text, unless both are
registers convert_columns(program_builder& program, const registers& from, element is, element to);

/// The same for a tensor, a constant too.
tensor converted(program_builder& program, const tensor& from, element to);

/// The columns of a tensor, stretched to `shape`.
core::result<registers> stretched_columns(program_builder& program, const tensor& from, const tensor_shape& shape);

} // namespace weir::models
