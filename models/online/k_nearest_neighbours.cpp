#include "models/online/k_nearest_neighbours.hpp"

#include "models/online/sums.hpp"
#include "models/online/window_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

namespace weir::models::online {

namespace {

constexpr auto infinite = std::numeric_limits<double>::infinity();

/// In words of eight bytes: a head, of each input one over its deviation, the window input by input, and the distances.
/// Values of the window are halves, so that a difference of two is finite.
struct neighbours_layout {
  std::size_t inputs = 0;
  std::size_t window = 0;
  std::size_t calibration = 0;

  static constexpr std::size_t head_words = 2; ///< the rows that were learned, and nothing
  std::size_t scale_begin() const noexcept { return head_words; }
  std::size_t input_begin(std::size_t input) const noexcept { return scale_begin() + inputs + input * window; }
  std::size_t distance_begin() const noexcept { return input_begin(inputs); }
  std::size_t words() const noexcept { return distance_begin() + calibration; }
};

class conformal_neighbours final : public outlier_learner {
public:
  conformal_neighbours(std::size_t inputs, const nearest_neighbours_options& how) :
      layout_{.inputs = inputs,
              .window = std::clamp(how.window_size, 8u, max_neighbours_window),
              .calibration = std::clamp(how.calibration_size, 8u, max_neighbours_window)},
      neighbours_{std::clamp<std::size_t>(how.n_neighbors, 1, layout_.window / 2)} {}

  std::size_t first_size() const noexcept override { return layout_.words() * sizeof(double); }
  std::size_t scratch_size() const noexcept override { return 2 * layout_.window; }
  std::size_t contribution_scratch_size() const noexcept override { return 2 * layout_.window; }
  bool tells_changes() const noexcept override { return true; }
  std::size_t warm_up() const noexcept override { return layout_.window + layout_.calibration; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    if (state.size() != first_size())
      return false;
    unsigned wrong = 0;
    for (auto at = layout_.scale_begin(); at < layout_.words(); ++at) {
      double number = 0;
      std::memcpy(&number, state.data() + at * sizeof number, sizeof number);
      const bool is_distance = at >= layout_.distance_begin();
      const bool is_scale = at < layout_.input_begin(0);
      wrong |= is_distance && number == infinite ? 0 : is_wrong(number);
      wrong |= (is_distance || is_scale) && number < 0 ? 1u : 0u;
    }
    return wrong == 0;
  }

  progress run(std::span<std::byte> state, const example_block& block) const override {
    auto* const words = reinterpret_cast<double*>(state.data());
    auto& rows = *reinterpret_cast<std::uint64_t*>(state.data());
    for (std::size_t i = 0; i < block.rows; ++i) {
      const auto* const row = block.inputs + i * layout_.inputs;
      block.predicted[i] = std::numeric_limits<double>::quiet_NaN();
      if (rows >= layout_.window) {
        const auto distance = distance_of(words, row, block.scratch);
        if (rows >= warm_up())
          block.predicted[i] = 1 - p_value(words + layout_.distance_begin(), distance);
        const auto place = layout_.distance_begin() + static_cast<std::size_t>(rows % layout_.calibration);
        words[place] = distance;
        note(block, place, 1);
      }
      learn(words, rows, row, block);
    }
    return {.rows = block.rows, .learned = block.rows};
  }

  bool contributions(std::span<const std::byte> state, const double* row, std::span<double> shares,
                     std::span<double> scratch) const override {
    const auto* const words = reinterpret_cast<const double*>(state.data());
    if (*reinterpret_cast<const std::uint64_t*>(state.data()) < warm_up())
      return false;
    auto* const distances = scratch.data();
    square_distances(words, row, distances);
    auto* const nearest = distances + layout_.window;
    std::copy_n(distances, layout_.window, nearest);
    std::nth_element(nearest, nearest + neighbours_ - 1, nearest + layout_.window);
    const auto farthest = nearest[neighbours_ - 1];
    for (std::size_t f = 0; f < layout_.inputs; ++f) {
      const auto* const values = words + layout_.input_begin(f);
      shares[f] = 0;
      std::size_t left = neighbours_;
      for (std::size_t i = 0; i < layout_.window && left > 0; ++i)
        if (distances[i] <= farthest) {
          const auto z = (row[f] / 2 - values[i]) * words[layout_.scale_begin() + f];
          shares[f] += z * z;
          --left;
        }
    }
    make_shares(shares);
    return true;
  }

private:
  static void note(const example_block& block, std::size_t word, std::size_t count) {
    if (block.changed != nullptr)
      block.changed->push_back({word * sizeof(double), count * sizeof(double)});
  }

  /// To each row of the window; of large ones infinite.
  void square_distances(const double* words, const double* row, double* __restrict into) const noexcept {
    std::fill_n(into, layout_.window, 0.0);
    for (std::size_t f = 0; f < layout_.inputs; ++f) {
      const double* __restrict values = words + layout_.input_begin(f);
      const auto half = row[f] / 2, scale = words[layout_.scale_begin() + f];
      for (std::size_t i = 0; i < layout_.window; ++i)
        into[i] += (half - values[i]) * scale * ((half - values[i]) * scale);
    }
  }

  /// The mean distance to the nearest ones.
  double distance_of(const double* words, const double* row, double* scratch) const noexcept {
    square_distances(words, row, scratch);
    auto* const nearest = scratch + layout_.window; // ascending
    std::size_t found = 0;
    for (std::size_t i = 0; i < layout_.window; ++i) {
      if (found == neighbours_ && !(scratch[i] < nearest[found - 1]))
        continue;
      auto at = found < neighbours_ ? found++ : found - 1;
      for (; at > 0 && nearest[at - 1] > scratch[i]; --at)
        nearest[at] = nearest[at - 1];
      nearest[at] = scratch[i];
    }
    double sum = 0;
    for (std::size_t i = 0; i < neighbours_; ++i)
      sum += std::sqrt(nearest[i]);
    return sum / static_cast<double>(neighbours_);
  }

  double p_value(const double* distances, double distance) const noexcept {
    std::size_t as_large = 0;
    double largest = 0;
    for (std::size_t i = 0; i < layout_.calibration; ++i) {
      as_large += distances[i] >= distance ? 1 : 0;
      largest = std::max(largest, distances[i]);
    }
    const auto own = as_large == 0 ? largest / distance : 1.0;
    return (static_cast<double>(as_large) + own) / static_cast<double>(layout_.calibration + 1);
  }

  void learn(double* words, std::uint64_t& rows, const double* row, const example_block& block) const {
    const auto place = static_cast<std::size_t>(rows % layout_.window);
    for (std::size_t f = 0; f < layout_.inputs; ++f) {
      words[layout_.input_begin(f) + place] = row[f] / 2;
      note(block, layout_.input_begin(f) + place, 1);
    }
    ++rows;
    note(block, 0, neighbours_layout::head_words);
    if (rows < layout_.window || (rows != layout_.window && rows % (layout_.window / 8) != 0))
      return;
    for (std::size_t f = 0; f < layout_.inputs; ++f)
      words[layout_.scale_begin() + f] =
          scale_of_window(layout_.window, [values = words + layout_.input_begin(f)](std::size_t i) {
            return values[i];
          }).one_over_deviation;
    note(block, layout_.scale_begin(), layout_.inputs);
  }

  neighbours_layout layout_;
  std::size_t neighbours_;
};

} // namespace

outlier_learner_ptr k_nearest_neighbours(std::size_t inputs, const nearest_neighbours_options& how) {
  return std::make_shared<conformal_neighbours>(inputs, how);
}

} // namespace weir::models::online
