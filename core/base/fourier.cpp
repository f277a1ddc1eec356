#include "core/base/fourier.hpp"

#include <numbers>
#include <utility>

namespace weir::core {

void fourier_turns(std::span<std::complex<double>> turns) noexcept {
  for (std::size_t k = 0; k < turns.size(); ++k)
    turns[k] = std::polar(1.0, -std::numbers::pi * static_cast<double>(k) / static_cast<double>(turns.size()));
}

void fourier_transform(std::span<std::complex<double>> values, std::span<const std::complex<double>> turns) noexcept {
  const auto size = values.size();
  for (std::size_t i = 1, reversed = 0; i < size; ++i) {
    auto bit = size >> 1;
    for (; (reversed & bit) != 0; bit >>= 1)
      reversed ^= bit;
    reversed ^= bit;
    if (i < reversed)
      std::swap(values[i], values[reversed]);
  }
  for (std::size_t half = 1; half < size; half *= 2) {
    const auto stride = size / (2 * half);
    for (std::size_t begin = 0; begin < size; begin += 2 * half)
      for (std::size_t k = 0; k < half; ++k) {
        auto& low = values[begin + k];
        auto& high = values[begin + k + half];
        const auto turn = turns[k * stride];
        // Written out: std::complex's product looks for infinities.
        const std::complex<double> turned{turn.real() * high.real() - turn.imag() * high.imag(),
                                          turn.real() * high.imag() + turn.imag() * high.real()};
        high = low - turned;
        low += turned;
      }
  }
}

} // namespace weir::core
