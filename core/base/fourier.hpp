#pragma once

#include <complex>
#include <cstddef>
#include <span>

namespace weir::core {

/// The discrete Fourier transform, in place: sum(x[k] * exp(-2 pi i k n / N)), by halving (Cooley and Tukey 1965). Real
/// and imaginary parts stand by themselves: side by side, compilers take them through memory and it is four times
/// slower.
/// @param real as many as a power of two  @param imaginary as many
/// @param turns exp(-2 pi i k / N) for the first half of the k, as fourier_turns() makes them
void fourier_transform(std::span<double> real, std::span<double> imaginary,
                       std::span<const std::complex<double>> turns) noexcept;

/// @param turns half as many as there are values
void fourier_turns(std::span<std::complex<double>> turns) noexcept;

} // namespace weir::core
