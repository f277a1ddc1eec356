#pragma once

#include "core/commit/label_place.hpp"
#include "io/record_source.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::io {

/// A topic that lanes read beside their source, outside of its consumer group.
class label_topic {
public:
  virtual ~label_topic() = default;

  virtual const std::string& name() const noexcept = 0;

  /// A partition from that offset on; without one, from its beginning. One at a time for each partition.
  virtual record_source_ptr open(core::partition_id partition, std::optional<core::offset> from) = 0;
};

/// The labels of one lane: blocks that were read, until they go with a batch.
class label_reader {
public:
  label_reader(std::string topic, record_source_ptr source) : topic_{std::move(topic)}, source_{std::move(source)} {}

  void on_ready(std::function<void()> wake_up) { source_->on_ready(std::move(wake_up)); }

  /// Reads one block, unless as much as `limits` waits already.
  void read(const read_limits& limits) {
    if (bytes_ >= limits.bytes)
      return;
    auto block = source_->read(limits);
    if (!block)
      return;
    bytes_ += block->footprint();
    records_ += block->size();
    blocks_.push_back(std::move(block));
  }

  bool empty() const noexcept { return blocks_.empty(); }
  std::size_t bytes() const noexcept { return bytes_; }     ///< of all that wait
  std::size_t records() const noexcept { return records_; } ///< the same

  /// All that wait; they are the lane's from now on.
  std::vector<core::raw_block_ptr> take() {
    moved_ = moved_ || !blocks_.empty();
    if (!blocks_.empty())
      next_ = core::offset{blocks_.back()->offsets.back() + 1};
    bytes_ = records_ = 0;
    return std::exchange(blocks_, {});
  }

  /// At a barrier: notes in the lane's state how far labels were taken. False: no further than at the one before.
  bool note(core::record_block& changes) {
    if (!moved_)
      return false;
    changes.append(core::label_place_key, core::encode_label_place({topic_, next_}));
    moved_ = false;
    return true;
  }

  std::optional<core::error> failure() const { return source_->failure(); }

private:
  std::string topic_;
  record_source_ptr source_;
  core::offset next_{}; ///< behind what was taken
  std::vector<core::raw_block_ptr> blocks_;
  std::size_t bytes_ = 0;
  std::size_t records_ = 0;
  bool moved_ = false;
};

} // namespace weir::io
