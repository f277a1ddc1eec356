#include "core/detect/spectral_residual.hpp"

#include "core/base/fourier.hpp"

#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

TEST(fourier_transform_test, is_the_sum_that_the_definition_says) {
  for (const std::size_t size : {1, 2, 8, 64}) {
    std::vector<std::complex<double>> values, turns(size / 2);
    std::vector<double> real, imaginary;
    for (std::size_t i = 0; i < size; ++i) {
      real.push_back(std::sin(static_cast<double>(i * i)));
      imaginary.push_back(std::cos(static_cast<double>(3 * i)));
      values.emplace_back(real.back(), imaginary.back());
    }
    fourier_turns(turns);
    fourier_transform(real, imaginary, turns);
    for (std::size_t n = 0; n < size; ++n) {
      std::complex<double> expected;
      for (std::size_t k = 0; k < size; ++k)
        expected +=
            values[k] * std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k * n) / static_cast<double>(size));
      EXPECT_NEAR(std::abs(std::complex{real[n], imaginary[n]} - expected), 0, 1e-12 * static_cast<double>(size))
          << size << ' ' << n;
    }
  }
}

TEST(spectral_residual_test, scores_as_numpys_transform_does) {
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/detect/spectral_residual.txt"};
  std::size_t cases = 0;
  for (std::string line, score; std::getline(file, line) && std::getline(file, score); ++cases) {
    std::istringstream text{line};
    std::vector<double> values;
    for (double value; text >> value;)
      values.push_back(value);
    const spectral_residual of{values.size() + spectral_residual::estimated};
    EXPECT_NEAR(of.score(values), std::stod(score), 1e-9 * (1 + std::abs(std::stod(score)))) << cases;
  }
  EXPECT_EQ(cases, 12u);
}

TEST(spectral_residual_test, is_0_where_nothing_changes_and_a_number_whatever_comes) {
  const spectral_residual of{64};
  std::vector<double> values(of.window(), 7.25);
  EXPECT_EQ(of.score(values), 0);
  for (const auto factor : {1e150, 1e-300, 1e-308, 5e-324}) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = factor * static_cast<double>(i % 7);
    EXPECT_FALSE(std::isnan(of.score(values))) << factor;
  }
}

} // namespace
} // namespace weir::core
