#pragma once

#include "config/lane_plan.hpp"
#include "core/cluster/cluster_messages.hpp"

#include <cstdint>
#include <string>

namespace weir::io {

/// What a pipeline scores with, as JSON: the models of this node, how a change of models stands, and from which offset
/// on each lane has which choice of models.
/// @param slots where models score
/// @param now what this node scores with
std::string describe_models(const std::string& pipeline, const std::vector<models::model_slot>& slots,
                            const config::model_set& now, const core::cluster_view& view);

/// The number of a wish as people and programs see it: 16 hexadecimal digits.
std::string wish_text(std::uint64_t id);

} // namespace weir::io
