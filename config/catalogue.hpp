#pragma once

#include "config/endpoint.hpp"
#include "config/kind.hpp"

#include <array>

namespace weir::config {

/// All kinds that a pipeline file may hold. Kinds stand in layers above this one, so whoever reads a file says which
/// there are.
struct catalogue {
  std::span<const source_kind* const> sources;
  std::span<const sink_kind* const> sinks;
  step_family transforms; ///< `preprocess`
  step_family windows;    ///< `aggregate`
  step_family inferences; ///< `infer`
  step_family detectors;  ///< `detect`
  step_family drifts;     ///< `drift`
};

/// All families of steps, in the order of their sections.
inline std::array<const step_family*, 5> step_families(const catalogue& of) {
  return {&of.transforms, &of.windows, &of.inferences, &of.detectors, &of.drifts};
}

} // namespace weir::config
