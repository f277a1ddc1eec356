#pragma once

#include "core/cluster/contest.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace weir::core {

/// The models of a place where two may be compared, each by a hash of its file; 0: there is none.
struct contest_models {
  std::uint64_t champion = 0;
  std::uint64_t challenger = 0;
};

/// Where figures go of models that have scored a batch: what is known later of it counts for the same contest. All
/// calls are thread-safe.
class contest_counters {
public:
  virtual ~contest_counters() = default;

  /// @param slot the model's place, in the order of the pipeline
  virtual contest_models models_at(std::size_t slot) const = 0;
  virtual void count(std::size_t slot, const contest_figures& more) const = 0;
};

using contest_counters_ptr = std::shared_ptr<const contest_counters>;

} // namespace weir::core
