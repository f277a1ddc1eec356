#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::models::online {

/// The state of recursive least squares over a kernel, in words of eight bytes: a head and, row after row of the
/// dictionary, its inputs, its coefficient, and its rows of two symmetric matrices up to their diagonal. So a row that
/// joins moves nothing.
class kernel_dictionary {
public:
  struct head {
    std::uint64_t rows;
    std::uint64_t unused;
  };

  kernel_dictionary(std::span<std::byte> bytes, std::size_t inputs) noexcept :
      words_{reinterpret_cast<double*>(bytes.data())}, inputs_{inputs} {}

  static constexpr std::size_t begin(std::size_t row, std::size_t inputs) noexcept {
    return sizeof(head) / 8 + row * (inputs + 1) + row * (row + 1);
  }
  static constexpr std::size_t bytes(std::size_t rows, std::size_t inputs) noexcept { return begin(rows, inputs) * 8; }
  /// How many rows have room in so many bytes.
  static std::size_t room(std::size_t bytes_of_state, std::size_t inputs) noexcept;

  std::size_t rows() const noexcept { return static_cast<std::size_t>(own().rows); }
  /// Numbers from the beginning of the state on that are in use.
  std::span<double> used() noexcept { return {words_, begin(rows(), inputs_)}; }
  /// Takes one more row in, whose numbers are what was there. @pre there is room
  void add_row() noexcept { ++own().rows; }

  double* inputs(std::size_t row) noexcept { return words_ + begin(row, inputs_); }
  double& coefficient(std::size_t row) noexcept { return inputs(row)[inputs_]; }
  /// The inverse of the kernel between the rows, up to the diagonal.
  double* inverse(std::size_t row) noexcept { return inputs(row) + inputs_ + 1; }
  /// The covariance of what the coefficients were learned from, likewise.
  double* covariance(std::size_t row) noexcept { return inverse(row) + row + 1; }

  /// Takes the oldest row out. Coefficients and the inverse become those of the rows that stay.
  /// @param likeness of the oldest row to each that stays @param scratch twice as many numbers as rows
  void forget_oldest(const double* likeness, double* scratch) noexcept;

private:
  head& own() noexcept { return *reinterpret_cast<head*>(words_); }
  const head& own() const noexcept { return *reinterpret_cast<const head*>(words_); }

  double* words_;
  std::size_t inputs_;
};

/// `to = matrix * by`. @param row gives a row of a symmetric matrix up to its diagonal
template <class Row>
void multiply(std::size_t size, Row row, const double* by, double* to) noexcept {
  for (std::size_t i = 0; i < size; ++i) {
    const double* const values = row(i);
    auto sum = values[i] * by[i];
    for (std::size_t j = 0; j < i; ++j) {
      sum += values[j] * by[j];
      to[j] += values[j] * by[i];
    }
    to[i] = sum;
  }
}

} // namespace weir::models::online
