#include "core/base/fourier.hpp"

#include <numbers>
#include <utility>

namespace weir::core {

void fourier_turns(std::span<std::complex<double>> turns) noexcept {
  for (std::size_t k = 0; k < turns.size(); ++k)
    turns[k] = std::polar(1.0, -std::numbers::pi * static_cast<double>(k) / static_cast<double>(turns.size()));
}

void fourier_transform(std::span<double> real, std::span<double> imaginary,
                       std::span<const std::complex<double>> turns) noexcept {
  const auto size = real.size();
  for (std::size_t i = 1, reversed = 0; i < size; ++i) {
    auto bit = size >> 1;
    for (; (reversed & bit) != 0; bit >>= 1)
      reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) {
      std::swap(real[i], real[reversed]);
      std::swap(imaginary[i], imaginary[reversed]);
    }
  }
  for (std::size_t half = 1; half < size; half *= 2) {
    const auto stride = size / (2 * half);
    for (std::size_t begin = 0; begin < size; begin += 2 * half)
      for (std::size_t k = 0; k < half; ++k) {
        const auto low = begin + k, high = low + half;
        const auto turn = turns[k * stride];
        const auto turned_real = turn.real() * real[high] - turn.imag() * imaginary[high];
        const auto turned_imaginary = turn.real() * imaginary[high] + turn.imag() * real[high];
        real[high] = real[low] - turned_real;
        imaginary[high] = imaginary[low] - turned_imaginary;
        real[low] += turned_real;
        imaginary[low] += turned_imaginary;
      }
  }
}

} // namespace weir::core
