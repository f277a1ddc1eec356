#pragma once

#include "core/drift/shape_moments.hpp"

#include <cstdint>
#include <optional>
#include <type_traits>

namespace weir::core {

struct estimated_accuracy_options {
  std::uint32_t baseline_size = 5000; ///< the first predictions, which later windows are compared with
  std::uint32_t window = 1000;        ///< predictions
  double threshold = 0.5;             ///< from which probability on a model of two classes chooses the second one
  bool is_of_chosen = false;          ///< the probability is that of the class that was chosen
  double alpha = 0.005;               ///< how probable a false alarm of a window may be
  double least_drop = 0.02;           ///< what a window's accuracy has to lie below the baseline's
};

/// What the end of a window says.
struct accuracy_verdict {
  double accuracy = 0; ///< that is expected of the window
  double baseline = 0; ///< of the baseline
  bool has_fallen = false;
};

/// How often a classifier is right, estimated without any truth from its own probabilities: a prediction made with
/// probability p is right so often, so their mean is the accuracy that is expected (confidence-based performance
/// estimation, CBPE, as NannyML describes it). It holds as far as the probabilities are calibrated, and where the
/// inputs have changed but not what follows from them. A window's mean is compared with the baseline's by Welch's test.
/// Plain bytes, all zero in the beginning.
class estimated_accuracy {
public:
  /// @param probability from 0 to 1 @returns a verdict with the last prediction of a window
  std::optional<accuracy_verdict> add(double probability, const estimated_accuracy_options& options);

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  shape_moments baseline_;
  shape_moments window_;
};

static_assert(
    std::is_trivially_copyable_v<estimated_accuracy> && std::is_trivially_default_constructible_v<estimated_accuracy>);

} // namespace weir::core
