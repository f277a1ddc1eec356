#pragma once

#include "core/base/result.hpp"
#include "io/kafka/client.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace weir::io {

/// Where a supervisor can be reached, as it says itself.
struct announcement {
  std::string node;
  std::string host;
  std::uint16_t port = 0;
  std::uint64_t incarnation = 0; ///< of its process
  std::int64_t term = -1;        ///< the record's offset: a later supervisor has a higher one; set by poll()
};

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
