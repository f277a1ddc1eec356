#include "models/online/kernel_dictionary.hpp"

#include <algorithm>
#include <cstring>

namespace weir::models::online {

std::size_t kernel_dictionary::room(std::size_t bytes_of_state, std::size_t inputs) noexcept {
  std::size_t rows = 0;
  while (bytes(rows + 1, inputs) <= bytes_of_state)
    ++rows;
  return rows;
}

void kernel_dictionary::forget_oldest(const double* likeness, double* scratch) noexcept {
  const auto left = rows() - 1;
  auto* const column = scratch;
  auto* const moved = scratch + left;
  const auto corner = inverse(0)[0];
  const auto weight = coefficient(0);
  for (std::size_t i = 0; i < left; ++i)
    column[i] = inverse(i + 1)[0];
  for (std::size_t i = 0; i < left; ++i) {
    std::memmove(inputs(i), inputs(i + 1), (inputs_ + 1) * sizeof(double));
    for (std::size_t j = 0; j <= i; ++j)
      inverse(i)[j] = inverse(i + 1)[j + 1] - column[i] / corner * column[j];
    std::copy_n(covariance(i + 1) + 1, i + 1, covariance(i));
  }
  std::fill(inputs(left), inputs(left + 1), 0.0);
  own().rows = left;
  multiply(
      left, [&](std::size_t i) { return inverse(i); }, likeness, moved);
  for (std::size_t i = 0; i < left; ++i)
    coefficient(i) += moved[i] * weight;
}

} // namespace weir::models::online
