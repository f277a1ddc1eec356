#pragma once

#include "core/cluster/goal.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace weir::core {

/// A kind of request that an operator makes of a pipeline, on all its nodes: `weir ctl NAME`,
/// `POST /api/v1/control/NAME`. One that sets something bears `{"name": ..., "value": ...}`. A kind is one file in
/// core/cluster/verbs/ and one line in its table.
struct control_verb {
  std::string_view name;
  std::string_view help;        ///< one line
  std::optional<goal> wants{};  ///< of the pipeline, from now on; nothing: it changes a setting
  std::string_view arguments{}; ///< an example of what stands behind `weir ctl NAME`
};

/// All of them, in the order in which they are shown.
std::span<const control_verb* const> control_verbs() noexcept;

/// Null: there is none of that name.
const control_verb* find_control_verb(std::string_view name) noexcept;

} // namespace weir::core
