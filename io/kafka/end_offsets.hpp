#pragma once

#include "core/base/result.hpp"
#include "io/end_offsets.hpp"
#include "io/kafka/client.hpp"

#include <memory>
#include <string>

namespace weir::io {

/// Asks the brokers of a topic, by a client of its own: the group's must be polled meanwhile, and what it remembers of
/// a partition that nobody reads stands still. Open transactions lie in front of the end.
core::result<std::unique_ptr<end_offsets>> open_end_offsets(const kafka_properties& properties,
                                                            const std::string& topic);

} // namespace weir::io
