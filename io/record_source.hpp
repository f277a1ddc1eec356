#pragma once

#include "core/base/result.hpp"
#include "core/batch/raw_block.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace weir::io {

/// How much one read() may take.
struct read_limits {
  std::size_t records = 4096;
  std::size_t bytes = 1u << 20;
};

/// One partition of whatever is being read. Kafka, a file and the fakes of the tests are all this.
class record_source {
public:
  virtual ~record_source() = default;

  /// Reads without blocking: at least one record if there is one, however large; null when nothing is there now. After
  /// null, the wake-up is called as soon as there is something.
  virtual core::raw_block_ptr read(const read_limits& limits) = 0;

  /// Called from another thread whenever records may have come. Set before the first read().
  virtual void on_ready(std::function<void()> wake_up) = 0;

  /// True when nothing will ever come again: the end of a file, never of a topic.
  virtual bool exhausted() const = 0;

  /// The offset after the partition's last record, as far as it is known; -1 when it is not.
  virtual std::int64_t high_watermark() const = 0;

  /// The offset in front of which nothing is left to read: what stands there and was not handed out never will be (it
  /// was aborted, or belongs to the protocol). -1: it is not known.
  virtual std::int64_t end_reached() const { return -1; }

  /// Why read() gives nothing more, although the source is not at its end. Nothing: it may.
  virtual std::optional<core::error> failure() const { return std::nullopt; }
};

using record_source_ptr = std::unique_ptr<record_source>;

} // namespace weir::io
