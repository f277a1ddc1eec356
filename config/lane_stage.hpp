#pragma once

#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"
#include "core/transform/transform.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <variant>
#include <vector>

namespace weir::config {

/// What a lane runs in order.
struct stateful_step {
  std::vector<core::state_need> needs{}; ///< one a table
  /// One for each lane. @param bytes that each table may hold
  std::function<std::shared_ptr<core::ordered_operator>(std::span<const std::uint64_t> bytes)> make;
};

/// Where models score: an index of lane_plan::slots.
struct model_place {
  std::size_t slot = 0;
};

/// What needs no order.
using pooled_step = std::variant<core::transform_ptr, model_place>;

/// What a lane does with its batches one behind the other, and then whoever is free does with each of them.
struct lane_stage {
  std::vector<stateful_step> in_order; ///< may be empty in the first stage alone, and in the last
  std::vector<pooled_step> pooled;     ///< empty in the last stage alone
};

} // namespace weir::config
