#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"
#include "io/record_source.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::io {

/// A source without a consumer group: a node takes all its partitions up. A file is one.
class feed {
public:
  virtual ~feed() = default;

  /// The names of the fields; empty where the format has no header.
  virtual const std::vector<std::string>& header() const noexcept = 0;

  /// One for each partition; all are made before start().
  virtual record_source_ptr partition(core::partition_id id) = 0;

  /// Starts reading; records below a partition's offset in `from` are passed over.
  virtual void start(const std::map<core::partition_id, core::offset>& from) = 0;

  /// Why it could not be read to its end. To be asked when a partition is exhausted.
  virtual std::optional<core::error> failure() const = 0;

  /// Reads no more; what has been read stays readable.
  virtual void stop() = 0;
};

} // namespace weir::io
