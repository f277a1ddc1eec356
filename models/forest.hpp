#pragma once

#include "core/base/result.hpp"
#include "models/forest_walk.hpp"
#include "models/nested_sets.hpp"
#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::models {

/// A tree ensemble flattened for speed. Immutable, shared by threads.
///
/// A feature is compared with few distinct thresholds: each value is replaced once by its rank among them (a code of 15
/// bits), which makes a node four bytes and keeps every choice of a leaf exact. Groups of 64 rows go through a tree
/// together: the first five levels by comparing all rows with all nodes, in vectors, the others branch-free. Trees near
/// their full size are heaps without pointers; unbalanced ones are linked. A few rows go one by one, each through
/// several trees at a time.
class forest {
public:
  static constexpr std::size_t group_size = walk::group;

  /// With fewer rows than this, each goes by itself.
  static constexpr std::size_t least_group = 12;

  /// @pre check(ensemble)
  /// Fails when the trees use too many features (4,095; sets of categories that are not in each other count as such),
  /// test for numbers that are no small whole ones, or are not summed up: see plain_trees.
  static core::result<forest> make(const tree_ensemble& ensemble);

  std::size_t features() const noexcept { return features_; }
  std::size_t outputs() const noexcept { return outputs_; }

  /// Adds the leaves that each row falls into, in the order of the trees, in double.
  /// @param columns a column of values for each feature @tparam T float, or double where the trees compare doubles
  /// @param sums a column for each output; overwritten
  template <class T>
  void predict(const T* const* columns, std::size_t rows, double* const* sums) const;

  /// The same with a walk of the caller's choice, for tests and benchmarks.
  template <class T>
  void predict(const T* const* columns, std::size_t rows, double* const* sums, const walk::functions& walk) const;

  /// Bytes held.
  std::size_t footprint() const noexcept;

private:
  friend class forest_builder;

  /// A feature as codes: how many of `thresholds` are less than the value.
  struct channel {
    std::uint32_t feature = 0;
    bool missing_goes_left = false;
    std::vector<float> thresholds{};       ///< ascending, distinct
    std::vector<double> wide_thresholds{}; ///< of trees that compare doubles, in place of the others
    nested_sets sets{};                    ///< of tests of membership, in place of both

    bool has_sets() const noexcept { return sets.count > 0; }
    std::size_t size() const noexcept { return thresholds.size() + wide_thresholds.size() + sets.count; }
  };

  struct tree {
    std::size_t begin = 0;    ///< in `words_`: a heap, complete or of the first levels
    std::uint32_t levels = 0; ///< of splits
    bool is_linked = false;   ///< the heap's leaves are then indices into `nodes_`
  };

  template <class T>
  void encode(const T* const* columns, std::size_t begin, std::size_t rows, std::uint16_t* codes,
              const walk::functions& walk) const;
  template <class T>
  static void encode_members(const channel& c, const T* values, std::uint16_t* codes);
  template <class T>
  void encode_row(const T* const* columns, std::size_t row, std::uint16_t* codes) const;
  template <class T>
  void predict_row(const T* const* columns, std::size_t row, double* const* sums) const;
  void add_leaves(const tree& t, const std::uint16_t* codes, std::size_t begin, std::size_t rows, double* const* sums,
                  const walk::functions& walk) const;
  void add_leaf(std::uint32_t word, std::size_t row, double* const* sums) const;

  std::size_t features_ = 0;
  std::size_t outputs_ = 1;
  bool has_values_ = true; ///< a leaf's word is its value, as float; else its number
  std::vector<channel> channels_;
  std::vector<tree> trees_;
  std::vector<std::uint32_t> words_;       ///< splits and leaves of heaps; the root of one is its word 1
  std::vector<walk::linked_node> nodes_;   ///< of linked trees
  std::vector<std::uint32_t> node_leaves_; ///< for each of `nodes_`: the leaf's word
  std::vector<std::uint32_t> leaf_begins_; ///< as in tree_ensemble, unless words have the values
  std::vector<leaf_value> leaf_values_;
};

} // namespace weir::models
