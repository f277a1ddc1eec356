#include "models/onnx/class_scores.hpp"
#include "models/onnx/operator.hpp"

#include <array>

namespace weir::models {

namespace {

/// The columns stay where they are: what a scorer needs is which label each belongs to.
core::result<std::vector<tensor>> read(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  auto labels = read_labels(from, "classlabels_int64s", "classlabels_strings");
  if (!labels)
    return tl::unexpected{labels.error()};
  auto made = from.input(0);
  if (made.is_constant() || made.columns.size() != size_of(**labels))
    return core::fail("a ZipMap names " + std::to_string(size_of(**labels)) + " of "
                      + std::to_string(made.columns.size()) + " columns");
  made.labels = *std::move(labels);
  return std::vector{std::move(made)};
}

constexpr std::array all{
    onnx_operator{"ZipMap", "ai.onnx.ml", "names the probabilities of a classifier by its labels", read}};

} // namespace

constexpr operator_family operators::zip_map{all};

} // namespace weir::models
