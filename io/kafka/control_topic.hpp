#pragma once

#include "core/base/result.hpp"
#include "core/cluster/announcement.hpp"
#include "io/kafka/client.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace weir::io {

using core::announcement;

/// `<pipeline>-control`: one partition, and whoever the consumer group gave it to announces itself in it as supervisor.
/// All nodes read it, beside the group. No call blocks; not thread-safe.
class control_topic {
public:
  virtual ~control_topic() = default;

  /// The newest announcement, when there is one that it has not told yet.
  virtual std::optional<announcement> poll() = 0;

  /// Appends an announcement; it is tried until it succeeds, and then comes out of poll().
  virtual void announce(const announcement& self) = 0;
};

core::result<std::unique_ptr<control_topic>> open_control_topic(const kafka_properties& properties,
                                                                const std::string& topic);

std::string encode(const announcement& self);

/// `term` stays as it is. An error for a record that no version of weir has written.
core::result<announcement> decode_announcement(std::string_view text);

} // namespace weir::io
