#include "models/online/kernel_recursive_least_squares.hpp"

#include "models/online/kernel_dictionary.hpp"
#include "models/online/sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace weir::models::online {

namespace {

/// As dlib adds it.
constexpr double kernel_offset = 0.01;

/// Of a state that has learned nothing.
constexpr std::size_t first_rows = 4;

class kernel_recursion final : public learner {
public:
  kernel_recursion(std::size_t inputs, const kernel_least_squares& how) :
      inputs_{inputs}, most_{how.max_dictionary_size}, how_{how} {}

  std::size_t first_size() const noexcept override { return bytes(std::min(first_rows, most_)); }
  std::size_t most_size() const noexcept override { return bytes(most_); }
  std::size_t scratch_size() const noexcept override { return 4 * most_ + bytes(most_) / sizeof(double); }

  bool valid(std::span<const std::byte> state) const noexcept override {
    const auto room = kernel_dictionary::room(state.size(), inputs_);
    if (room == 0 || room > most_ || bytes(room) != state.size())
      return false;
    kernel_dictionary::head at;
    std::memcpy(&at, state.data(), sizeof at);
    unsigned wrong = at.rows > room || at.unused != 0 ? 1 : 0;
    for (auto offset = sizeof at; offset < state.size(); offset += sizeof(double)) {
      double number = 0;
      std::memcpy(&number, state.data() + offset, sizeof number);
      wrong |= is_wrong(number);
    }
    return wrong == 0;
  }

  progress run(std::span<std::byte> state, const example_block& block) const override {
    kernel_dictionary at{state, inputs_};
    const auto room = kernel_dictionary::room(state.size(), inputs_);
    progress done;
    while (done.rows < block.rows && done.wanted == 0) {
      if (at.rows() < room || room >= most_) {
        const auto* const row = block.inputs + done.rows * inputs_;
        compare(at, row, block.scratch);
        const auto predicted = sum(at, block.scratch);
        block.predicted[done.rows] = std::isfinite(predicted) ? predicted : std::numeric_limits<double>::quiet_NaN();
        if (const auto truth = block.truth[done.rows]; !std::isnan(truth))
          ++(learn(at, row, truth, truth - predicted, block.scratch) ? done.learned : done.refused);
        ++done.rows;
      }
      if (at.rows() >= room && room < most_)
        done.wanted = bytes(std::min(2 * room, most_));
    }
    return done;
  }

private:
  std::size_t bytes(std::size_t rows) const noexcept { return kernel_dictionary::bytes(rows, inputs_); }

  double kernel(const double* a, const double* b) const noexcept {
    return std::exp(-how_.gamma * square_distance(a, b, inputs_)) + kernel_offset;
  }

  void compare(kernel_dictionary& at, const double* row, double* alike) const noexcept {
    for (std::size_t i = 0; i < at.rows(); ++i)
      alike[i] = kernel(at.inputs(i), row);
  }

  static double sum(kernel_dictionary& at, const double* alike) noexcept {
    double made = 0;
    for (std::size_t i = 0; i < at.rows(); ++i)
      made += at.coefficient(i) * alike[i];
    return made;
  }

  /// False, and nothing is learned: a number would not be finite.
  /// @param scratch begins with how alike the row and those of the dictionary are
  bool learn(kernel_dictionary& at, const double* row, double truth, double missing, double* scratch) const noexcept {
    auto* const parts = scratch + most_; // of which rows of the dictionary make the row up
    const auto left_over = express(at, scratch, parts);
    if (at.rows() > 0 && !(left_over > how_.tolerance))
      return correct(at, missing, scratch, parts);
    auto* const saved = scratch + 4 * most_;
    const auto before = at.used();
    std::copy(before.begin(), before.end(), saved);
    if (join(at, row, truth, scratch, parts))
      return true;
    const auto after = at.used();
    std::fill(after.begin(), after.end(), 0.0);
    std::copy_n(saved, before.size(), before.data());
    return false;
  }

  /// How much of a row the dictionary does not make up.
  static double express(kernel_dictionary& at, const double* alike, double* parts) noexcept {
    multiply(
        at.rows(), [&](std::size_t i) { return at.inverse(i); }, alike, parts);
    return 1 + kernel_offset - dot(alike, parts, at.rows());
  }

  /// The dictionary stays, and its coefficients learn.
  bool correct(kernel_dictionary& at, double missing, double* scratch, const double* parts) const noexcept {
    const auto rows = at.rows();
    auto* const gain = scratch + 2 * most_;
    auto* const step = scratch + 3 * most_;
    multiply(
        rows, [&](std::size_t i) { return at.covariance(i); }, parts, gain);
    const auto spread = 1 + dot(parts, gain, rows);
    multiply(
        rows, [&](std::size_t i) { return at.inverse(i); }, gain, step);
    unsigned wrong = is_wrong(spread) | (spread > 0 ? 0u : 1u);
    for (std::size_t i = 0; i < rows; ++i) {
      wrong |= is_wrong(at.coefficient(i) + step[i] / spread * missing);
      for (std::size_t j = 0; j <= i; ++j)
        wrong |= is_wrong(at.covariance(i)[j] - gain[i] / spread * gain[j]);
    }
    if (wrong != 0)
      return false;
    for (std::size_t i = 0; i < rows; ++i) {
      at.coefficient(i) += step[i] / spread * missing;
      for (std::size_t j = 0; j <= i; ++j)
        at.covariance(i)[j] -= gain[i] / spread * gain[j];
    }
    return true;
  }

  /// The row joins the dictionary; of a full one the oldest goes. False: a number is not finite now.
  bool join(kernel_dictionary& at, const double* row, double truth, double* alike, double* parts) const noexcept {
    if (at.rows() >= most_) {
      auto* const likeness = alike; // of the oldest one; that of the row is found again below
      for (std::size_t i = 1; i < at.rows(); ++i)
        likeness[i - 1] = kernel(at.inputs(0), at.inputs(i));
      at.forget_oldest(likeness, alike + 2 * most_);
    }
    compare(at, row, alike);
    const auto left_over = express(at, alike, parts);
    const auto rows = at.rows();
    const auto own = (truth - sum(at, alike)) / left_over;
    at.add_row();
    std::copy_n(row, inputs_, at.inputs(rows));
    at.coefficient(rows) = own;
    for (std::size_t i = 0; i < rows; ++i) {
      at.coefficient(i) -= parts[i] * own;
      for (std::size_t j = 0; j <= i; ++j)
        at.inverse(i)[j] += parts[i] * parts[j] / left_over;
      at.inverse(rows)[i] = -parts[i] / left_over;
      at.covariance(rows)[i] = 0;
    }
    at.inverse(rows)[rows] = 1 / left_over;
    at.covariance(rows)[rows] = 1;
    unsigned wrong = left_over > 0 ? 0 : 1;
    for (const auto number : at.used().subspan(sizeof(kernel_dictionary::head) / sizeof(double)))
      wrong |= is_wrong(number);
    return wrong == 0;
  }

  std::size_t inputs_;
  std::size_t most_;
  kernel_least_squares how_;
};

} // namespace

learner_ptr kernel_recursive_least_squares(std::size_t inputs, const kernel_least_squares& how) {
  return std::make_shared<kernel_recursion>(inputs, how);
}

} // namespace weir::models::online
