#include "models/online/one_class_svm.hpp"

#include "models/kernel/one_class_svm.hpp"
#include "models/online/sums.hpp"
#include "models/online/window_scale.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

namespace weir::models::online {

namespace {

/// Standard deviations: beyond, all kernels are 0.
constexpr double farthest = 1e6;

constexpr std::size_t solver_steps_a_row = 100;

/// In words of eight bytes: a head, the means of the inputs and one over their deviations, the window row by row, and
/// the support vectors with their weights. Values of the window and their means are halves, so that a difference of two
/// is finite.
struct svm_layout {
  std::size_t inputs = 0;
  std::size_t window = 0;

  static constexpr std::size_t head_words = 2; ///< the rows that were learned, and the support vectors
  std::size_t mean_begin() const noexcept { return head_words; }
  std::size_t scale_begin() const noexcept { return mean_begin() + inputs; }
  std::size_t row_begin(std::size_t row) const noexcept { return scale_begin() + inputs + row * inputs; }
  std::size_t weight_begin() const noexcept { return row_begin(window); }
  std::size_t vector_begin(std::size_t vector) const noexcept { return weight_begin() + window + vector * inputs; }
  std::size_t words() const noexcept { return vector_begin(window); }
};

class trained_svm final : public outlier_learner {
public:
  trained_svm(std::size_t inputs, const one_class_svm_options& how) :
      layout_{inputs, std::clamp(how.window_size, 8u, max_svm_window)}, every_{std::max(how.train_every, 1u)},
      nu_{std::clamp(how.nu, 1.0 / static_cast<double>(layout_.window), 1.0)},
      gamma_{how.gamma > 0 ? how.gamma : 1 / static_cast<double>(inputs)} {}

  std::size_t first_size() const noexcept override { return layout_.words() * sizeof(double); }
  std::size_t scratch_size() const noexcept override { return layout_.inputs; }
  std::size_t contribution_scratch_size() const noexcept override { return layout_.inputs + layout_.window; }
  bool tells_changes() const noexcept override { return true; }
  std::size_t warm_up() const noexcept override { return layout_.window; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    if (state.size() != first_size())
      return false;
    std::uint64_t vectors = 0;
    std::memcpy(&vectors, state.data() + sizeof(std::uint64_t), sizeof vectors);
    unsigned wrong = vectors > layout_.window ? 1 : 0;
    for (auto at = layout_.mean_begin(); at < layout_.words(); ++at) {
      double number = 0;
      std::memcpy(&number, state.data() + at * sizeof number, sizeof number);
      const bool is_scale = at >= layout_.scale_begin() && at < layout_.row_begin(0);
      const bool is_weight = at >= layout_.weight_begin() && at < layout_.vector_begin(0);
      wrong |= is_wrong(number);
      wrong |= (is_scale || is_weight) && number < 0 ? 1u : 0u;
    }
    return wrong == 0;
  }

  progress run(std::span<std::byte> state, const example_block& block) const override {
    auto* const words = reinterpret_cast<double*>(state.data());
    auto& head = *reinterpret_cast<head_of_state*>(state.data());
    for (std::size_t i = 0; i < block.rows; ++i) {
      const auto* const row = block.inputs + i * layout_.inputs;
      if (head.vectors == 0) {
        block.predicted[i] = std::numeric_limits<double>::quiet_NaN();
      } else {
        standardize(words, row, block.scratch);
        block.predicted[i] = score(words, head.vectors, block.scratch);
      }
      const auto at = layout_.row_begin(static_cast<std::size_t>(head.rows % layout_.window));
      for (std::size_t f = 0; f < layout_.inputs; ++f)
        words[at + f] = row[f] / 2;
      note(block, at, layout_.inputs);
      ++head.rows;
      note(block, 0, svm_layout::head_words);
      if (head.rows >= layout_.window && (head.rows - layout_.window) % every_ == 0)
        train(words, head, block);
    }
    return {.rows = block.rows, .learned = block.rows};
  }

  bool contributions(std::span<const std::byte> state, const double* row, std::span<double> shares,
                     std::span<double> scratch) const override {
    const auto* const words = reinterpret_cast<const double*>(state.data());
    const auto vectors = static_cast<std::size_t>(reinterpret_cast<const head_of_state*>(state.data())->vectors);
    if (vectors == 0)
      return false;
    const auto* const at = scratch.data();
    auto* const distances = scratch.data() + layout_.inputs;
    standardize(words, row, scratch.data());
    auto nearest = std::numeric_limits<double>::infinity();
    for (std::size_t v = 0; v < vectors; ++v) {
      distances[v] = square_distance(words + layout_.vector_begin(v), at, layout_.inputs);
      nearest = std::min(nearest, distances[v]);
    }
    // Of a row that is like none, all kernels are 0: what counts is how they compare.
    std::ranges::fill(shares, 0.0);
    for (std::size_t v = 0; v < vectors; ++v) {
      const auto weight = words[layout_.weight_begin() + v] * std::exp(-gamma_ * (distances[v] - nearest));
      const auto* const vector = words + layout_.vector_begin(v);
      for (std::size_t f = 0; f < layout_.inputs; ++f)
        shares[f] += weight * (at[f] - vector[f]) * (at[f] - vector[f]);
    }
    make_shares(shares);
    return true;
  }

private:
  struct head_of_state {
    std::uint64_t rows;
    std::uint64_t vectors;
  };

  static void note(const example_block& block, std::size_t word, std::size_t count) {
    if (block.changed != nullptr)
      block.changed->push_back({word * sizeof(double), count * sizeof(double)});
  }

  /// In standard deviations from the means, and as exact as support vectors are.
  void standardize(const double* words, const double* row, double* into) const noexcept {
    for (std::size_t f = 0; f < layout_.inputs; ++f)
      into[f] = standard(words, f, row[f] / 2);
  }
  double standard(const double* words, std::size_t input, double half) const noexcept {
    const auto z = (half - words[layout_.mean_begin() + input]) * words[layout_.scale_begin() + input];
    return static_cast<double>(static_cast<float>(std::clamp(z, -farthest, farthest)));
  }

  double score(const double* words, std::size_t vectors, const double* at) const noexcept {
    double alike = 0, all = 0;
    for (std::size_t v = 0; v < vectors; ++v) {
      const auto weight = words[layout_.weight_begin() + v];
      alike += weight * std::exp(-gamma_ * square_distance(words + layout_.vector_begin(v), at, layout_.inputs));
      all += weight;
    }
    return all > 0 ? std::clamp(1 - alike / all, 0.0, 1.0) : 1;
  }

  void train(double* words, head_of_state& head, const example_block& block) const {
    training_data data;
    data.features.assign(layout_.inputs, std::vector<double>(layout_.window));
    for (std::size_t f = 0; f < layout_.inputs; ++f) {
      const auto scale =
          scale_of_window(layout_.window, [&](std::size_t r) { return words[layout_.row_begin(r) + f]; });
      words[layout_.mean_begin() + f] = scale.mean;
      words[layout_.scale_begin() + f] = scale.one_over_deviation;
      for (std::size_t r = 0; r < layout_.window; ++r)
        data.features[f][r] = standard(words, f, words[layout_.row_begin(r) + f]);
    }
    const auto fit =
        fit_one_class_svm(data, {.gamma = as_text(gamma_), .nu = nu_, .max_iter = solver_steps_a_row * layout_.window});
    if (fit) {
      head.vectors = fit->coefficients.size();
      std::ranges::copy(fit->coefficients, words + layout_.weight_begin());
      std::ranges::copy(fit->vectors, words + layout_.vector_begin(0));
    } else {
      head.vectors = layout_.window;
      for (std::size_t r = 0; r < layout_.window; ++r) {
        words[layout_.weight_begin() + r] = 1;
        for (std::size_t f = 0; f < layout_.inputs; ++f)
          words[layout_.vector_begin(r) + f] = data.features[f][r];
      }
    }
    const auto vectors = static_cast<std::size_t>(head.vectors);
    note(block, layout_.mean_begin(), 2 * layout_.inputs);
    note(block, layout_.weight_begin(), vectors);
    note(block, layout_.vector_begin(0), vectors * layout_.inputs);
  }

  static std::string as_text(double number) {
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
  }

  svm_layout layout_;
  std::size_t every_;
  double nu_;
  double gamma_;
};

} // namespace

outlier_learner_ptr one_class_svm(std::size_t inputs, const one_class_svm_options& how) {
  return std::make_shared<trained_svm>(inputs, how);
}

} // namespace weir::models::online
