#include "models/online/recursive_least_squares.hpp"

#include "models/online/sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace weir::models::online {

namespace {

class recursion final : public learner {
public:
  recursion(std::size_t inputs, const least_squares& how) :
      inputs_{inputs}, size_{inputs + (how.fit_intercept ? 1 : 0)}, how_{how} {}

  std::size_t first_size() const noexcept override { return (head_words + size_ + size_ * size_) * sizeof(double); }
  std::size_t scratch_size() const noexcept override { return 2 * size_; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    if (state.size() != first_size())
      return false;
    head at;
    std::memcpy(&at, state.data(), sizeof at);
    unsigned wrong = at.is_started > 1 || at.unused != 0 ? 1 : 0;
    for (auto word = head_words; word * sizeof(double) < state.size(); ++word) {
      double number = 0;
      std::memcpy(&number, state.data() + word * sizeof number, sizeof number);
      wrong |= is_wrong(number);
    }
    return wrong == 0;
  }

  // with forgetting, what is left of a row depends on how many have come since
  bool unlearns() const noexcept override { return how_.forgetting_factor == 1; }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    auto& at = *reinterpret_cast<head*>(bytes.data());
    auto* const weights = reinterpret_cast<double*>(bytes.data()) + head_words;
    auto* const inverse = weights + size_;
    if (at.is_started == 0) {
      at.is_started = 1;
      for (std::size_t i = 0; i < size_; ++i)
        inverse[i * size_ + i] = 1 / how_.alpha;
    }
    auto* const row = block.scratch;
    progress done{.rows = block.rows};
    for (std::size_t i = 0; i < block.rows; ++i) {
      std::copy_n(block.inputs + i * inputs_, inputs_, row);
      if (how_.fit_intercept)
        row[inputs_] = 1;
      const auto predicted = dot(weights, row, size_);
      block.predicted[i] = std::isfinite(predicted) ? predicted : std::numeric_limits<double>::quiet_NaN();
      if (std::isnan(block.truth[i]))
        continue;
      const auto missing = block.truth[i] - predicted;
      if (block.unlearn != nullptr && block.unlearn[i] != 0)
        ++(unlearn(weights, inverse, row, missing, row + size_) ? done.unlearned : done.kept);
      else
        ++(learn(weights, inverse, row, missing, row + size_) ? done.learned : done.refused);
    }
    return done;
  }

private:
  struct head {
    std::uint64_t is_started;
    std::uint64_t unused;
  };
  static constexpr std::size_t head_words = sizeof(head) / sizeof(double);

  /// Of one minus the leverage of a row that is taken away: below it, more than half of the digits would be lost.
  static constexpr double least_left = 1e-8;

  /// False, and nothing is learned: a number would not be finite.
  bool learn(double* weights, double* inverse, const double* row, double missing, double* gain) const noexcept {
    for (std::size_t i = 0; i < size_; ++i)
      gain[i] = dot(inverse + i * size_, row, size_);
    const auto spread = how_.forgetting_factor + dot(row, gain, size_);
    return spread > 0 && change(weights, inverse, missing, gain, spread);
  }

  /// Takes a row away: the same with the row's products subtracted. False, and nothing changes: without the row (which
  /// may never have been learned) the products would not be positive definite, as far as numbers can tell.
  bool unlearn(double* weights, double* inverse, const double* row, double missing, double* gain) const noexcept {
    for (std::size_t i = 0; i < size_; ++i)
      gain[i] = dot(inverse + i * size_, row, size_);
    const auto left = 1 - dot(row, gain, size_);
    return left > least_left && change(weights, inverse, missing, gain, -left);
  }

  /// False, and nothing changes: a number would not be finite. The inverse stays symmetric to the last bit.
  bool change(double* weights, double* inverse, double missing, const double* gain, double spread) const noexcept {
    if (is_wrong(spread) != 0)
      return false;
    const auto updated = [&](std::size_t i, std::size_t j) {
      return (inverse[i * size_ + j] - gain[i] * gain[j] / spread) / how_.forgetting_factor;
    };
    unsigned wrong = is_wrong(missing);
    for (std::size_t i = 0; i < size_; ++i) {
      wrong |= is_wrong(weights[i] + gain[i] * (missing / spread));
      for (std::size_t j = 0; j <= i; ++j)
        wrong |= is_wrong(updated(i, j));
    }
    if (wrong != 0)
      return false;
    for (std::size_t i = 0; i < size_; ++i) {
      weights[i] += gain[i] * (missing / spread);
      for (std::size_t j = 0; j <= i; ++j)
        inverse[i * size_ + j] = inverse[j * size_ + i] = updated(i, j);
    }
    return true;
  }

  std::size_t inputs_;
  std::size_t size_; ///< inputs, and one for the intercept
  least_squares how_;
};

} // namespace

learner_ptr recursive_least_squares(std::size_t inputs, const least_squares& how) {
  return std::make_shared<recursion>(inputs, how);
}

} // namespace weir::models::online
