#pragma once

#include "config/kind.hpp"

namespace weir::config {

/// All kinds that a pipeline file may hold. Kinds stand in layers above this one, so whoever reads a file says which
/// there are.
struct catalogue {
  step_family transforms; ///< `preprocess`
  step_family windows;    ///< `aggregate`
  step_family models;     ///< `infer`
  step_family detectors;  ///< `detect`
};

} // namespace weir::config
