#include "core/expression/expression_kernels.hpp"

namespace weir::core::kernels {

namespace {

/// `Decisive` is the operand that settles the result whatever the other one is: false for `and`, true for `or`.
template <bool Decisive>
void connect(const instruction& i, frame& f) noexcept {
  const auto rows = f.rows;
  const auto* a = operand<std::uint8_t>(i, f, 0);
  const auto* b = operand<std::uint8_t>(i, f, 1);
  const auto* a_null = f.registers[i.in[0]].null;
  const auto* b_null = f.registers[i.in[1]].null;
  auto* out = result_of<std::uint8_t>(i, f);
  auto& result = f.registers[i.out];
  if (a_null == nullptr && b_null == nullptr) {
    for (std::size_t row = 0; row < rows; ++row)
      out[row] = static_cast<std::uint8_t>(Decisive ? a[row] | b[row] : a[row] & b[row]);
    result.null = nullptr;
    return;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const bool null_a = a_null != nullptr && a_null[row] != 0;
    const bool null_b = b_null != nullptr && b_null[row] != 0;
    const bool settled = (!null_a && (a[row] != 0) == Decisive) || (!null_b && (b[row] != 0) == Decisive);
    out[row] = static_cast<std::uint8_t>(settled ? Decisive : !Decisive);
    result.null_room[row] = static_cast<std::uint8_t>(!settled && (null_a || null_b));
  }
  result.null = result.null_room;
}

template <char First, char Last>
void change_case(const instruction& i, frame& f) {
  const auto* a = operand<std::string_view>(i, f, 0);
  auto* out = result_of<std::string_view>(i, f);
  const auto rows = f.rows;
  for (std::size_t row = 0; row < rows; ++row) {
    auto* text = text_room(f, a[row].size());
    for (std::size_t n = 0; n < a[row].size(); ++n) {
      const char c = a[row][n];
      text[n] = c >= First && c <= Last ? static_cast<char>(c ^ 0x20) : c;
    }
    out[row] = {text, a[row].size()};
  }
  merge_nulls(i, f);
}

} // namespace

void logical_and(const instruction& i, frame& f) {
  connect<false>(i, f);
}

void logical_or(const instruction& i, frame& f) {
  connect<true>(i, f);
}

void is_null(const instruction& i, frame& f) {
  const auto* null = f.registers[i.in[0]].null;
  auto* out = result_of<std::uint8_t>(i, f);
  if (null == nullptr)
    std::memset(out, 0, f.rows);
  else
    std::memcpy(out, null, f.rows);
  f.registers[i.out].null = nullptr;
}

void lower(const instruction& i, frame& f) {
  change_case<'A', 'Z'>(i, f);
}

void upper(const instruction& i, frame& f) {
  change_case<'a', 'z'>(i, f);
}

void concat(const instruction& i, frame& f) {
  auto* out = result_of<std::string_view>(i, f);
  const auto rows = f.rows;
  merge_nulls(i, f);
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t size = 0;
    for (std::size_t n = 0; n < i.in.size(); ++n)
      size += operand<std::string_view>(i, f, n)[row].size();
    auto* const text = text_room(f, size);
    auto* p = text;
    for (std::size_t n = 0; n < i.in.size(); ++n) {
      const auto part = operand<std::string_view>(i, f, n)[row];
      if (!part.empty())
        std::memcpy(p, part.data(), part.size());
      p += part.size();
    }
    out[row] = {text, size};
  }
}

} // namespace weir::core::kernels
