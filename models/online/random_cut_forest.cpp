#include "models/online/random_cut_forest.hpp"

#include "models/online/chosen_inputs.hpp"
#include "models/online/random_cut_tree.hpp"
#include "models/online/sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

namespace weir::models::online {

namespace {

/// A state is the rows that were learned, and room so that what follows is aligned; the first row; and the trees.
class cut_forest final : public outlier_learner {
public:
  cut_forest(std::size_t inputs, const random_cut_options& how) :
      layout_{.inputs = inputs, .samples = std::clamp(how.sample_size, 2u, max_random_cut_samples)}, trees_{std::max(
                                                                                                         how.n_trees,
                                                                                                         1u)},
      window_{std::max<std::uint64_t>(how.window_size, layout_.samples)}, seed_{how.seed} {}

  std::size_t first_size() const noexcept override { return tree_begin(trees_); }
  std::size_t scratch_size() const noexcept override { return (layout_.inputs + 1) / 2; }
  std::size_t contribution_scratch_size() const noexcept override { return scratch_size(); }
  bool tells_changes() const noexcept override { return true; }
  std::size_t warm_up() const noexcept override { return layout_.samples; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    if (state.size() != first_size())
      return false;
    std::uint64_t rows = 0;
    std::memcpy(&rows, state.data(), sizeof rows);
    const auto* const first = reinterpret_cast<const double*>(state.data() + head_bytes);
    for (std::size_t f = 0; f < layout_.inputs; ++f)
      if (is_wrong(first[f]) != 0)
        return false;
    for (std::size_t t = 0; t < trees_; ++t) {
      const auto tree = tree_of(state, t);
      if (tree.rows() != std::min<std::uint64_t>(rows, layout_.samples) || !tree.valid())
        return false;
    }
    return true;
  }

  progress run(std::span<std::byte> state, const example_block& block) const override {
    auto& rows = *reinterpret_cast<std::uint64_t*>(state.data());
    auto* const row = reinterpret_cast<float*>(block.scratch);
    for (std::size_t i = 0; i < block.rows; ++i) {
      const auto* const inputs = block.inputs + i * layout_.inputs;
      if (rows == 0) {
        std::memcpy(state.data() + head_bytes, inputs, layout_.inputs * sizeof(double));
        note(block, head_bytes, layout_.inputs * sizeof(double));
      }
      take(state, inputs, row);
      block.predicted[i] = rows < warm_up() ? std::numeric_limits<double>::quiet_NaN() : score(state, row);
      learn(state, rows, row, block);
    }
    return {.rows = block.rows, .learned = block.rows};
  }

  bool contributions(std::span<const std::byte> state, const double* inputs, std::span<double> shares,
                     std::span<double> scratch) const override {
    if (*reinterpret_cast<const std::uint64_t*>(state.data()) < warm_up())
      return false;
    auto* const row = reinterpret_cast<float*>(scratch.data());
    take(state, inputs, row);
    std::ranges::fill(shares, 0.0);
    for (std::size_t t = 0; t < trees_; ++t)
      tree_of(state, t).attribute(row, shares);
    make_shares(shares);
    return true;
  }

private:
  static constexpr std::size_t head_bytes = 16;

  std::size_t tree_begin(std::size_t number) const noexcept {
    return head_bytes + layout_.inputs * sizeof(double) + number * layout_.bytes();
  }

  random_cut_tree tree_of(std::span<std::byte> state, std::size_t number) const noexcept {
    return {state.data() + tree_begin(number), layout_};
  }
  const random_cut_tree tree_of(std::span<const std::byte> state, std::size_t number) const noexcept {
    return {const_cast<std::byte*>(state.data()) + tree_begin(number), layout_}; // only read
  }

  static void note(const example_block& block, std::size_t offset, std::size_t size) {
    if (block.changed != nullptr)
      block.changed->push_back({offset, size});
  }

  /// A row as trees take it.
  void take(std::span<const std::byte> state, const double* inputs, float* row) const noexcept {
    constexpr auto most = static_cast<double>(random_cut_tree::most_value);
    const auto* const first = reinterpret_cast<const double*>(state.data() + head_bytes);
    for (std::size_t f = 0; f < layout_.inputs; ++f)
      row[f] = static_cast<float>(std::clamp(inputs[f] - first[f], -most, most));
  }

  double score(std::span<const std::byte> state, const float* row) const noexcept {
    double sum = 0;
    for (std::size_t t = 0; t < trees_; ++t)
      sum += tree_of(state, t).displacement(row);
    return std::min(sum / static_cast<double>(trees_) / std::log2(1 + static_cast<double>(layout_.samples)), 1.0);
  }

  void learn(std::span<std::byte> state, std::uint64_t& rows, const float* row, const example_block& block) const {
    const auto taken = static_cast<double>(layout_.samples) / static_cast<double>(std::min(rows + 1, window_));
    for (std::size_t t = 0; t < trees_; ++t) {
      const auto seed = seed_of(seed_of(seed_, t), static_cast<std::size_t>(rows));
      if (uniform_of(seed, 0) >= taken)
        continue;
      auto tree = tree_of(state, t);
      if (tree.rows() == layout_.samples)
        tree.remove(static_cast<std::size_t>(uniform_of(seed, 1) * static_cast<double>(layout_.samples)));
      tree.insert(row, seed_of(seed, 2));
      note(block, tree_begin(t), layout_.bytes());
    }
    ++rows;
    note(block, 0, head_bytes);
  }

  random_cut_layout layout_;
  std::size_t trees_;
  std::uint64_t window_;
  std::uint64_t seed_;
};

} // namespace

outlier_learner_ptr random_cut_forest(std::size_t inputs, const random_cut_options& how) {
  return std::make_shared<cut_forest>(inputs, how);
}

} // namespace weir::models::online
