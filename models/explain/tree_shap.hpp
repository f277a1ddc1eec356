#pragma once

#include "core/base/result.hpp"
#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::models {

/// How much each feature has moved what the trees say of a row from what they say of rows as a whole: SHAP values,
/// path-dependent (TreeSHAP: Lundberg, Erion and Lee 2018, "Consistent Individualized Feature Attribution for Tree
/// Ensembles", algorithm 2). For each output, the expected value and the values of all features add up to the sum of
/// the leaves. Immutable, shared by threads.
class tree_shap {
public:
  /// @param features which feature each column that the trees compare is made of; the values of columns of one
  /// feature are added up @param count of the features
  /// @pre check(ensemble)
  /// Fails where the trees are not summed up, or do not say how many rows went through each node.
  static core::result<tree_shap> make(tree_ensemble ensemble, std::vector<std::uint32_t> features, std::size_t count);

  std::size_t features() const noexcept { return count_; }
  std::size_t outputs() const noexcept { return ensemble_.outputs; }

  /// What is expected of a row that nothing is known of, for each output.
  const std::vector<double>& expected() const noexcept { return expected_; }

  /// @param columns a column for each that the trees compare @tparam T float, or double where they compare doubles
  /// @param values a column for each feature of the first output, then of the second, ...; overwritten
  template <class T>
  void explain(const T* const* columns, std::size_t rows, double* const* values) const;

private:
  tree_shap(tree_ensemble ensemble, std::vector<std::uint32_t> features, std::size_t count);

  tree_ensemble ensemble_;
  std::vector<std::uint32_t> features_;
  std::size_t count_;
  std::size_t depth_ = 0; ///< of splits
  double scale_ = 1;      ///< of leaves: of an average, one over the trees
  std::vector<double> expected_;
};

/// Whether the covers of a tree are there and those of children add up to their parent's: else nobody has counted.
bool has_covers(const tree_ensemble& ensemble);

} // namespace weir::models
