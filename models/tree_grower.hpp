#pragma once

#include "models/feature_bins.hpp"
#include "models/trainer.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace weir::models {

/// Grows one tree of a forest. Reusable, for one thread.
class tree_grower {
public:
  /// All must outlive it. @param targets centred, which keeps sums of squares exact
  tree_grower(const std::vector<feature_bins>& bins, const std::vector<double>& targets, const forest_options& options);

  struct grown_tree {
    decision_tree nodes;
    std::vector<double> leaf_means; ///< by tree_node::leaf
  };

  /// The same seed grows the same tree.
  grown_tree grow(std::uint64_t seed);

private:
  struct sample {
    std::uint32_t row;
    std::uint32_t count; ///< how often it was drawn
    double target;
  };

  /// A node whose split is still to be found.
  struct open_node {
    std::uint32_t at;
    std::size_t begin; ///< of its samples
    std::size_t end;
    std::size_t depth;
  };

  struct split {
    std::uint32_t feature = 0;
    std::uint8_t last_left = 0; ///< bin
    std::uint8_t first_right = 0;
    double score = 0;
  };

  struct bin_sum {
    double count = 0;
    double target = 0;
  };

  struct totals {
    double count = 0;
    double target = 0;
    bool is_pure = true;
  };

  void draw();
  std::size_t below(std::size_t bound);
  totals add_up(const open_node& node) const;
  bool is_leaf(const open_node& node, const totals& all) const;
  std::optional<split> find_split(const open_node& node, const totals& all);
  bool improve(split& best, bool has_best, std::uint32_t feature, const open_node& node, const totals& all);
  std::size_t partition(const open_node& node, const split& by);

  const std::vector<feature_bins>& bins_;
  const std::vector<double>& targets_;
  const forest_options& options_;
  std::size_t features_of_split_;
  std::mt19937_64 random_;
  std::vector<sample> samples_;
  std::vector<sample> right_;          ///< scratch of partition()
  std::vector<std::uint32_t> order_;   ///< of the features, shuffled from split to split
  std::vector<bin_sum> sums_;          ///< of a feature's bins; all zero between splits
  std::vector<std::uint8_t> occupied_; ///< bins that have samples
};

} // namespace weir::models
