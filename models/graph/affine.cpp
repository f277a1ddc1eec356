#include "models/graph/affine.hpp"

#include <algorithm>
#include <array>

namespace weir::models {

namespace {

/// Sums of so many rows and results are held at a time.
constexpr std::size_t strip = 64;
constexpr std::size_t together = 4;

template <class T, class Sum>
class affine_kernel final : public kernel {
public:
  affine_kernel(registers from, registers to, std::vector<T> weights, std::vector<T> bias) :
      kernel{std::move(from), std::move(to)}, weights_{std::move(weights)}, bias_{std::move(bias)} {}

  void run(const frame& f) const override {
    for (std::size_t begin = 0; begin < f.rows(); begin += strip) {
      const auto rows = std::min(strip, f.rows() - begin);
      std::size_t c = 0;
      for (; c + together <= writes.size(); c += together)
        compute<together>(f, begin, rows, c);
      for (; c < writes.size(); ++c)
        compute<1>(f, begin, rows, c);
    }
  }

private:
  template <std::size_t count>
  void compute(const frame& f, std::size_t begin, std::size_t rows, std::size_t first) const {
    Sum sums[count][strip] = {};
    for (std::size_t i = 0; i < reads.size(); ++i) {
      const auto* x = f.at<const T>(reads[i]) + begin;
      for (std::size_t c = 0; c < count; ++c) {
        const auto w = static_cast<Sum>(weights_[(first + c) * reads.size() + i]);
        if (rows == strip)
          for (std::size_t r = 0; r < strip; ++r)
            sums[c][r] += w * static_cast<Sum>(x[r]);
        else
          for (std::size_t r = 0; r < rows; ++r)
            sums[c][r] += w * static_cast<Sum>(x[r]);
      }
    }
    for (std::size_t c = 0; c < count; ++c) {
      const auto bias = bias_.empty() ? Sum{0} : static_cast<Sum>(bias_[first + c]);
      auto* out = f.at<T>(writes[first + c]) + begin;
      for (std::size_t r = 0; r < rows; ++r)
        out[r] = static_cast<T>(sums[c][r] + bias);
    }
  }

  std::vector<T> weights_;
  std::vector<T> bias_;
};

} // namespace

template <class T, class Sum>
registers affine_columns(program_builder& program, registers from, std::vector<T> weights, std::vector<T> bias) {
  const auto count = from.empty() ? bias.size() : weights.size() / from.size();
  auto made = program.make(element_of<T>(), count);
  program.add<affine_kernel<T, Sum>>(std::move(from), made, std::move(weights), std::move(bias));
  return made;
}

template registers affine_columns<float, float>(program_builder&, registers, std::vector<float>, std::vector<float>);
template registers affine_columns<float, double>(program_builder&, registers, std::vector<float>, std::vector<float>);
template registers affine_columns<double, double>(program_builder&, registers, std::vector<double>,
                                                  std::vector<double>);

} // namespace weir::models
