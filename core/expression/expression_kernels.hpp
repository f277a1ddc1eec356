#pragma once

#include "core/expression/expression_program.hpp"

#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

// Loops over the rows of a chunk, from which operators and functions are made. Each keeps the number of rows in a
// variable of its own: bytes alias everything, and a loop whose bound may change is not vectorised.

namespace weir::core::kernels {

/// The combined nulls of the operands become the result's.
inline void merge_nulls(const instruction& i, frame& f) noexcept {
  const auto rows = f.rows;
  auto& out = f.registers[i.out];
  out.null = nullptr;
  for (const auto operand : i.in) {
    const auto* null = f.registers[operand].null;
    if (null == nullptr)
      continue;
    if (out.null == nullptr)
      std::memcpy(out.null_room, null, f.rows);
    else
      for (std::size_t row = 0; row < rows; ++row)
        out.null_room[row] = static_cast<std::uint8_t>(out.null_room[row] | null[row]);
    out.null = out.null_room;
  }
}

/// Where the values of the result go.
template <class T>
T* result_of(const instruction& i, frame& f) noexcept {
  auto& out = f.registers[i.out];
  out.data = out.room;
  return static_cast<T*>(out.room);
}

template <class T>
const T* operand(const instruction& i, const frame& f, std::size_t n) noexcept {
  return f.registers[i.in[n]].as<T>();
}

template <class R, class A, auto Function>
void unary(const instruction& i, frame& f) {
  const auto rows = f.rows;
  const auto* a = operand<A>(i, f, 0);
  auto* out = result_of<R>(i, f);
  for (std::size_t row = 0; row < rows; ++row)
    out[row] = static_cast<R>(Function(a[row]));
  merge_nulls(i, f);
}

template <class R, class A, auto Function>
void binary(const instruction& i, frame& f) {
  const auto rows = f.rows;
  const auto* a = operand<A>(i, f, 0);
  const auto* b = operand<A>(i, f, 1);
  auto* out = result_of<R>(i, f);
  for (std::size_t row = 0; row < rows; ++row)
    out[row] = static_cast<R>(Function(a[row], b[row]));
  merge_nulls(i, f);
}

/// Function(state, values of a row ..., result) says whether there is a result; the row is null where there is none. It
/// is called for rows without nulls alone. `State` is what the instruction holds. @tparam Function takes (const State&,
/// A..., R&) or, for texts that are made, (const State&, A..., R&, frame&)
template <class State, class R, auto Function, class... A>
void with_state(const instruction& i, frame& f) {
  const auto& state = *static_cast<const State*>(i.state.get());
  auto* out = result_of<R>(i, f);
  merge_nulls(i, f);
  auto& result = f.registers[i.out];
  if (result.null == nullptr)
    std::memset(result.null_room, 0, f.rows);
  result.null = result.null_room;
  const auto rows = f.rows;
  [&]<std::size_t... N>(std::index_sequence<N...>) {
    for (std::size_t row = 0; row < rows; ++row) {
      out[row] = R{};
      if (result.null_room[row] != 0)
        continue;
      bool is_there = false;
      if constexpr (std::is_invocable_v<decltype(Function), const State&, A..., R&, frame&>)
        is_there = Function(state, operand<A>(i, f, N)[row]..., out[row], f);
      else
        is_there = Function(state, operand<A>(i, f, N)[row]..., out[row]);
      result.null_room[row] = static_cast<std::uint8_t>(!is_there);
    }
  }
  (std::index_sequence_for<A...>{});
}

/// The state of functions that have none.
struct stateless {};

/// Room for a text of the chunk at hand.
inline char* text_room(frame& f, std::size_t size) {
  return static_cast<char*>(f.text.allocate(size == 0 ? 1 : size, 1));
}

/// A copy of a text, for as long as the chunk at hand.
inline std::string_view kept(frame& f, std::string_view text) {
  auto* room = text_room(f, text.size());
  std::memcpy(room, text.data(), text.size());
  return {room, text.size()};
}

/// Function(a, b, result) says whether the integers have no result; the row is null then.
template <auto Function>
void checked_binary(const instruction& i, frame& f) {
  const auto rows = f.rows;
  const auto* a = operand<std::int64_t>(i, f, 0);
  const auto* b = operand<std::int64_t>(i, f, 1);
  auto* out = result_of<std::int64_t>(i, f);
  merge_nulls(i, f);
  auto& result = f.registers[i.out];
  if (result.null == nullptr)
    std::memset(result.null_room, 0, f.rows);
  std::uint8_t any = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    std::int64_t value = 0;
    const auto bad = static_cast<std::uint8_t>(Function(a[row], b[row], value));
    out[row] = value;
    any = static_cast<std::uint8_t>(any | bad);
    result.null_room[row] = static_cast<std::uint8_t>(result.null_room[row] | bad);
  }
  if (any != 0)
    result.null = result.null_room;
}

/// Function(accumulated, next) over all operands.
template <class T, auto Function>
void fold(const instruction& i, frame& f) {
  const auto rows = f.rows;
  auto* out = result_of<T>(i, f);
  const auto* first = operand<T>(i, f, 0);
  for (std::size_t row = 0; row < rows; ++row)
    out[row] = first[row];
  for (std::size_t n = 1; n < i.in.size(); ++n) {
    const auto* next = operand<T>(i, f, n);
    for (std::size_t row = 0; row < rows; ++row)
      out[row] = Function(out[row], next[row]);
  }
  merge_nulls(i, f);
}

/// The same over the operands that are not null; null where all are.
template <class T, auto Function>
void fold_known(const instruction& i, frame& f) {
  const auto rows = f.rows;
  auto* out = result_of<T>(i, f);
  auto& result = f.registers[i.out];
  std::memset(result.null_room, 1, f.rows);
  for (std::size_t n = 0; n < i.in.size(); ++n) {
    const auto* next = operand<T>(i, f, n);
    const auto* null = f.registers[i.in[n]].null;
    for (std::size_t row = 0; row < rows; ++row)
      if (null == nullptr || null[row] == 0) {
        out[row] = result.null_room[row] != 0 ? next[row] : Function(out[row], next[row]);
        result.null_room[row] = 0;
      }
  }
  result.null = result.null_room;
}

/// The first operand, null where it equals the second.
template <class T>
void null_if(const instruction& i, frame& f) {
  const auto rows = f.rows;
  const auto* a = operand<T>(i, f, 0);
  const auto* b = operand<T>(i, f, 1);
  const auto* a_null = f.registers[i.in[0]].null;
  const auto* b_null = f.registers[i.in[1]].null;
  auto* out = result_of<T>(i, f);
  auto& result = f.registers[i.out];
  for (std::size_t row = 0; row < rows; ++row) {
    const bool is_equal = (b_null == nullptr || b_null[row] == 0) && a[row] == b[row];
    out[row] = a[row];
    result.null_room[row] = static_cast<std::uint8_t>(is_equal || (a_null != nullptr && a_null[row] != 0));
  }
  result.null = result.null_room;
}

/// The first operand that is not null.
template <class T>
void coalesce(const instruction& i, frame& f) {
  const auto rows = f.rows;
  auto* out = result_of<T>(i, f);
  auto& result = f.registers[i.out];
  std::memset(result.null_room, 1, f.rows);
  for (std::size_t n = 0; n < i.in.size(); ++n) {
    const auto* value = operand<T>(i, f, n);
    const auto* null = f.registers[i.in[n]].null;
    for (std::size_t row = 0; row < rows; ++row)
      if (result.null_room[row] != 0 && (null == nullptr || null[row] == 0)) {
        out[row] = value[row];
        result.null_room[row] = 0;
      }
  }
  result.null = result.null_room;
}

/// The second operand where the first is true, else the third.
template <class T>
void choose(const instruction& i, frame& f) {
  const auto rows = f.rows;
  const auto* condition = operand<std::uint8_t>(i, f, 0);
  const auto* condition_null = f.registers[i.in[0]].null;
  auto* out = result_of<T>(i, f);
  auto& result = f.registers[i.out];
  for (std::size_t row = 0; row < rows; ++row) {
    const bool taken = condition[row] != 0 && (condition_null == nullptr || condition_null[row] == 0);
    const auto& branch = f.registers[i.in[taken ? 1 : 2]];
    out[row] = branch.as<T>()[row];
    result.null_room[row] = branch.null == nullptr ? std::uint8_t{0} : branch.null[row];
  }
  result.null = result.null_room;
}

/// Fills a register with the instruction's constant; `missing` makes it null.
template <class T>
void constant(const instruction& i, frame& f) {
  const auto rows = f.rows;
  auto* out = result_of<T>(i, f);
  T value{};
  if constexpr (std::same_as<T, double>)
    value = i.f64;
  else if constexpr (std::same_as<T, std::string_view>)
    value = i.text;
  else
    value = static_cast<T>(i.i64);
  for (std::size_t row = 0; row < rows; ++row)
    out[row] = value;
  f.registers[i.out].null = nullptr;
}

template <class T>
void missing(const instruction& i, frame& f) {
  const auto rows = f.rows;
  auto* out = result_of<T>(i, f);
  auto& result = f.registers[i.out];
  for (std::size_t row = 0; row < rows; ++row)
    out[row] = T{};
  std::memset(result.null_room, 1, f.rows);
  result.null = result.null_room;
}

void logical_and(const instruction& i, frame& f);
void logical_or(const instruction& i, frame& f);
void is_null(const instruction& i, frame& f);
void lower(const instruction& i, frame& f);
void upper(const instruction& i, frame& f);
void concat(const instruction& i, frame& f);

} // namespace weir::core::kernels
